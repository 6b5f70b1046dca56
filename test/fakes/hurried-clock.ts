import { type Clock, systemClock } from '../../src/clock.ts'

/** No sleep lasts longer than this, in ms. */
const longest = 10

/**
 * The host's clock with short sleeps: what backs off for a minute is back at once, and `waits` tells how long it
 * meant to wait, in ms. Whoever sleeps until a time must look at the clock again, as with every clock.
 */
export const hurriedClock = (): Clock & { readonly waits: readonly number[] } => {
  const waits: number[] = []
  return {
    ...systemClock,
    waits,
    sleep: (ms, signal) => {
      waits.push(ms)
      return systemClock.sleep(Math.min(ms, longest), signal)
    },
  }
}
