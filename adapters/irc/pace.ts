import type { Clock } from '../../src/clock.ts'

/** Lets one at a time write, in the order in which they came, and no faster than a network takes it. */
export type Pace = {
  /** Does `work` when it is its turn; the next one waits until it has settled. Rejects as `work` does. */
  readonly turn: <Value>(work: () => Promise<Value>) => Promise<Value>
  /** So many lines were written to the server, in a turn or outside of one: it counts them all. */
  readonly spend: (lines: number) => void
  /** A new connection: the server begins to count. */
  readonly begin: () => void
  /** The server has ended the connection because of too many lines: from now on there is no burst, and half the pace. */
  readonly slowDown: () => void
}

export type PaceOptions = {
  readonly clock: Clock
  readonly signal: AbortSignal
  /** ms between two turns; undefined: a burst goes out at once, then one a second. */
  readonly apart: number | undefined
}

/** What channels and their guards bear: lines to people, at once and then one in so many ms. */
const burst = 5
const usual = 1_000
/**
 * Servers work off what a client writes at one line in one to two seconds, and end the connection of who is more than ten lines
 * ahead (RFC 1459, 8.10; `threshold` and `commandrate` of InspIRCd). Logging in, JOIN, WHOIS and the PING behind a line count as
 * well.
 */
const mostAhead = 10
/** One turn writes so many at the most: WHOIS, a line, and a PING behind each. */
const mostInTurn = 4
/** A server that has had enough of us again and again gets a line in so many times the usual. */
const slowest = 8

/** Turns are taken in their order, so that a long message and a short one to another channel take turns line by line. */
export const createPace = ({ clock, signal, apart }: PaceOptions): Pace => {
  let slowness = 1
  let last: Promise<unknown> = Promise.resolve()
  /** When the burst will be whole again, and when the server will have worked off all lines; by the monotonic clock. */
  let paidUntil = 0
  let workedOffAt = 0

  const waitFor = (): number => {
    const now = clock.monotonic()
    if (apart !== undefined) return paidUntil - now
    const ahead = slowness === 1 ? (burst - 1) * usual : 0
    return Math.max(paidUntil - ahead - now, workedOffAt - (mostAhead - mostInTurn) * usual - now)
  }

  const myTime = async (): Promise<void> => {
    for (let wait = waitFor(); wait > 0; wait = waitFor()) await clock.sleep(wait, signal)
    paidUntil = Math.max(paidUntil, clock.monotonic()) + (apart ?? usual) * slowness
  }

  return {
    turn: (work) => {
      const mine = last.then(myTime).then(work)
      last = mine.catch(() => {})
      return mine
    },
    spend: (lines) => {
      workedOffAt = Math.max(workedOffAt, clock.monotonic()) + lines * usual
    },
    begin: () => {
      workedOffAt = 0
    },
    slowDown: () => {
      slowness = Math.min(slowest, slowness * 2)
    },
  }
}
