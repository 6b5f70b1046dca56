import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AcceptedAnnouncement, type Journal, openJournal } from '../../src/delivery/journal.ts'
import { createManualClock } from '../fakes/clock.ts'
import { createKeptLog } from '../fakes/log.ts'
import { message, takeIn, typed } from './messages.ts'

let folder = ''
beforeEach(() => folder = mkdtempSync(join(tmpdir(), 'journal-')))
afterEach(() => rmSync(folder, { recursive: true }))

const clock = createManualClock()
const open = (log = createKeptLog()): Journal => openJournal({ folder, clock, log })

const announcement = (more: Partial<AcceptedAnnouncement> = {}): AcceptedAnnouncement => ({
  hash: 'h1',
  source: 'stream',
  service: 'irc',
  message: message('ops', 'hello'),
  at: clock.now(),
  ...more,
})

describe('a message to the bot', () => {
  test('is taken in once, also after a restart, and kept until it is answered', async () => {
    const journal = open()
    const both = [takeIn(journal, 'irc 1', 'irc', typed), takeIn(journal, 'irc 1', 'irc', typed)]
    expect(await Promise.all(both)).toEqual([true, false])
    journal.close()
    const again = open()
    expect(await takeIn(again, 'irc 1', 'irc', typed)).toBe(false)
    expect(again.unfinished()).toEqual([
      { event: 'irc 1', service: 'irc', message: typed, at: clock.now() },
    ])
    await again.answered('irc 1')
    expect(again.unfinished()).toEqual([])
    again.close()
  })

  test('whose command is being sent is known by its key until it is known to have started', async () => {
    const journal = open()
    await takeIn(journal, 'irc 1', 'irc', typed)
    expect(await journal.beginCommand('irc 1', 'run date')).toBe(true)
    expect(await journal.beginCommand('irc 1', 'run date')).toBe(false)
    journal.close()
    const again = open()
    expect(again.unfinished()).toMatchObject([{ sent: 'run date' }])
    await again.commandStarted('irc 1', '5f')
    expect(again.unfinished()).toEqual([])
    expect(again.executionOf('irc 1')).toBe('5f')
    expect(await takeIn(again, 'irc 1', 'irc', typed)).toBe(false)
    again.close()
  })
})

test('a command that is begun in the turn in which it is taken in is written as such', async () => {
  const journal = open()
  const taken = takeIn(journal, 'irc 1', 'irc', typed)
  const began = journal.beginCommand('irc 1', 'run date')
  const beganAgain = journal.beginCommand('irc 1', 'run date')
  expect([await taken, await began, await beganAgain]).toEqual([true, true, false])
  journal.close()
  const again = open()
  expect(again.unfinished()).toMatchObject([{ event: 'irc 1', sent: 'run date' }])
  expect(await again.beginCommand('irc 1', 'run date')).toBe(false)
  again.close()
})

describe('an announcement', () => {
  test('waits in order until it is sent, also over a restart', async () => {
    const journal = open()
    const numbers = await Promise.all(
      ['a', 'b', 'c'].map((hash) =>
        journal.accept(announcement({ hash, message: message('ops', hash) }))
      ),
    )
    await journal.sent(numbers[1] as number)
    journal.close()
    const again = open()
    expect(again.waiting().map(({ message }) => message.text)).toEqual(['a', 'c'])
    again.close()
  })

  test('told by the stream and found by a search is one', async () => {
    const journal = open()
    expect(await journal.accept(announcement())).toBe(1)
    expect(await journal.accept(announcement({ source: 'search', execution: 'e1' })))
      .toBeUndefined()
    expect(await journal.accept(announcement({ source: 'search', execution: 'e1' })))
      .toBeUndefined()
    expect(await journal.accept(announcement({ source: 'search', execution: 'e2' }))).toBe(2)
    expect(await journal.accept(announcement())).toBeUndefined()
    expect(await journal.accept(announcement())).toBe(3)
    journal.close()
  })

  test('of the same words an hour later is another one', async () => {
    const journal = open()
    await journal.accept(announcement())
    const later = announcement({ source: 'search', execution: 'e1', at: clock.now() + 3_600_000 })
    expect(await journal.accept(later)).toBe(2)
    journal.close()
  })

  test('that cannot be delivered is kept, tried again on request, or dropped', async () => {
    const journal = open()
    await journal.accept(announcement({ correlation: 'c1' }))
    await journal.dead(1, 'no such channel', 'create it')
    expect(journal.waiting()).toEqual([])
    expect(journal.deadLetters()).toMatchObject([
      { number: 1, service: 'irc', reason: 'no such channel', advice: 'create it' },
    ])
    expect(journal.hasAnnouncement('c1')).toBe(true)
    expect(await journal.retry(1)).toBe(true)
    expect(await journal.retry(1)).toBe(false)
    expect(journal.waiting()).toHaveLength(1)
    await journal.dead(1, 'again', '')
    expect(await journal.drop(1)).toBe(true)
    expect(journal.deadLetters()).toEqual([])
    journal.close()
  })
})

test('another process that looks into a new journal and ends takes nothing away', async () => {
  const journal = open()
  await takeIn(journal, 'irc 1', 'irc', typed)
  // SQLite's last user of a file puts it in order and removes the log: it must not take itself for the last one.
  const script = `
    const { Database } = require('bun:sqlite')
    const database = new Database(${JSON.stringify(join(folder, 'journal.sqlite'))})
    database.query('SELECT count(*) FROM commands').get()
    database.close()
  `
  expect(await Bun.spawn([process.execPath, '-e', script]).exited).toBe(0)
  expect(existsSync(join(folder, 'journal.sqlite-wal'))).toBe(true)
  await takeIn(journal, 'irc 2', 'irc', typed)
  await journal.reachedDisk()
  expect(journal.status().durable).toBe(true)
  journal.close()
  const again = open()
  expect(again.unfinished()).toHaveLength(2)
  again.close()
})

test('another process that puts a dead letter back is noticed', async () => {
  const journal = open()
  await journal.accept(announcement())
  await journal.dead(1, 'x', 'y')
  const before = journal.foreignWrites()
  const other = open()
  await other.retry(1)
  other.close()
  expect(journal.foreignWrites()).not.toBe(before)
  expect(journal.waiting()).toHaveLength(1)
  journal.close()
})

test('what is old is forgotten, what waits is not', async () => {
  const own = createManualClock()
  const journal = openJournal({ folder, clock: own, log: createKeptLog() })
  const at = own.now()
  await takeIn(journal, 'irc 1', 'irc', typed)
  await journal.answered('irc 1')
  await takeIn(journal, 'irc 2', 'irc', typed)
  await journal.accept(announcement({ hash: 'sent', at }))
  await journal.accept(announcement({ hash: 'waits', at }))
  await journal.sent(1)
  await own.advance(25 * 60 * 60_000)
  await journal.prune()
  expect(journal.waiting()).toHaveLength(1)
  expect(await takeIn(journal, 'irc 1', 'irc', typed)).toBe(true)
  expect(await takeIn(journal, 'irc 2', 'irc', typed)).toBe(false)
  journal.close()
})

describe('a file that does not serve', () => {
  test('is set aside when it is damaged, never deleted', async () => {
    writeFileSync(
      join(folder, 'journal.sqlite'),
      'this is no database, and long enough to be looked at'.repeat(50),
    )
    const log = createKeptLog()
    const journal = open(log)
    expect(journal.status()).toMatchObject({ durable: true })
    expect(await journal.accept(announcement())).toBe(1)
    journal.close()
    expect(readdirSync(folder).some((name) => name.includes('.damaged-'))).toBe(true)
    expect(log.lines.some(({ level, message }) => level === 'error' && message.includes('damaged')))
      .toBe(true)
  })

  test('of a newer version is left alone; the bot goes on in memory and says so', async () => {
    const journal = open()
    journal.close()
    const { Database } = await import('bun:sqlite')
    const database = new Database(join(folder, 'journal.sqlite'))
    database.run('PRAGMA user_version = 99')
    database.close()
    const again = open()
    expect(again.status()).toMatchObject({ durable: false })
    expect(again.status().problem).toContain('newer st2chatops')
    expect(await again.accept(announcement())).toBe(1)
    again.close()
  })

  // Root may write everywhere: there is no such folder for it.
  test.skipIf(process.getuid?.() === 0)(
    'in a folder that may not be written is worked around',
    () => {
      chmodSync(folder, 0o500)
      expect(open().status().durable).toBe(false)
      chmodSync(folder, 0o700)
    },
  )
})

test('a disk that fills up while the bot runs costs durability, not results', async () => {
  const log = createKeptLog()
  const own = createManualClock()
  const journal = openJournal({ folder, clock: own, log })
  await journal.accept(announcement({ hash: 'before', at: own.now() }))
  const { Database } = await import('bun:sqlite')
  const hostile = new Database(join(folder, 'journal.sqlite'))
  // A file that may not grow and tables that are gone fail the next write as a full or broken disk does.
  hostile.run('DROP TABLE commands')
  hostile.close()
  expect(await takeIn(journal, 'irc 1', 'irc', typed)).toBe(true)
  expect(journal.status()).toMatchObject({ durable: false })
  expect(journal.waiting()).toHaveLength(1)
  expect(log.lines.some(({ message }) => message.includes('best effort'))).toBe(true)
  journal.close()
})

test('without a folder it is in memory, and not durable', async () => {
  const journal = openJournal({ clock, log: createKeptLog() })
  expect(journal.status()).toEqual({ durable: false })
  expect(await journal.accept(announcement())).toBe(1)
  expect(journal.watermark()).toBeUndefined()
  await journal.mark(5)
  expect(journal.watermark()).toBe(5)
  journal.close()
})
