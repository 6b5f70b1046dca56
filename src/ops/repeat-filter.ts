import type { Clock } from '../clock.ts'

/** How long the same line is held back: Vector's window for its own log. */
const windowSeconds = 10

/** More different lines than this within one window are not remembered: the memory stays small under a flood. */
const remembered = 1_000

type Held<Item> = {
  readonly item: Item
  readonly until: number
  count: number
  /** Of the repetitions; a line that comes once has none. */
  timer?: AbortController
}

export type RepeatFilter<Item> = {
  /** True if this is the first with its key in the window; else it is counted. */
  readonly pass: (key: string, item: Item) => boolean
  /** Reports what is held back and forgets everything. */
  readonly close: () => void
}

/**
 * Lets the first of equal lines through and counts the others; `report` gets the count when the window is over.
 */
export const createRepeatFilter = <Item>(
  { clock, report }: {
    clock: Clock
    report: (item: Item, count: number, seconds: number) => void
  },
): RepeatFilter<Item> => {
  const held = new Map<string, Held<Item>>()

  const settle = (key: string) => {
    const entry = held.get(key)
    if (entry === undefined) return
    held.delete(key)
    entry.timer?.abort()
    if (entry.count > 0) report(entry.item, entry.count, windowSeconds)
  }

  const pass = (key: string, item: Item): boolean => {
    const now = clock.monotonic()
    const entry = held.get(key)
    if (entry !== undefined && now < entry.until) {
      entry.count += 1
      // The timer starts with the first repetition: a line that comes once costs none, and holds no process open.
      if (entry.timer === undefined) {
        entry.timer = new AbortController()
        clock.sleep(entry.until - now, entry.timer.signal).then(() => settle(key), () => {})
      }
      return false
    }
    settle(key)
    if (held.size >= remembered) {
      const [oldest] = held.keys()
      if (oldest !== undefined) settle(oldest)
    }
    held.set(key, { item, count: 0, until: now + windowSeconds * 1_000 })
    return true
  }

  return { pass, close: () => [...held.keys()].forEach(settle) }
}
