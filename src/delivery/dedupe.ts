import type { Clock } from '../clock.ts'

/** Remembers what was seen. */
export type Seen = {
  /** Whether this key is new; from now on it is not. */
  readonly first: (key: string) => boolean
}

/** Chat services redeliver within minutes; a day covers a service's own outage as well. */
const keepFor = 24 * 60 * 60_000
const keepAtMost = 50_000

/**
 * Tells the first delivery of an event from the ones that follow, for 24 hours and the latest 50,000 events.
 */
export const createSeen = (clock: Clock): Seen => {
  /** In order of time: a Map keeps the order of insertion. */
  const times = new Map<string, number>()

  const forget = (now: number): void => {
    for (const [key, time] of times) {
      if (now - time < keepFor && times.size <= keepAtMost) return
      times.delete(key)
    }
  }

  return {
    first: (key) => {
      if (times.has(key)) return false
      const now = clock.monotonic()
      times.set(key, now)
      forget(now)
      return true
    },
  }
}
