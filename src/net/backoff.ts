import type { Clock } from '../clock.ts'

/** Between which waits a back-off moves, in ms. */
export type BackoffBounds = { readonly initial: number; readonly cap: number }

/** From half a second up to one a minute: what is promised for every connection that comes back by itself. */
const standard: BackoffBounds = { initial: 500, cap: 60_000 }

/**
 * How long to wait, in ms, after so many failures in a row (1 after the first): anything between
 * `initial` and a ceiling that doubles with each failure up to `cap`. The wide spread keeps many
 * clients of one server from coming back all at once.
 */
export const fullJitter = (
  failures: number,
  clock: Pick<Clock, 'random'>,
  { initial, cap }: BackoffBounds = standard,
): number => {
  const ceiling = Math.min(cap, initial * 2 ** Math.max(failures, 0))
  return initial + clock.random() * (ceiling - initial)
}

/** The waits of one thing that is tried again and again. */
export type Backoff = {
  /** Counts a failure and waits for it; rejects with the signal's reason as soon as `signal` aborts. */
  readonly wait: (signal?: AbortSignal) => Promise<void>
  /**
   * The next wait is a short one again. Call it only when a connection has proved itself: to accept
   * and to drop at once is what a broken server does all day.
   */
  readonly reset: () => void
  /** Failures since the last reset. */
  readonly failures: () => number
}

/** A back-off that begins with its shortest wait. */
export const backoff = (
  { clock, initial = standard.initial, cap = standard.cap }:
    & { readonly clock: Clock }
    & Partial<BackoffBounds>,
): Backoff => {
  let failures = 0
  return {
    wait: (signal) => clock.sleep(fullJitter(++failures, clock, { initial, cap }), signal),
    reset: () => {
      failures = 0
    },
    failures: () => failures,
  }
}
