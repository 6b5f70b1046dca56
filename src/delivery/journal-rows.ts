import type { Database } from 'bun:sqlite'
import type { ChatMessage, OutgoingMessage } from '../chat/message.ts'
import type {
  AcceptedAnnouncement,
  CommandOrigin,
  DeadLetter,
  Unfinished,
  WaitingMessage,
} from './journal.ts'

/** Each statement of the journal, as one function; `database.query` keeps it compiled. */

/** ms; the unit of the index of hashes. */
const minute = 60_000

export const hasMessage = (database: Database, event: string): boolean =>
  database.query('SELECT 1 FROM commands WHERE event = ?').get(event) !== null

export const insertMessage = (
  database: Database,
  event: string,
  service: string,
  message: ChatMessage,
  at: number,
  state: 'received' | 'sending',
  command: string | null,
): void => {
  database.query(`
    INSERT INTO commands (event, service, message, state, command, at) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT DO NOTHING
  `).run(event, service, JSON.stringify(message), state, command, at)
}

export const beginCommand = (database: Database, event: string, command: string): boolean =>
  database.query(`
    UPDATE commands SET state = 'sending', command = ? WHERE event = ? AND state = 'received'
  `).run(command, event).changes > 0

/** Of the message only its place and person stay. */
export const startedCommand = (database: Database, event: string, execution: string): void => {
  database.query(`
    UPDATE commands SET state = 'started', execution = ?,
      message = CASE WHEN state IN ('received', 'sending')
        THEN json_object('channel', message ->> '$.channel', 'user', message ->> '$.user.id')
        ELSE message END
    WHERE event = ?
  `).run(execution, event)
}

type OriginRow = { readonly service: string; readonly channel: string; readonly user: string }

/** There is no index for it, and a person asks: some ms at most. */
export const commandOf = (database: Database, execution: string): CommandOrigin | undefined =>
  database.query<OriginRow, [string]>(`
    SELECT service, message ->> '$.channel' AS channel, message ->> '$.user' AS user
    FROM commands WHERE execution = ? AND message <> ''
  `).get(execution) ?? undefined

/** A message whose command has started is done with already. */
export const endMessages = (database: Database, events: readonly string[]): void => {
  database.query(`
    UPDATE commands SET state = 'ended', message = ''
    WHERE event IN (SELECT value FROM json_each(?)) AND state IN ('received', 'sending')
  `).run(JSON.stringify(events))
}

type UnfinishedRow = {
  readonly event: string
  readonly service: string
  readonly message: string
  readonly at: number
  readonly state: string
  readonly command: string | null
}

export const unfinished = (database: Database): readonly Unfinished[] =>
  database.query<UnfinishedRow, []>(`
    SELECT event, service, message, at, state, command FROM commands
    WHERE state IN ('received', 'sending') ORDER BY at
  `).all().map(({ event, service, message, at, state, command }) => ({
    event,
    service,
    message: JSON.parse(message) as ChatMessage,
    at,
    ...(state === 'sending' && { sent: command ?? '' }),
  }))

export const executionOf = (database: Database, event: string): string | undefined =>
  database.query<{ execution: string | null }, [string]>(
    'SELECT execution FROM commands WHERE event = ?',
  ).get(event)?.execution ?? undefined

export const hasExecution = (database: Database, execution: string): boolean =>
  database.query('SELECT 1 FROM announcements WHERE execution = ?').get(execution) !== null

/**
 * The oldest announcement of the same payload that the other source has told of, about the same time, and that has not yet met its
 * counterpart: the same text announced twice is two announcements.
 */
export const findSame = (
  database: Database,
  hash: string,
  source: 'stream' | 'search',
  from: number,
  to: number,
): number | undefined => {
  const unmet = source === 'search' ? 'heard = 1 AND execution IS NULL' : 'heard = 0'
  // The minutes are named one by one: the index begins with them.
  const minutes = Array.from(
    { length: Math.floor(to / minute) - Math.floor(from / minute) + 1 },
    (_, at) => Math.floor(from / minute) + at,
  )
  return database.query<{ number: number }, [string, string, number, number]>(`
    SELECT number FROM announcements
    WHERE at / ${minute} IN (SELECT value FROM json_each(?)) AND hash = ?
      AND at BETWEEN ? AND ? AND ${unmet} ORDER BY at, number LIMIT 1
  `).get(JSON.stringify(minutes), hash, from, to)?.number
}

/** When the latest announcement was made that a search has found and the stream has not told of; -Infinity: there is none. */
export const latestUnheard = (database: Database): number =>
  database.query<{ at: number | null }, []>(
    'SELECT max(at) AS at FROM announcements WHERE heard = 0',
  ).get()?.at ?? -Infinity

export const join = (database: Database, number: number, execution: string | null): void => {
  database.query(
    'UPDATE announcements SET heard = 1, execution = coalesce(?, execution) WHERE number = ?',
  ).run(execution, number)
}

export const insertAnnouncement = (
  database: Database,
  announcement: AcceptedAnnouncement,
  now: number,
): number => {
  const { hash, source, execution, correlation, service, message, at } = announcement
  return Number(
    database.query(`
      INSERT INTO announcements (hash, heard, execution, correlation, service, channel, message, state, at)
      VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting', ?)
    `).run(
      hash,
      source === 'stream' ? 1 : 0,
      execution ?? null,
      correlation ?? null,
      service,
      message.channel,
      JSON.stringify(message),
      Number.isFinite(at) ? at : now,
    ).lastInsertRowid,
  )
}

/** What was sent needs no text any more, only its marks against a second time. */
export const endSent = (database: Database, numbers: readonly number[], ended: number): void => {
  database.query(`
    UPDATE announcements SET state = 'sent', ended = ?, reason = NULL, advice = NULL, message = ''
    WHERE number IN (SELECT value FROM json_each(?))
  `).run(ended, JSON.stringify(numbers))
}

export const endDead = (
  database: Database,
  number: number,
  ended: number,
  reason: string,
  advice: string,
): void => {
  database.query(`
    UPDATE announcements SET state = 'dead', ended = ?, reason = ?, advice = ? WHERE number = ?
  `).run(ended, reason, advice, number)
}

export const retryDead = (database: Database, number: number): boolean =>
  database.query(`
    UPDATE announcements SET state = 'waiting', ended = NULL, reason = NULL, advice = NULL
    WHERE number = ? AND state = 'dead'
  `).run(number).changes > 0

export const dropDead = (database: Database, number: number, now: number): boolean =>
  database.query(`
    UPDATE announcements SET state = 'sent', ended = ?, message = '' WHERE number = ? AND state = 'dead'
  `).run(now, number).changes > 0

type MessageRow = { readonly number: number; readonly service: string; readonly message: string }

const readMessage = ({ number, service, message }: MessageRow): WaitingMessage => ({
  number,
  service,
  message: JSON.parse(message) as OutgoingMessage,
})

export const waiting = (database: Database): readonly WaitingMessage[] =>
  database.query<MessageRow, []>(`
    SELECT number, service, message FROM announcements
    WHERE state <> 'sent' AND state = 'waiting' ORDER BY number
  `).all().map(readMessage)

type DeadRow = MessageRow & {
  readonly reason: string | null
  readonly advice: string | null
  readonly ended: number | null
}

export const deadLetters = (database: Database): readonly DeadLetter[] =>
  database.query<DeadRow, []>(`
    SELECT number, service, message, reason, advice, ended FROM announcements
    WHERE state <> 'sent' AND state = 'dead' ORDER BY number
  `).all().map((row) => ({
    ...readMessage(row),
    reason: row.reason ?? '',
    advice: row.advice ?? '',
    ended: row.ended ?? 0,
  }))

export const counts = (
  database: Database,
): { readonly waiting: number; readonly deadLetters: number } =>
  database.query<{ waiting: number; deadLetters: number }, []>(`
    SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting,
      count(*) FILTER (WHERE state = 'dead') AS deadLetters
    FROM announcements WHERE state <> 'sent'
  `).get() ?? { waiting: 0, deadLetters: 0 }

export const hasAnnouncement = (database: Database, correlation: string): boolean =>
  database.query('SELECT 1 FROM announcements WHERE correlation = ?').get(correlation) !== null

/** Whether there is a message in it, or an announcement. */
export const hasRows = (database: Database): boolean =>
  database.query(`
    SELECT 1 FROM commands UNION ALL SELECT 1 FROM announcements UNION ALL SELECT 1 FROM arrivals LIMIT 1
  `).get() !== null

export const readText = (database: Database, name: string): string | undefined =>
  database.query<{ value: string }, [string]>('SELECT value FROM facts WHERE name = ?')
    .get(name)?.value

export const readFact = (database: Database, name: string): number | undefined => {
  const found = readText(database, name)
  return found === undefined ? undefined : Number(found)
}

export const writeFact = (database: Database, name: string, value: number | string): void => {
  database.query('INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)').run(
    name,
    String(value),
  )
}

export const dataVersion = (database: Database): number =>
  database.query<{ data_version: number }, []>('PRAGMA data_version').get()?.data_version ?? 0

/** Forgets what ended before `ended`, dead letters before `dead`, and of each kind all but the latest `most`. */
export const prune = (database: Database, ended: number, dead: number, most: number): void => {
  database.query(`
    DELETE FROM commands WHERE at < ? AND state IN ('started', 'ended')
  `).run(ended)
  database.query(`
    DELETE FROM commands WHERE state IN ('started', 'ended') AND rowid <=
      (SELECT rowid FROM commands ORDER BY rowid DESC LIMIT 1 OFFSET ?)
  `).run(most)
  database.query("DELETE FROM announcements WHERE state = 'sent' AND ended < ?").run(ended)
  database.query("DELETE FROM announcements WHERE state = 'dead' AND ended < ?").run(dead)
  database.query(`
    DELETE FROM announcements WHERE state <> 'waiting' AND number <=
      (SELECT number FROM announcements ORDER BY number DESC LIMIT 1 OFFSET ?)
  `).run(most)
  database.run('PRAGMA incremental_vacuum')
}
