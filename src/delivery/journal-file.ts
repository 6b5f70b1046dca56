import { Database, type SQLQueryBindings } from 'bun:sqlite'
import { chmodSync, closeSync, existsSync, fsyncSync, openSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'
import { migrate, UnreleasedJournal } from './journal-schema.ts'

/**
 * Pages of 4 kB that wait in the log to be put into the file's own places: 16 MB. The house is kept every few seconds, when that is done
 * (`Store.tidy`); this many come only in between when there is a flood, and to put them away takes some 10 ms.
 */
const mostWaiting = 4_000

/** A journal's file that is open, and whether it was made just now. */
export type OpenFile = { readonly database: Database; readonly isNew: boolean }

/**
 * Opens the journal's file, or makes it (`now` and `boot` as `migrate` takes them). Throws NewerJournal, and SQLite's own errors; `isDamaged` tells those that mean a file which is no
 * journal.
 */
export const openFile = (path: string, now: number, boot?: string): OpenFile => {
  makePrivate(path)
  const database = new Database(path, { create: true, strict: true })
  try {
    // First of all: another process may be opening or closing the same file.
    database.run('PRAGMA busy_timeout = 5000')
    const isNew = Bun.file(path).size === 0
    // There is nothing yet that could be lost: a new file goes to the disk once, when it is complete.
    if (isNew) database.run('PRAGMA synchronous = OFF')
    // Readers and the writer do not wait for each other; a commit outlives the process, and a checkpoint a loss of power.
    database.run('PRAGMA auto_vacuum = INCREMENTAL')
    if (isNew) {
      database.run('PRAGMA journal_mode = MEMORY')
      migrate(database, now, boot)
    }
    database.run('PRAGMA journal_mode = WAL')
    if (isNew) flushNew(path)
    database.run('PRAGMA synchronous = NORMAL')
    database.run(`PRAGMA wal_autocheckpoint = ${mostWaiting}`)
    database.run(`PRAGMA journal_size_limit = ${16 * 1024 * 1024}`)
    if (!isNew) {
      check(database)
      migrate(database, now)
    }
    return { database, isNew }
  } catch (error) {
    closeQuietly(database)
    throw error
  }
}

/**
 * Makes an empty file that its owner alone may read, and takes one that is there from all others: it holds what was said in chat. SQLite
 * would make it for everybody, and its companions are made like it. A file that is there is not opened: to close it would give SQLite's locks
 * on it away.
 */
export const makePrivate = (path: string): void => {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch {
    // It is there; where it could not be made, SQLite fails for the same reason and says so.
  }
  if (existsSync(path)) chmodSync(path, 0o600)
}

/** Brings a new file, and its name in the folder, to the disk. */
const flushNew = (path: string): void => {
  for (const place of [path, dirname(path)]) {
    const descriptor = openSync(place, 'r')
    try {
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  }
}

/** Throws Damaged. */
const check = (database: Database): void => {
  const found = database.query<{ quick_check: string }, SQLQueryBindings[]>(
    'PRAGMA quick_check(1)',
  ).get()
  if (found?.quick_check !== 'ok') throw new Damaged(found?.quick_check ?? 'unreadable')
}

class Damaged extends Error {
  override readonly name = 'Damaged'
}

/** SQLITE_CORRUPT and SQLITE_NOTADB: the file is there, readable, and no journal. */
export const isDamaged = (error: unknown): boolean =>
  error instanceof Damaged || error instanceof UnreleasedJournal ||
  (error instanceof Error && 'code' in error && /^SQLITE_(CORRUPT|NOTADB)/.test(String(error.code)))

/** Moves the file and what belongs to it; nothing is ever deleted. */
export const setAside = (path: string, now: number): string => {
  const aside = `${path}.damaged-${new Date(now).toISOString().replaceAll(':', '')}`
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix)
  }
  return aside
}

/** Closes a database that may not work any more. */
export const closeQuietly = (database: Database): void => {
  try {
    database.close()
  } catch {
    // It is left behind because it does not work.
  }
}
