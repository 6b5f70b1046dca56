import { closeSync, fdatasync, openSync } from 'node:fs'

/** Brings what was written to a file to the disk itself, beside the event loop. */
export type DiskSync = {
  /** Settles when all that was written before this call has reached the disk, or `onFailure` has been told that it cannot. */
  readonly reached: () => Promise<void>
  readonly close: () => void
}

/** Those who ask within so many ms share one wait; what is done about a message meanwhile is not held up by waking a thread. */
const gather = 2

/**
 * One wait for the disk serves all who ask before it begins: a thousand messages at once cost a few.
 * The file is opened when it is first asked for, and need not be there before. SQLite's locks are on other files than its write-ahead log:
 * to open and close that beside it harms nothing.
 */
export const createDiskSync = (
  path: string,
  onFailure: (error: unknown) => void,
): DiskSync => {
  let file: number | undefined
  let closed = false
  /** Whoever asks now is served by it: it has not begun. */
  let next: Promise<void> | undefined
  let running: Promise<void> = Promise.resolve()

  const sync = (): Promise<void> =>
    new Promise((resolve, reject) => {
      next = undefined
      // Closed in good order: SQLite itself has brought everything to the disk by then.
      if (closed) return resolve()
      file ??= openSync(path, 'r+')
      fdatasync(file, (error) => error && !closed ? reject(error) : resolve())
    })

  const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, gather))

  return {
    reached: () => {
      if (next !== undefined) return next
      next = running = Promise.all([running, later()]).then(sync).catch(onFailure)
      return next
    },
    close: () => {
      closed = true
      const last = file
      file = undefined
      if (last === undefined) return
      // A wait that is under way still has the number of the file in its hands.
      void running.then(() => closeSync(last))
    },
  }
}
