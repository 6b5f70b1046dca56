/**
 * Time and chance as an argument, so that a test can hold both in its hand.
 */
export type Clock = {
  /** Milliseconds since 1970-01-01 UTC; may jump when the host's time is set. */
  readonly now: () => number
  /** Milliseconds that only ever grow: for deadlines and durations. */
  readonly monotonic: () => number
  /** A number in [0, 1), for jitter. */
  readonly random: () => number
  /**
   * Resolves after `ms` milliseconds; rejects with the signal's reason as soon as `signal` aborts.
   */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
}

/** A timer of the engine takes no more ms; with more it ends at once. */
const longestTimer = 2 ** 31 - 1

/** The host's own clock. */
export const systemClock: Clock = {
  now: Date.now,
  monotonic: () => performance.now(),
  random: Math.random,
  sleep: (ms, signal) => ms > longestTimer ? sleepLong(ms, signal) : nap(ms, signal),
}

const sleepLong = async (ms: number, signal: AbortSignal | undefined): Promise<void> => {
  let left = ms
  for (; left > longestTimer; left -= longestTimer) await nap(longestTimer, signal)
  await nap(left, signal)
}

const nap = (ms: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const abort = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort)
      resolve()
    }, ms)
    signal?.addEventListener('abort', abort, { once: true })
  })
