import { closeSync, fdatasync, openSync } from 'node:fs'

/** Brings what was written to a file to the disk itself, beside the event loop. */
export type DiskSync = {
  /** Settles when all that was written before this call has reached the disk; rejects when the disk does not take it. */
  readonly reached: () => Promise<void>
  readonly close: () => void
}

/**
 * One wait for the disk serves all who ask while the one before is under way: a thousand messages at once cost a few.
 * The file is opened when it is first asked for, and need not be there before. SQLite's locks are on other files than its write-ahead log:
 * to open and close that beside it harms nothing.
 */
export const createDiskSync = (path: string): DiskSync => {
  let file: number | undefined
  let closed = false
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined

  const start = (): Promise<void> => {
    next = undefined
    running = new Promise<void>((resolve, reject) => {
      // Closed in good order: SQLite itself has brought everything to the disk by then.
      if (closed) return resolve()
      file ??= openSync(path, 'r+')
      fdatasync(file, (error) => error && !closed ? reject(error) : resolve())
    }).finally(() => {
      running = undefined
    })
    return running
  }

  return {
    reached: () => {
      if (running === undefined) return start()
      next ??= running.then(start, start)
      return next
    },
    close: () => {
      closed = true
      const last = file
      file = undefined
      if (last === undefined) return
      // A wait that is under way still has the number of the file in its hands.
      const closeFile = () => closeSync(last)
      if (running === undefined) closeFile()
      else void running.then(closeFile, closeFile)
    },
  }
}
