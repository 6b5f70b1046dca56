import type { Database } from 'bun:sqlite'

/** Raised with every change of the tables; `migrate` brings an older file up to it. */
export const schemaVersion = 3

const tables = `
  CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- Messages to the bot, by the key of the chat service's own event: each is taken in once, each command is sent at most once.
  -- No index but that one: every further one is another page in each commit. Rows are in the order of time.
  CREATE TABLE commands (
    event TEXT PRIMARY KEY,
    service TEXT NOT NULL,
    message TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('received', 'sending', 'started', 'ended')),
    command TEXT,
    execution TEXT,
    at INTEGER NOT NULL
  ) STRICT;

  -- Announcements that the stream told of, those of one turn of the event loop in one row: see arrivals.ts. What waits, as JSON, and marks of what
  -- was sent. An announcement stands here or in the table below.
  CREATE TABLE arrivals (
    number INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    waiting TEXT NOT NULL,
    sent TEXT NOT NULL
  ) STRICT;

  -- Announcements, each once, whether the stream told of it, a search found it, or both.
  CREATE TABLE announcements (
    number INTEGER PRIMARY KEY,
    hash TEXT NOT NULL,
    heard INTEGER NOT NULL,
    execution TEXT,
    correlation TEXT,
    service TEXT NOT NULL,
    channel TEXT NOT NULL,
    message TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'dead')),
    reason TEXT,
    advice TEXT,
    at INTEGER NOT NULL,
    ended INTEGER
  ) STRICT;
  -- A hash has no order: by the minute in front, what comes together is written together.
  CREATE INDEX announcements_by_hash ON announcements (at / 60000, hash);
  CREATE INDEX announcements_unsent ON announcements (state, number) WHERE state <> 'sent';
  CREATE UNIQUE INDEX announcements_by_execution ON announcements (execution) WHERE execution IS NOT NULL;
  CREATE INDEX announcements_by_correlation ON announcements (correlation) WHERE correlation IS NOT NULL;
`

/** The file was written by a newer st2chatops: its tables are not ours to guess at. */
export class NewerJournal extends Error {
  override readonly name = 'NewerJournal'
  constructor(version: number) {
    super(
      `The journal is of version ${version}, written by a newer st2chatops; this one reads ${schemaVersion}.`,
    )
  }
}

/** The file was written by a st2chatops that was never released. */
export class UnreleasedJournal extends Error {
  override readonly name = 'UnreleasedJournal'
}

/**
 * The version of a journal's tables; 0: they are not made yet. Throws NewerJournal for a later version than ours, UnreleasedJournal for
 * those before the first.
 */
export const readVersion = (database: Database): number => {
  const found = database.query<{ user_version: number }, []>('PRAGMA user_version').get()
  const version = found?.user_version ?? 0
  if (version > schemaVersion) throw new NewerJournal(version)
  if (version !== 0 && version !== schemaVersion) {
    throw new UnreleasedJournal('It is of a version that was never released.')
  }
  return version
}

/**
 * Makes the tables in a new file, born `now` (ms since 1970), by a life after the start `boot` of the host (see `bootId`), which only who looks in
 * has not. Throws NewerJournal for a file of a later version, UnreleasedJournal
 * for one of a version before the first.
 */
export const migrate = (database: Database, now: number, boot?: string): void => {
  if (readVersion(database) === schemaVersion) return
  database.transaction(() => {
    // Another process may have made them meanwhile.
    if (readVersion(database) === schemaVersion) return
    database.run(tables)
    database.query("INSERT INTO facts (name, value) VALUES ('born', ?)").run(String(now))
    if (boot !== undefined) {
      database.query("INSERT INTO facts (name, value) VALUES ('boot', ?)").run(boot)
    }
    database.run("INSERT INTO facts (name, value) VALUES ('name', hex(randomblob(8)))")
    database.run(`PRAGMA user_version = ${schemaVersion}`)
  }).immediate()
}

/** Every table that holds something. */
export const tableNames = ['facts', 'commands', 'arrivals', 'announcements'] as const

type Row = Readonly<Record<string, string | number | null>>

/** Makes one journal's table hold exactly what another's holds. */
export const copyRows = (
  from: Database,
  to: Database,
  table: (typeof tableNames)[number],
): void => {
  to.transaction(() => {
    to.run(`DELETE FROM ${table}`)
    for (const row of from.query<Row, []>(`SELECT * FROM ${table}`).iterate()) {
      const names = Object.keys(row)
      const places = names.map(() => '?')
      to.query(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${places.join(', ')})`)
        .run(...Object.values(row))
    }
  }).immediate()
}
