import type { Clock } from '../../src/clock.ts'

/** A clock that stands still until a test moves it. */
export type ManualClock = Clock & {
  /** Moves time on, waking every sleeper on the way in its turn. */
  readonly advance: (ms: number) => Promise<void>
  readonly sleepers: () => number
}

/** Lets everything that is ready to run do so; the journal commits once a turn of the event loop. */
export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 8; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** `random` is what jitter sees: 1 would wait for as long as it may. */
export const createManualClock = (start = 1_700_000_000_000, random = 0.5): ManualClock => {
  let time = 0
  const sleepers = new Set<{ readonly at: number; readonly wake: () => void }>()
  return {
    now: () => start + time,
    monotonic: () => time,
    random: () => random,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const sleeper = { at: time + ms, wake: resolve }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', () => {
          if (sleepers.delete(sleeper)) reject(signal.reason)
        }, { once: true })
      }),
    sleepers: () => sleepers.size,
    advance: async (ms) => {
      const end = time + ms
      for (;;) {
        await settle()
        const next = [...sleepers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
        if (next === undefined) break
        time = Math.max(time, next.at)
        sleepers.delete(next)
        next.wake()
      }
      time = end
      await settle()
    },
  }
}
