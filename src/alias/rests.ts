/** Keeps formats that take too long from taking the time of all others: they rest for a while. */
export type Rests = {
  /** How many ms a pattern has still to rest; 0: it may be tried. */
  readonly left: (pattern: string) => number
  /** It took too long for one text. */
  readonly tooSlow: (pattern: string) => void
}

/** So many texts may take a pattern its whole deadline within so many ms: with 200 ms each, that is a hundredth of the time. */
export const mostSlow = 3
const within = 60_000

/** `now`: ms of a clock that never goes back; `onRest` is told each time that a pattern begins to rest. */
export const createRests = (now: () => number, onRest: (pattern: string) => void): Rests => {
  /** When the last few texts took it too long, oldest first. */
  const slow = new Map<string, readonly number[]>()

  const recent = (pattern: string): readonly number[] =>
    (slow.get(pattern) ?? []).filter((at) => at > now() - within)

  return {
    left: (pattern) => {
      if (!slow.has(pattern)) return 0
      const times = recent(pattern)
      const [oldest] = times
      if (oldest === undefined) slow.delete(pattern)
      return oldest === undefined || times.length < mostSlow ? 0 : oldest + within - now()
    },
    tooSlow: (pattern) => {
      const times = [...recent(pattern), now()]
      slow.set(pattern, times)
      if (times.length === mostSlow) onRest(pattern)
    },
  }
}
