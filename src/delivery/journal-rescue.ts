import { constants, Database } from 'bun:sqlite'
import { statSync } from 'node:fs'
import type { Log } from '../log.ts'
import { closeQuietly } from './journal-file.ts'
import { copyRows, readVersion, tableNames } from './journal-schema.ts'

/** The size of a file, in bytes; 0 where there is none, and 1 for what may not be looked at. */
const sizeOf = (path: string): number => {
  try {
    return statSync(path).size
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'ENOENT' || code === 'ENOTDIR' ? 0 : 1
  }
}

/**
 * The ways to read a journal's file, the one that leaves others alone first. SQLite wants an index of the log in shared memory, which
 * is a file beside it and takes room on a full disk: who has the journal to himself can keep that index to himself. A
 * disk that may not be written at all needs neither, when nothing waits in the log.
 */
const ways = (path: string): readonly (() => Database)[] => [
  () => new Database(path, { readonly: true }),
  () => {
    const database = new Database(path, { readwrite: true, create: false })
    database.run('PRAGMA locking_mode = EXCLUSIVE')
    return database
  },
  () => {
    if (sizeOf(`${path}-wal`) > 0) throw new Error('What waits in the log cannot be read.')
    const { SQLITE_OPEN_READONLY, SQLITE_OPEN_URI } = constants
    const address = `file:${encodeURI(path)}?immutable=1`
    return new Database(address, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI)
  },
]

/** Opens the file where `openFile` cannot, without needing room for it; throws SQLite's errors, and NewerJournal. */
const openToRead = (path: string): Database => {
  let problem: unknown
  for (const open of ways(path)) {
    let database: Database | undefined
    try {
      database = open()
      readVersion(database)
      return database
    } catch (error) {
      problem = error
      if (database !== undefined) closeQuietly(database)
    }
  }
  throw problem
}

/** Copies what one journal holds into another, table by table. False: the log tells of what could not be read. */
export const copyJournal = (from: Database, to: Database, log: Log): boolean => {
  let isWhole = true
  for (const table of tableNames) {
    try {
      copyRows(from, to, table)
    } catch (cause) {
      isWhole = false
      log.error(`A part of the journal on disk could not be read: ${afterRestart}`, {
        table,
        error: asError(cause),
      })
    }
  }
  return isWhole
}

/**
 * Copies what the journal at `path` holds into `to`, on a disk that takes no writes. False: there is something that could not be
 * read, and the log tells of it.
 */
export const copyFile = (path: string, to: Database, log: Log): boolean => {
  if (sizeOf(path) === 0 && sizeOf(`${path}-wal`) === 0) return true
  let from: Database | undefined
  try {
    from = openToRead(path)
    // Its tables were never made: it was begun on a disk that was full.
    if (readVersion(from) === 0) return true
    if (!copyJournal(from, to, log)) return false
    log.info('What the journal on disk holds was read; what waits in it goes out.', { path })
    return true
  } catch (cause) {
    log.error(`The journal on disk could not be read: ${afterRestart}`, {
      path,
      error: asError(cause),
    })
    return false
  } finally {
    if (from !== undefined) closeQuietly(from)
  }
}

const afterRestart = 'what waits in it goes out when the bot is restarted and can read it.'

const asError = (error: unknown): Error => error instanceof Error ? error : new Error(String(error))
