import { afterEach, beforeEach, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openJournal } from '../../src/delivery/journal.ts'
import { lockJournal } from '../../src/delivery/journal-lock.ts'
import { createManualClock, type ManualClock } from '../fakes/clock.ts'
import { createKeptLog } from '../fakes/log.ts'

let folder = ''
let clock: ManualClock
let log: ReturnType<typeof createKeptLog>
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-lock-'))
  clock = createManualClock()
  log = createKeptLog()
})
afterEach(() => rmSync(folder, { recursive: true }))

const lock = (at = folder) => lockJournal({ folder: at, clock, log })

test('the second bot waits a while, and then names the first', async () => {
  const first = await lock()
  const second = lock()
  await clock.advance(10_000)
  const who = process.platform === 'linux' ? ` (pid ${process.pid})` : ''
  expect(await second).toEqual({
    taken: false,
    reason: `Another st2chatops${who} keeps the journal in ${folder}; stop it first.`,
  })
  expect(log.lines.map(({ level, message }) => [level, message])).toEqual([
    ['warn', 'Another st2chatops keeps the journal; waiting for it to end.'],
  ])
  // Held until here: a lock that nobody can release any more goes with the next collection of garbage.
  expect(first).toMatchObject({ taken: true })
  if (first.taken) first.release()
})

test('a bot that is still ending is waited for', async () => {
  const first = await lock()
  const second = lock()
  await clock.advance(2_000)
  if (first.taken) first.release()
  await clock.advance(1_000)
  expect(await second).toMatchObject({ taken: true })
})

test('whoever looks into the journal beside the bot is not hindered, and hinders nobody', async () => {
  const held = await lock()
  const owner = openJournal({ folder, boot: 'b1', clock, log })
  const visitor = openJournal({ folder, clock, log })
  expect(visitor.status()).toMatchObject({ durable: true })
  expect(await visitor.retry(1)).toBe(false)
  visitor.close()
  if (held.taken) held.release()
  const next = await lock()
  expect(next).toMatchObject({ taken: true })
  owner.close()
  expect(log.lines).toEqual([])
})

test('what is in the folder beside the journal is one empty file, and a folder is made', async () => {
  const inner = join(folder, 'inner')
  await lock(inner)
  expect(readdirSync(inner)).toEqual(['journal.sqlite-lock'])
  const { size, mode } = statSync(join(inner, 'journal.sqlite-lock'))
  expect({ size, mode: mode & 0o777 }).toEqual({ size: 0, mode: 0o600 })
})

test('where no lock can be made the bot goes on without', async () => {
  writeFileSync(join(folder, 'file'), '')
  expect(await lock(join(folder, 'file'))).toMatchObject({ taken: true })
  mkdirSync(join(folder, 'journal.sqlite-lock'))
  expect(await lock()).toMatchObject({ taken: true })
})
