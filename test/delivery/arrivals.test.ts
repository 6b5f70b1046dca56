import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { Database } from 'bun:sqlite'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Held } from '../../src/delivery/arrivals.ts'
import { type AcceptedAnnouncement, type Journal, openJournal } from '../../src/delivery/journal.ts'
import { createManualClock } from '../fakes/clock.ts'
import { createKeptLog } from '../fakes/log.ts'
import { message } from './messages.ts'

let folder = ''
beforeEach(() => folder = mkdtempSync(join(tmpdir(), 'journal-')))
afterEach(() => rmSync(folder, { recursive: true }))

const clock = createManualClock()
const open = (): Journal => openJournal({ folder, clock, log: createKeptLog() })

const announcement = (
  hash: string,
  more: Partial<AcceptedAnnouncement> = {},
): AcceptedAnnouncement => ({
  hash,
  source: 'stream',
  service: 'irc',
  message: message('ops', hash),
  at: clock.now(),
  ...more,
})

const found = (hash: string, execution: string, more: Partial<AcceptedAnnouncement> = {}) =>
  announcement(hash, { source: 'search', execution, ...more })

/** Takes in all of these in one turn of the event loop. */
const hold = async (
  journal: Journal,
  ...announcements: readonly AcceptedAnnouncement[]
): Promise<readonly Held[]> => {
  const held: Held[] = []
  await Promise.all(announcements.map((one) => journal.hold(one, (written) => held.push(written))))
  return held
}

const texts = (journal: Journal) => journal.waiting().map(({ message }) => message.text)

const rowsOf = (table: string): readonly unknown[] => {
  const database = new Database(join(folder, 'journal.sqlite'))
  try {
    return database.query(`SELECT * FROM ${table}`).all()
  } finally {
    database.close()
  }
}

describe('announcements of one turn', () => {
  test('are written in order as one row, and leave marks alone when all are sent', async () => {
    const journal = open()
    const held = await hold(journal, announcement('a'), announcement('b'))
    expect(held.map(({ announcement }) => announcement.hash)).toEqual(['a', 'b'])
    expect(rowsOf('arrivals')).toHaveLength(1)
    expect(journal.counts().waiting).toBe(2)
    await Promise.all(held.map(journal.heldSent))
    expect(journal.counts().waiting).toBe(0)
    expect(rowsOf('arrivals')).toMatchObject([{ waiting: '', sent: 'a b' }])
    expect(rowsOf('announcements')).toEqual([])
    journal.close()
  })

  test('wait for the next process, in order, when this one ends', async () => {
    const journal = open()
    await hold(journal, announcement('a'), announcement('b'))
    await hold(journal, announcement('c'))
    journal.close()
    const again = open()
    expect(texts(again)).toEqual(['a', 'b', 'c'])
    expect(texts(again)).toEqual(['a', 'b', 'c'])
    again.close()
  })

  test('that are not all sent leave those that wait, behind those of earlier turns', async () => {
    const journal = open()
    await hold(journal, announcement('a'))
    const [b] = await hold(journal, announcement('b'), announcement('c'))
    await journal.heldSent(b as Held)
    expect(journal.counts().waiting).toBe(2)
    await hold(journal, announcement('d'))
    journal.close()
    const again = open()
    expect(texts(again)).toEqual(['a', 'c', 'd'])
    again.close()
  })

  test('are marked one by one when each has its own row', async () => {
    const journal = open()
    const held = await hold(journal, announcement('a'), announcement('b'), announcement('c'))
    for (const one of held) await journal.heldSent(one)
    expect(journal.counts().waiting).toBe(0)
    expect(rowsOf('arrivals')).toMatchObject([{ waiting: '', sent: 'a' }])
    expect(rowsOf('announcements')).toMatchObject([{ hash: 'b', state: 'sent' }, {
      hash: 'c',
      state: 'sent',
    }])
    journal.close()
  })

  test('are not taken up again by the process that holds them', async () => {
    const journal = open()
    await hold(journal, announcement('a'), announcement('b'))
    expect(journal.waiting()).toEqual([])
    journal.close()
  })

  test('one of which cannot be delivered leave a dead letter', async () => {
    const journal = open()
    const [a] = await hold(journal, announcement('a', { correlation: 'c1' }), announcement('b'))
    const number = await journal.heldDead(a as Held, 'no such channel', 'create it')
    expect(journal.deadLetters()).toMatchObject([{ number, reason: 'no such channel' }])
    expect(journal.counts()).toEqual({ waiting: 1, deadLetters: 1 })
    expect(journal.hasAnnouncement('c1')).toBe(true)
    journal.close()
  })
})

describe('a search', () => {
  test.each(['waits', 'sent'])(
    'knows an announcement of the stream from before a restart: %s',
    async (how) => {
      const journal = open()
      const held = await hold(journal, announcement('a', { correlation: 'c1' }), announcement('b'))
      if (how === 'sent') await Promise.all(held.map(journal.heldSent))
      journal.close()
      const again = open()
      expect(again.hasAnnouncement('c1')).toBe(true)
      expect(again.waiting()).toHaveLength(how === 'sent' ? 0 : 2)
      expect(again.hasAnnouncement('c1')).toBe(true)
      expect(again.knows(found('a', 'e1'))).toBe(true)
      expect(await again.accept(found('a', 'e1'))).toBeUndefined()
      expect(await again.accept(found('a', 'e1'))).toBeUndefined()
      expect(again.hasAnnouncement('c1')).toBe(true)
      // The same words of another execution are another announcement.
      expect(again.knows(found('a', 'e2'))).toBe(false)
      expect(await again.accept(found('a', 'e2'))).toBeNumber()
      again.close()
    },
  )

  test('meets each of two that say the same once', async () => {
    const journal = open()
    const held = await hold(journal, announcement('a'), announcement('a'))
    await Promise.all(held.map(journal.heldSent))
    expect(await journal.accept(found('a', 'e1'))).toBeUndefined()
    expect(await journal.accept(found('a', 'e2'))).toBeUndefined()
    expect(await journal.accept(found('a', 'e3'))).toBeNumber()
    journal.close()
  })

  test('that meets one while it is on its way leaves it on its way', async () => {
    const journal = open()
    const [a] = await hold(journal, announcement('a'))
    expect(journal.knows(found('a', 'e1'))).toBe(true)
    expect(await journal.accept(found('a', 'e1'))).toBeUndefined()
    await journal.heldSent(a as Held)
    expect(journal.counts().waiting).toBe(0)
    journal.close()
    const again = open()
    expect(again.waiting()).toEqual([])
    expect(await again.accept(found('a', 'e2'))).toBeNumber()
    again.close()
  })

  test('is waited for by what the stream tells behind it', async () => {
    const journal = open()
    const searched = journal.accept(found('a', 'e1'))
    expect(journal.hold(announcement('a'), () => {})).toBeUndefined()
    expect(await searched).toBeNumber()
    // The stream tells of it late, within its minute.
    expect(journal.hold(announcement('a'), () => {})).toBeUndefined()
    expect(await journal.accept(announcement('a'))).toBeUndefined()
    journal.close()
  })
})

test('marks are forgotten when no search will look at them any more', async () => {
  const own = createManualClock()
  const journal = openJournal({ folder, clock: own, log: createKeptLog() })
  const at = own.now()
  const sent = await hold(journal, announcement('sent', { at }))
  await Promise.all(sent.map(journal.heldSent))
  await hold(journal, announcement('waits', { at }))
  await own.advance(3 * 60 * 60_000)
  await journal.prune()
  expect(rowsOf('arrivals')).toHaveLength(2)
  await journal.mark(own.now())
  await journal.prune()
  expect(rowsOf('arrivals')).toMatchObject([{ sent: '' }])
  journal.close()
})

test('a disk that fails takes nothing of a turn away, and nothing comes twice', async () => {
  const journal = openJournal({ folder, boot: 'b', clock, log: createKeptLog() })
  const [a, b] = await hold(journal, announcement('a'), announcement('b'))
  await hold(journal, announcement('c'))
  const broken = new Database(join(folder, 'journal.sqlite'))
  // The next statement on it fails, and all can still be read.
  broken.run(
    `CREATE TRIGGER broken BEFORE UPDATE ON arrivals BEGIN SELECT RAISE(FAIL, 'disk'); END`,
  )
  broken.close()
  await Promise.all([journal.heldSent(a as Held), hold(journal, announcement('d'))])
  expect(journal.status().durable).toBe(false)
  expect(journal.counts().waiting).toBe(3)
  await journal.heldSent(b as Held)
  expect(journal.counts().waiting).toBe(2)
  expect(journal.knows(found('a', 'e1'))).toBe(true)
  expect(journal.knows(found('d', 'e1'))).toBe(true)
  journal.close()
})
