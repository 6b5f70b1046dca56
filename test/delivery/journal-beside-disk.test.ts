import { afterEach, beforeEach, expect, test } from 'bun:test'
import { Database } from 'bun:sqlite'
import { existsSync, mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Journal, openJournal } from '../../src/delivery/journal.ts'
import { createManualClock, type ManualClock } from '../fakes/clock.ts'
import { createKeptLog } from '../fakes/log.ts'
import { message, takeIn, typed } from './messages.ts'

let above = ''
let folder = ''
let clock: ManualClock
let log: ReturnType<typeof createKeptLog>
beforeEach(() => {
  above = mkdtempSync(join(tmpdir(), 'journal-'))
  folder = join(above, 'state')
  clock = createManualClock()
  log = createKeptLog()
})
afterEach(() => rmSync(above, { recursive: true }))

const file = (): string => join(folder, 'journal.sqlite')
const open = (boot: string | undefined = 'first'): Journal =>
  openJournal({ folder, boot, clock, log })

/** Without its index in shared memory the file can be read and not be written, as on a disk that is full. */
const takeSpace = (): void => mkdirSync(`${file()}-shm`)
const giveSpace = (): void => rmdirSync(`${file()}-shm`)

const accept = (journal: Journal, hash: string): Promise<number | undefined> =>
  journal.accept({
    hash,
    source: 'stream',
    service: 'irc',
    at: clock.now(),
    message: message('ops', hash),
  })

const texts = (journal: Journal): readonly string[] =>
  journal.waiting().map(({ message }) => message.text)

/** A journal looks at the disk once a minute, also when nothing is written. */
const aMinuteLater = async (journal: Journal): Promise<void> => {
  await clock.advance(60_000)
  journal.tidy()
}

/** An earlier life that left a result behind. */
const live = async (work: (journal: Journal) => Promise<unknown>): Promise<void> => {
  const journal = open()
  await work(journal)
  journal.close()
}

/** Ends without writing anything, as a process that is killed. */
const kill = (journal: Journal): void => {
  if (existsSync(`${file()}-shm`)) giveSpace()
  rmSync(folder, { recursive: true })
  journal.close()
}

test('a journal that could not be begun on disk goes there when the disk takes it', async () => {
  writeFileSync(folder, 'in the way')
  const journal = open()
  expect(journal.status().durable).toBe(false)
  await accept(journal, 'early')
  rmSync(folder)
  await aMinuteLater(journal)
  expect(journal.status()).toEqual({ durable: true, path: file() })
  journal.close()
  const again = open()
  expect(texts(again)).toEqual(['early'])
  again.close()
})

test('what waits in a file that takes no writes goes out, and all goes back when it does', async () => {
  await live(async (journal) => {
    await accept(journal, 'old')
    await journal.mark(7)
  })
  takeSpace()
  const journal = open()
  expect(journal.status().durable).toBe(false)
  expect(texts(journal)).toEqual(['old'])
  expect(journal.watermark()).toBe(7)
  await journal.sent(1)
  expect(await accept(journal, 'new')).toBe(2)
  giveSpace()
  await aMinuteLater(journal)
  expect(journal.status().durable).toBe(true)
  expect(log.lines.at(-1)?.message).toBe('The journal is on disk again.')
  journal.close()
  const again = open()
  expect(texts(again)).toEqual(['new'])
  again.close()
})

test('who ends brings to the disk what it takes', async () => {
  await live((journal) => accept(journal, 'old'))
  takeSpace()
  const journal = open()
  await accept(journal, 'new')
  giveSpace()
  journal.close()
  const again = open()
  expect(texts(again)).toEqual(['old', 'new'])
  again.close()
})

test('what was forgotten in memory does not come back from the disk', async () => {
  await live((journal) => accept(journal, 'old'))
  takeSpace()
  const journal = open()
  await journal.sent(1)
  await clock.advance(25 * 60 * 60_000)
  await journal.prune()
  giveSpace()
  await aMinuteLater(journal)
  expect(journal.status().durable).toBe(true)
  expect(texts(journal)).toEqual([])
  journal.close()
})

test('a file that cannot be read is told of and left as it is', async () => {
  mkdirSync(file(), { recursive: true })
  const journal = open()
  expect(journal.status()).toMatchObject({ durable: false, unread: true })
  expect(journal.status().problem).toContain('restarted')
  expect(log.lines.some(({ level, message }) => level === 'error' && /not be read/.test(message)))
    .toBe(true)
  rmdirSync(file())
  await live((other) => accept(other, 'of another'))
  await aMinuteLater(journal)
  expect(journal.status().durable).toBe(false)
  journal.close()
})

test('another journal that turns up in the folder is left as it is', async () => {
  writeFileSync(folder, 'in the way')
  const journal = open()
  await accept(journal, 'ours')
  rmSync(folder)
  await live((other) => accept(other, 'of another'))
  await aMinuteLater(journal)
  expect(journal.status()).toMatchObject({ durable: false, unread: true })
  journal.close()
  const again = open()
  expect(texts(again)).toEqual(['of another'])
  again.close()
})

test('messages from before are in doubt when the last life has left the disk', async () => {
  await live((journal) => takeIn(journal, 'irc 1', 'irc', typed))
  const steady = open()
  expect(steady.mayHaveForgotten(clock.now() - 60_000)).toBe(false)
  steady.close()

  takeSpace()
  const beside = open()
  expect(beside.mayHaveForgotten(clock.now() - 60_000)).toBe(false)
  await beside.beginCommand('irc 1', 'run date')
  giveSpace()
  // It dies here: the file still says that nothing was begun.
  await clock.advance(20_000)
  // Also when the next life dies before it has written anything.
  const brief = open()
  const after = open()
  expect(after.unfinished()).toMatchObject([{ event: 'irc 1' }])
  expect(after.unfinished()[0]?.sent).toBeUndefined()
  expect(after.mayHaveForgotten(clock.now() - 15_000)).toBe(true)
  after.close()
  brief.close()
  kill(beside)
})

test('a first life that ends before it has done anything leaves no doubt', async () => {
  const first = open()
  await clock.advance(5_000)
  const second = open()
  expect(second.mayHaveForgotten(clock.now())).toBe(false)
  await live((journal) => accept(journal, 'a result'))
  await clock.advance(1_000)
  const third = open()
  expect(third.mayHaveForgotten(clock.now())).toBe(false)
  for (const journal of [first, second, third]) journal.close()
})

test('who only looks in changes nothing about what is in doubt', async () => {
  await live((journal) => accept(journal, 'old'))
  takeSpace()
  const looking = openJournal({ folder, clock, log })
  expect(texts(looking)).toEqual(['old'])
  expect(looking.status()).toMatchObject({ durable: false })
  expect(looking.status().unread).toBeUndefined()
  looking.close()
  giveSpace()
  const journal = open()
  expect(journal.mayHaveForgotten(clock.now() - 60_000)).toBe(false)
  journal.close()
})

test('a table that is gone keeps the journal in memory until the next start', async () => {
  const journal = open()
  await accept(journal, 'old')
  const hostile = new Database(file())
  hostile.run('DROP TABLE commands')
  hostile.close()
  expect(await takeIn(journal, 'irc 1', 'irc', typed)).toBe(true)
  expect(journal.status()).toMatchObject({ durable: false, unread: true })
  expect(texts(journal)).toEqual(['old'])
  await aMinuteLater(journal)
  expect(journal.status().durable).toBe(false)
  journal.close()
})
