import { Database } from 'bun:sqlite'
import { mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { closeQuietly, makePrivate } from './journal-file.ts'
import { journalFile } from './journal-store.ts'

/** Whether this process alone keeps the journal, as long as it keeps `release`; when not, `reason` tells who does. */
export type JournalLock =
  | { readonly taken: true; readonly release: () => void }
  | { readonly taken: false; readonly reason: string }

/** A bot of before that is still ending is waited for so many ms. */
const patience = 5_000
const lookEvery = 50
/** Where SQLite locks the byte that only one writer holds (`RESERVED_BYTE` in its os.h), as /proc/locks counts. */
const writersByte = 0x40000001

/**
 * Makes this process the only bot on the journal in `folder`: two would each post every result. The lock is the writer's lock of an
 * empty database beside the journal, which dies with the process, however that ends, and does not hinder who only looks
 * into the journal. On a disk that takes no lock there is none: the bot goes on as it does without a journal on disk. Call it before
 * anything is open: a signal may end the wait, and the process with it.
 */
export const lockJournal = async (
  { folder, clock, log }: {
    readonly folder: string
    readonly clock: Clock
    readonly log: Log
  },
): Promise<JournalLock> => {
  const path = join(folder, `${journalFile}-lock`)
  const until = clock.monotonic() + patience
  let waited = false
  for (;;) {
    const release = attempt(folder, path)
    if (release !== undefined) return { taken: true, release }
    const pid = holderOf(path)
    if (clock.monotonic() >= until) {
      const who = pid === undefined ? '' : ` (pid ${pid})`
      const reason = `Another st2chatops${who} keeps the journal in ${folder}; stop it first.`
      return { taken: false, reason }
    }
    if (!waited) {
      const seconds = patience / 1_000
      log.warn('Another st2chatops keeps the journal; waiting for it to end.', {
        folder,
        pid,
        seconds,
      })
    }
    waited = true
    await clock.sleep(lookEvery)
  }
}

/** The folder is usually there: to look for it first would be in the way of every start. */
const openIn = (folder: string, path: string): Database => {
  try {
    return openPrivate(path)
  } catch {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    return openPrivate(path)
  }
}

/** Whoever may read the file could hold the lock in the bot's place. */
const openPrivate = (path: string): Database => {
  makePrivate(path)
  return new Database(path, { create: true })
}

/** Gives what releases the lock; undefined: another process holds it. */
const attempt = (folder: string, path: string): (() => void) | undefined => {
  let database: Database | undefined
  try {
    const held = database = openIn(folder, path)
    // Nothing is ever written, so there is nothing that a file would have to keep for the case of a crash.
    held.run('PRAGMA journal_mode = MEMORY; BEGIN IMMEDIATE')
    return () => closeQuietly(held)
  } catch (error) {
    if (database !== undefined) closeQuietly(database)
    if (error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY') return undefined
    return () => {}
  }
}

/** The id of the process that holds the lock, where the system tells. */
const holderOf = (path: string): number | undefined => {
  try {
    const { ino } = statSync(path)
    const line = readFileSync('/proc/locks', 'utf8').split('\n')
      .find((line) => line.includes(`:${ino} ${writersByte} `) && line.includes(' WRITE '))
    const pid = Number(/ WRITE (\d+) /.exec(line ?? '')?.[1])
    return pid > 0 ? pid : undefined
  } catch {
    return undefined
  }
}
