import type { Clock } from '../../src/clock.ts'

/** Lets one at a time write, in the order in which they came, and no faster than a network takes it. */
export type Pace = {
  /** Does `work` when it is its turn; the next one waits until it has settled. Rejects as `work` does. */
  readonly turn: <Value>(work: () => Promise<Value>) => Promise<Value>
}

export type PaceOptions = {
  readonly clock: Clock
  readonly signal: AbortSignal
  /** ms between two turns; undefined: a burst goes out at once, then one a second. */
  readonly apart: number | undefined
}

/**
 * Servers work off what a client writes at one line in one to two seconds after a burst of five to ten (RFC 1459, 8.10), and
 * end the connection of who writes more than they keep. That cannot happen here, because each line waits for the answer to
 * the one before; this is what channels and their guards bear.
 */
const burst = 5
const usual = 1_000

/** Turns are taken in their order, so that a long message and a short one to another channel take turns line by line. */
export const createPace = ({ clock, signal, apart }: PaceOptions): Pace => {
  const cost = apart ?? usual
  const ahead = apart === undefined ? (burst - 1) * usual : 0
  let last: Promise<unknown> = Promise.resolve()
  /** When the burst will be whole again, by the monotonic clock. */
  let paidUntil = 0

  const myTime = async (): Promise<void> => {
    for (;;) {
      const wait = paidUntil - ahead - clock.monotonic()
      if (wait <= 0) break
      await clock.sleep(wait, signal)
    }
    paidUntil = Math.max(paidUntil, clock.monotonic()) + cost
  }

  return {
    turn: (work) => {
      const mine = last.then(myTime).then(work)
      last = mine.catch(() => {})
      return mine
    },
  }
}
