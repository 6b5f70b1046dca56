import type { Database } from 'bun:sqlite'
import * as arrivalRows from './arrival-rows.ts'
import type { Arrivals } from './arrivals.ts'
import type { AcceptedAnnouncement } from './journal.ts'
import * as rows from './journal-rows.ts'
import type { Store } from './journal-store.ts'

type Sought = Pick<AcceptedAnnouncement, 'hash' | 'source' | 'execution' | 'at'>

/** Finds the announcement that the other source has told of: the stream and a search tell of each, and it is one. */
export type Sameness = {
  /** Without a look: false means that there is none. */
  readonly isPossible: (sought: Sought) => boolean
  readonly isKnown: (database: Database, sought: Sought) => boolean
  /** Notes on it, if there is one, that both have told of it. False: what was sought is new, and is about to be written down. */
  readonly join: (database: Database, sought: Sought) => boolean
}

/** A search finds what the stream told about the same time; further apart it is the same text said again. */
const sameWithin = 10 * 60_000
/** The stream tells within seconds: what it says of an older text that a search has found is that it was said again. */
const heardWithin = 60_000
const windowOf = (source: 'stream' | 'search'): number =>
  source === 'stream' ? heardWithin : sameWithin

export const createSameness = (
  store: Store,
  arrivals: Pick<Arrivals, 'waits'>,
  now: () => number,
): Sameness => {
  /** A look for what a search has found before the stream told of it is needed up to a minute after the latest of them. */
  let latestUnheard = store.read(rows.latestUnheard)

  const isPossible = ({ source, at }: Sought): boolean =>
    source === 'search' || at - heardWithin <= latestUnheard

  const find = (database: Database, { hash, source, at }: Sought): number | undefined => {
    const within = windowOf(source)
    return rows.findSame(database, hash, source, at - within, at + within)
  }

  return {
    isPossible,
    isKnown: (database, sought) => {
      if (!isPossible(sought)) return false
      if (find(database, sought) !== undefined) return true
      const { hash, source, at } = sought
      return source === 'search' &&
        (arrivals.waits(hash) ||
          arrivalRows.hasSent(database, hash, at - sameWithin, at + sameWithin))
    },
    join: (database, sought) => {
      if (!isPossible(sought)) return false
      const { hash, source, execution = null, at } = sought
      const same = find(database, sought)
      if (same !== undefined) {
        rows.join(database, same, execution)
        return true
      }
      if (source === 'stream') return false
      const [from, to] = [at - sameWithin, at + sameWithin]
      if (arrivalRows.joinSent(database, hash, execution, from, to, now())) return true
      latestUnheard = Math.max(latestUnheard, at)
      return false
    },
  }
}
