import { Database } from 'bun:sqlite'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { createCurrentMark } from './current-mark.ts'
import { createDiskSync, type DiskSync } from './disk-sync.ts'
import { closeQuietly, isDamaged, openFile, setAside } from './journal-file.ts'
import { copyFile, copyJournal } from './journal-rescue.ts'
import { copyRows, migrate, NewerJournal, tableNames } from './journal-schema.ts'
import { hasRows, readText } from './journal-rows.ts'

/** Where the journal is kept, and whether it outlives the process. */
export type JournalStatus = {
  readonly durable: boolean
  readonly path?: string
  /** Why it is not durable, in words. */
  readonly problem?: string
  /** There is something on disk that could not be read: it comes with a later start, and until then the journal is in memory. */
  readonly unread?: true
}

/** A database that is always there: on disk as long as the disk takes it, in memory when it does not. */
export type Store = {
  readonly status: () => JournalStatus
  /** Whether a bot before this one went on without the file: it may have done what the file does not say. */
  readonly wasLeft: boolean
  /** Whether this life has made the file. */
  readonly isNew: boolean
  /** Runs `read` now. */
  readonly read: <Value>(read: (database: Database) => Value) => Value
  /**
   * Runs `write` with all others of this turn of the event loop in one transaction; settles when that is committed: it
   * outlives the process then. Where the disk fails, it is run once more on the journal in memory; `undo` is called before that.
   */
  readonly write: <Value>(
    write: (database: Database) => Value,
    undo?: () => void,
  ) => Promise<Value>
  /** Runs `write` in the next transaction, whenever that is, before all else: nothing waits for it. */
  readonly writeAhead: (write: (database: Database) => void) => void
  /** Settles when what was committed before has reached the disk itself: it outlives a loss of power then. */
  readonly reachedDisk: () => Promise<void>
  /**
   * Puts what waits in the log into the file's own places: better now and then than in the way of a message. Looks whether the disk
   * serves again.
   */
  readonly tidy: () => void
  readonly close: () => void
}

export type StoreOptions = {
  /** Without a folder the journal is in memory from the start. */
  readonly folder?: string | undefined
  /** The host's start, see `bootId`; undefined for who only looks into the journal of a bot. */
  readonly boot: string | undefined
  readonly clock: Clock
  readonly log: Log
}

export const journalFile = 'journal.sqlite'
/** A disk that was full is looked at again after so many ms. */
const tryDiskEvery = 60_000
const untilRestart = 'what is on disk waits until the bot is restarted'

type Job = {
  readonly run: (database: Database) => unknown
  readonly undo: (() => void) | undefined
  readonly done: (value: unknown) => void
  readonly fail: (error: unknown) => void
}

/** Opens `folder`'s journal. Never throws: what stands in the way is logged, told by `status`, and worked around. */
export const openStore = ({ folder, boot, clock, log }: StoreOptions): Store => {
  const isOwner = boot !== undefined
  const path = folder === undefined ? undefined : join(folder, journalFile)
  const mark = isOwner && path !== undefined ? createCurrentMark(path) : undefined
  let problem: string | undefined
  /** What is on disk is not all in memory, and must not be replaced by that. */
  let unread = false
  let triedDisk = clock.monotonic()
  let jobs: Job[] = []
  /** What the next transaction begins with. */
  let ahead: ((database: Database) => void)[] = []
  let isComing = false
  let isNew = false
  let closed = false

  /** What brings the file's changes to the disk; undefined in memory. */
  let disk: DiskSync | undefined

  const syncOf = (path: string): DiskSync => {
    const own = createDiskSync(`${path}-wal`, (error) => {
      // A disk that does not take what it was given has not taken what came before either.
      if (own === disk && !closed) leaveDisk(error)
    })
    return own
  }

  const onDisk = (path: string): Database => {
    const opened = openFile(path, clock.now(), boot)
    isNew = opened.isNew
    // A life that ends before it has done anything leaves no doubt about that.
    if (isNew) mark?.set()
    disk = syncOf(path)
    return opened.database
  }

  const memory = (): Database => {
    const database = new Database(':memory:', { strict: true })
    migrate(database, clock.now())
    return database
  }

  const start = (): Database => {
    if (folder === undefined || path === undefined) return memory()
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      return onDisk(path)
    } catch (error) {
      if (!isDamaged(error)) return startBesideDisk(path, error)
    }
    try {
      const aside = setAside(path, clock.now())
      log.error(
        'The journal was damaged; it was set aside and a new one begun. Results of before may be missing or come twice.',
        { aside },
      )
      return onDisk(path)
    } catch (error) {
      return startBesideDisk(path, error)
    }
  }

  const startBesideDisk = (path: string, error: unknown): Database => {
    const database = besideDisk(error)
    unread = !copyFile(path, database, log)
    return database
  }

  /** What the bot does when the disk does not take the journal: it goes on, and says what that costs. */
  const besideDisk = (error: unknown): Database => {
    problem = error instanceof Error ? error.message : String(error)
    mark?.takeAway()
    log.error(
      'The journal cannot be kept on disk: results are delivered by best effort, and a restart forgets those under way.',
      {
        path,
        problem,
        advice: error instanceof NewerJournal
          ? 'Install the newer version again, or move the file away.'
          : 'Look at free space and permissions of the folder.',
      },
    )
    return memory()
  }

  let database = start()

  /** Goes over to memory, with what can still be read. */
  const leaveDisk = (error: unknown): void => {
    const next = besideDisk(error)
    unread = !copyJournal(database, next, log)
    disk?.close()
    disk = undefined
    closeQuietly(database)
    database = next
    triedDisk = clock.monotonic()
  }

  /** Whether the file holds nothing but what came into memory from it. */
  const isOurs = (file: Database): boolean =>
    readText(file, 'name') === readText(database, 'name') || !hasRows(file)

  /** Goes back to the disk when it takes writes again; `atOnce` does not ask how long ago that was tried. */
  const returnToDisk = (atOnce = false): void => {
    if (folder === undefined || path === undefined || problem === undefined || unread) return
    if (!atOnce && clock.monotonic() - triedDisk < tryDiskEvery) return
    triedDisk = clock.monotonic()
    let file: Database | undefined
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const { database: next } = openFile(path, clock.now())
      file = next
      if (isOurs(next)) {
        next.transaction(() => tableNames.forEach((table) => copyRows(database, next, table)))
          .immediate()
      } else {
        unread = true
        log.error(
          'There is another journal on disk now: this one stays in memory. Restart the bot to go on with that.',
          { path },
        )
        return closeQuietly(next)
      }
    } catch {
      if (file !== undefined) closeQuietly(file)
      return
    }
    closeQuietly(database)
    database = file
    disk = syncOf(path)
    problem = undefined
    log.info('The journal is on disk again.', { path })
  }

  const commit = (batch: readonly Job[]): void => {
    database.query('BEGIN IMMEDIATE').run()
    try {
      for (const run of ahead) run(database)
      const values = batch.map(({ run }) => run(database))
      database.query('COMMIT').run()
      ahead = []
      if (problem === undefined) mark?.set()
      batch.forEach(({ done }, index) => done(values[index]))
    } catch (error) {
      if (database.inTransaction) database.query('ROLLBACK').run()
      // The first to be changed is the last to be put back.
      batch.toReversed().forEach(({ undo }) => undo?.())
      throw error
    }
  }

  const flush = (): void => {
    const batch = jobs
    jobs = []
    isComing = false
    if (closed || batch.length + ahead.length === 0) return
    returnToDisk()
    try {
      commit(batch)
    } catch (error) {
      if (problem === undefined && path !== undefined) {
        leaveDisk(error)
        return retry(batch)
      }
      for (const { fail } of batch) fail(error)
    }
  }

  const retry = (batch: readonly Job[]): void => {
    try {
      commit(batch)
    } catch (error) {
      for (const { fail } of batch) fail(error)
    }
  }

  const read: Store['read'] = (read) => {
    try {
      return read(database)
    } catch (error) {
      if (path === undefined || problem !== undefined) throw error
      leaveDisk(error)
      return read(database)
    }
  }

  return {
    status: () => ({
      durable: path !== undefined && problem === undefined,
      ...(path !== undefined && { path }),
      ...(problem !== undefined && { problem: unread ? `${problem}; ${untilRestart}` : problem }),
      ...(unread && { unread }),
    }),
    wasLeft: mark?.wasThere === false,
    isNew,
    read,
    tidy: () => {
      // Also where nothing is written for long.
      returnToDisk()
      read((database) => database.run('PRAGMA wal_checkpoint(PASSIVE)'))
    },
    write: (write, undo) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(new Error('The journal is closed.'))
        if (!isComing) setImmediate(flush)
        isComing = true
        jobs.push({
          run: write,
          undo,
          done: resolve as (value: unknown) => void,
          fail: reject,
        })
      }),
    writeAhead: (write) => void ahead.push(write),
    reachedDisk: () => disk?.reached() ?? Promise.resolve(),
    close: () => {
      flush()
      // What is in memory alone would be lost; who only looks in has nothing to lose.
      if (isOwner) returnToDisk(true)
      closed = true
      disk?.close()
      closeQuietly(database)
    },
  }
}
