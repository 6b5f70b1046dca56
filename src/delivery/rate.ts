import type { Clock } from '../clock.ts'

/** When the next message of a channel may go out. */
export type Rate = {
  /** ms to wait before the next message into this channel; taking it counts as sending. */
  readonly take: (channel: string, perSecond: number) => number
}

/** A short burst goes out at once: what a channel may take in this many seconds. */
const burst = 4
const rememberAtMost = 10_000

/**
 * A token bucket for each channel, in the form of the time at which it will be full again (the "generic cell rate
 * algorithm": one number a channel, no timers).
 */
export const createRate = (clock: Clock): Rate => {
  const fullAt = new Map<string, number>()

  const forget = (now: number): void => {
    if (fullAt.size <= rememberAtMost) return
    for (const [channel, time] of fullAt) if (time <= now) fullAt.delete(channel)
  }

  return {
    take: (channel, perSecond) => {
      const now = clock.monotonic()
      const cost = 1000 / perSecond
      const capacity = Math.max(cost, burst * 1000)
      const before = Math.max(fullAt.get(channel) ?? now, now)
      const wait = Math.max(0, before + cost - now - capacity)
      fullAt.set(channel, before + cost)
      forget(now)
      return wait
    },
  }
}
