import { type Backtracker, BacktrackingTooSlow, type Captures } from './matcher.ts'
import { createRests, mostSlow } from './rests.ts'

export type BacktrackQuestion = {
  readonly id: number
  readonly pattern: string
  readonly subject: string
  readonly all: boolean
}

export type BacktrackAnswer =
  | { readonly id: number; readonly found: readonly Captures[] }
  | { readonly id: number; readonly failure: string }

/** As much of a Worker as is needed here. */
export type BacktrackWorker =
  & Pick<Worker, 'postMessage' | 'terminate' | 'onmessage' | 'onerror'>
  & {
    readonly unref?: () => void
    readonly ref?: () => void
  }

export type BacktrackerOptions = {
  readonly start?: () => BacktrackWorker
  /** Milliseconds that one match may take, counted from when the Worker has shown itself alive. */
  readonly deadline?: number
  /** ms of a clock that never goes back. */
  readonly now?: () => number
  /** A pattern has taken too long a few times within a minute, and is not tried for the rest of that. */
  readonly onRest?: (pattern: string) => void
}

/** A Backtracker with a Worker behind it, and the way to end that Worker. */
export type WorkerBacktracker = Backtracker & { readonly close: () => void }

/**
 * Runs hard formats in a Worker, one after another, each with its own deadline (200 ms unless told). A match that takes longer is
 * ended together with its Worker and rejects with BacktrackingTooSlow; the next one gets a new Worker. A pattern to which that happens
 * again and again rests, and rejects at once meanwhile.
 * The Worker starts with the first match and does not keep the process alive.
 */
export function createBacktracker(options: BacktrackerOptions = {}): WorkerBacktracker {
  const { start = startWorker, deadline = 200, now = () => performance.now(), onRest } = options
  const rests = createRests(now, onRest ?? (() => {}))
  let worker: BacktrackWorker | undefined
  let queue: Promise<unknown> = Promise.resolve()
  let lastId = 0

  const end = () => {
    worker?.terminate()
    worker = undefined
  }

  const ask = (
    running: BacktrackWorker,
    question: Omit<BacktrackQuestion, 'id'>,
    limit: number,
    onLate = () => {},
  ): Promise<readonly Captures[]> =>
    new Promise((resolve, reject) => {
      const id = ++lastId
      const fail = (reason: string) => {
        clearTimeout(timer)
        running.onmessage = null
        end()
        reject(new BacktrackingTooSlow(reason))
      }
      const timer = setTimeout(() => {
        onLate()
        fail(`no answer within ${limit} ms`)
      }, limit)
      running.ref?.()
      running.onerror = (event) => fail(`its matcher failed: ${event.message}`)
      running.onmessage = (event: MessageEvent<BacktrackAnswer>) => {
        if (event.data.id !== id) return
        clearTimeout(timer)
        running.unref?.()
        if ('found' in event.data) return resolve(event.data.found)
        reject(new BacktrackingTooSlow(`this text is too hard for it (${event.data.failure})`))
      }
      running.postMessage({ id, ...question })
    })

  const match = async (pattern: string, subject: string, all: boolean) => {
    const left = rests.left(pattern)
    if (left > 0) {
      const seconds = Math.ceil(left / 1000)
      throw new BacktrackingTooSlow(
        `it took too long for ${mostSlow} texts within a minute and is tried again in ${seconds} s`,
      )
    }
    if (worker === undefined) {
      worker = start()
      // The start of a Worker must not eat into the deadline of the first match; 10 s is for a host on its knees.
      await ask(worker, { pattern: '', subject: '', all: false }, 10_000)
    }
    const onLate = () => rests.tooSlow(pattern)
    return await ask(worker, { pattern, subject, all }, deadline, onLate)
  }

  return {
    match: (pattern, subject, all) => {
      const result = queue.then(() => match(pattern, subject, all))
      queue = result.catch(() => {})
      return result
    },
    close: end,
  }
}

/**
 * In the compiled executable the Worker is an entry point of its own, which lies where it lies in the project; from sources it
 * lies beside this file, whatever the project's folder is called.
 */
const startWorker = (): BacktrackWorker =>
  new Worker(
    import.meta.url.includes('/$bunfs/')
      ? 'file:///$bunfs/root/src/alias/backtrack-worker.ts'
      : new URL('./backtrack-worker.ts', import.meta.url).href,
  )
