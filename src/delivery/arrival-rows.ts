import type { Database } from 'bun:sqlite'
import type { AcceptedAnnouncement } from './journal.ts'
import { insertAnnouncement } from './journal-rows.ts'

/**
 * Statements on the announcements of whole turns of the event loop: one row a turn. The row holds what waits as one text, and of what was sent
 * a mark each, in the order in which they came: `hash` or `hash=correlation`.
 */

export const markOf = ({ hash, correlation }: AcceptedAnnouncement): string =>
  correlation === undefined ? hash : `${hash}=${correlation}`

/** Gives the number of the row. */
export const insertArrivals = (
  database: Database,
  at: number,
  arrived: readonly AcceptedAnnouncement[],
): number =>
  Number(
    database.query("INSERT INTO arrivals (at, waiting, sent) VALUES (?, ?, '')")
      .run(at, JSON.stringify(arrived)).lastInsertRowid,
  )

/** Nothing of this turn waits any more, or it has a row of its own. */
export const endArrivals = (
  database: Database,
  number: number,
  at: number,
  marks: readonly string[],
): void => {
  database.query(`
    INSERT INTO arrivals (number, at, waiting, sent) VALUES (?, ?, '', ?)
    ON CONFLICT (number) DO UPDATE SET waiting = '', sent = excluded.sent
  `).run(number, at, marks.join(' '))
}

/** Gives a row of its own to each announcement that waits in the turns for which `isWanted` holds. */
export const separateArrivals = (
  database: Database,
  isWanted: (number: number) => boolean,
): void => {
  const rows = database.query<{ number: number; at: number; waiting: string }, []>(
    "SELECT number, at, waiting FROM arrivals WHERE waiting <> '' ORDER BY number",
  ).all()
  for (const { number, at, waiting } of rows) {
    if (!isWanted(number)) continue
    for (const arrived of JSON.parse(waiting) as readonly AcceptedAnnouncement[]) {
      insertAnnouncement(database, arrived, at)
    }
    endArrivals(database, number, at, [])
  }
}

type Sent = { readonly number: number; readonly at: number; readonly sent: string }

const findSent = (
  database: Database,
  hash: string,
  from: number,
  to: number,
): Sent | undefined =>
  database.query<Sent, [number, number, string]>(`
    SELECT number, at, sent FROM arrivals WHERE at BETWEEN ? AND ? AND instr(sent, ?) > 0
    ORDER BY number LIMIT 1
  `).get(from, to, hash) ?? undefined

/** Whether an announcement of this hash was sent about that time, and no search has met it yet. */
export const hasSent = (database: Database, hash: string, from: number, to: number): boolean =>
  findSent(database, hash, from, to) !== undefined

/** The oldest of them becomes a row of its own, with the execution that it was met by. False: there is none. */
export const joinSent = (
  database: Database,
  hash: string,
  execution: string | null,
  from: number,
  to: number,
  now: number,
): boolean => {
  const found = findSent(database, hash, from, to)
  if (found === undefined) return false
  const marks = found.sent.split(' ')
  const index = marks.findIndex((mark) => mark === hash || mark.startsWith(`${hash}=`))
  const correlation = marks[index]?.slice(hash.length + 1)
  endArrivals(database, found.number, found.at, marks.toSpliced(index, 1))
  database.query(`
    INSERT INTO announcements (hash, heard, execution, correlation, service, channel, message, state, at, ended)
    VALUES (?, 1, ?, ?, '', '', '', 'sent', ?, ?)
  `).run(hash, execution, correlation === '' ? null : correlation ?? null, found.at, now)
  return true
}

/** Whether a result of this command is among them, on its way or sent. */
export const hasArrived = (database: Database, correlation: string): boolean =>
  database.query(
    'SELECT 1 FROM arrivals WHERE instr(sent, ?1) > 0 OR instr(waiting, ?1) > 0 LIMIT 1',
  ).get(correlation) !== null

/** Forgets what came before `at` and does not wait. */
export const pruneArrivals = (database: Database, at: number): void => {
  database.query("DELETE FROM arrivals WHERE waiting = '' AND at < ?").run(at)
}
