import type { Database } from 'bun:sqlite'
import * as rows from './arrival-rows.ts'
import type { AcceptedAnnouncement } from './journal.ts'
import { endSent, insertAnnouncement } from './journal-rows.ts'
import type { Store } from './journal-store.ts'
import { together } from './together.ts'

/** An announcement that this process has written down and that is on its way. */
export type Held = {
  readonly announcement: AcceptedAnnouncement
  readonly turn: Turn
  isSent: boolean
  /** Of its own row; undefined while it stands in the row of its turn. */
  number: number | undefined
}

/** What came in one turn of the event loop. */
type Turn = {
  readonly held: Held[]
  readonly at: number
  /** Of its row. */
  number: number
  /** How many are not sent. */
  left: number
}

/**
 * The announcements of the stream, as this process takes them in. Those of one turn of the event loop are written as one text: a row for
 * each costs five times as much. Nearly always all of a turn are sent before anybody asks for one of them, and a mark of each is left. Only where
 * some are sent and others wait, each of those gets a row of its own.
 */
export type Arrivals = {
  /** Settles when all of this turn are written; `onWritten` is called for each then, in order. */
  readonly hold: (
    announcement: AcceptedAnnouncement,
    onWritten: (held: Held) => void,
  ) => Promise<true>
  /** Settles when it is written that this one was sent. */
  readonly sent: (held: Held) => Promise<void>
  /** As `Store.write`, for what needs each announcement that waits in a row of its own. */
  readonly writeSeparate: <Value>(write: (database: Database) => Value) => Promise<Value>
  /** Whether the turn of this number came in here, and has something that waits. */
  readonly isOpen: (turn: number) => boolean
  /** Whether one of this hash waits. */
  readonly waits: (hash: string) => boolean
  readonly count: () => number
}

export const createArrivals = (store: Store, now: () => number): Arrivals => {
  /** Turns that are written and have something that waits, oldest first. */
  let open = new Map<number, Turn>()
  /** How to take back what the job that runs has changed. */
  let undo: (() => void)[] = []
  let gathering: { readonly turn: Turn; readonly written: Promise<true> } | undefined

  /** What a transaction that fails has changed here is taken back with it. */
  const write = <Value>(run: (database: Database) => Value): Promise<Value> => {
    let own: (() => void)[] = []
    return store.write((database) => {
      own = undo = []
      return run(database)
    }, () => {
      for (const step of own.toReversed()) step()
      open = new Map([...open].sort(([one], [other]) => one - other))
    })
  }

  const begin = (database: Database, turn: Turn): void => {
    turn.number = rows.insertArrivals(
      database,
      turn.at,
      turn.held.map(({ announcement }) => announcement),
    )
    const { number } = turn
    open.set(number, turn)
    undo.push(() => open.delete(number))
  }

  const close = (database: Database, turn: Turn): void => {
    const { number, at, held } = turn
    const marks = held.flatMap((one) =>
      one.number === undefined ? rows.markOf(one.announcement) : []
    )
    rows.endArrivals(database, number, at, marks)
    open.delete(number)
    undo.push(() => open.set(number, turn))
  }

  const separate = (database: Database): void => {
    for (const turn of open.values()) {
      for (const one of turn.held) {
        if (one.isSent) continue
        one.number = insertAnnouncement(database, one.announcement, turn.at)
        undo.push(() => one.number = undefined)
      }
      close(database, turn)
    }
  }

  const end = (database: Database, held: readonly Held[]): void => {
    const turns = new Set(held.map(({ turn }) => turn))
    for (const turn of turns) if (turn.left === 0 && open.has(turn.number)) close(database, turn)
    // The others that wait as well: after a restart a channel hears them in the order of their numbers.
    if ([...turns].some(({ number }) => open.has(number))) separate(database)
    const numbers = held.flatMap(({ number }) => number ?? [])
    if (numbers.length > 0) endSent(database, numbers, now())
  }

  const endTogether = together<Held>(write, end)

  return {
    hold: (announcement, onWritten) => {
      if (gathering === undefined) {
        const turn: Turn = { held: [], at: now(), number: 0, left: 0 }
        const written = write((database) => {
          gathering = undefined
          begin(database, turn)
        }).then((): true => {
          turn.held.forEach(onWritten)
          return true
        })
        written.catch(() => gathering = undefined)
        gathering = { turn, written }
      }
      const { turn, written } = gathering
      turn.held.push({ announcement, turn, isSent: false, number: undefined })
      turn.left++
      return written
    },
    sent: (one) => {
      one.isSent = true
      one.turn.left--
      return endTogether(one)
    },
    writeSeparate: (run) =>
      write((database) => {
        separate(database)
        return run(database)
      }),
    isOpen: (turn) => open.has(turn),
    waits: (hash) =>
      [...open.values()].some(({ held }) =>
        held.some(({ announcement }) => announcement.hash === hash)
      ),
    count: () => [...open.values()].reduce((sum, { left }) => sum + left, 0),
  }
}
