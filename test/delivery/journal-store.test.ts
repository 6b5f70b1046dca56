import { expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '../../src/delivery/journal-store.ts'
import { readText, writeFact } from '../../src/delivery/journal-rows.ts'
import { createManualClock } from '../fakes/clock.ts'
import { createKeptLog } from '../fakes/log.ts'

test('what is to be written ahead waits for a transaction, and outlives one that fails', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'journal-store-'))
  const open = () =>
    openStore({ folder, boot: 'b1', clock: createManualClock(), log: createKeptLog() })
  const store = open()
  const note = () => store.read((database) => readText(database, 'note'))
  store.writeAhead((database) => writeFact(database, 'note', 'ahead'))
  await Bun.sleep(5)
  expect(note()).toBeUndefined()
  // It fails on disk, and in memory once more.
  const failed = store.write(() => {
    throw new Error('no such row')
  })
  expect(await failed.catch(({ message }) => message)).toBe('no such row')
  expect(note()).toBeUndefined()
  expect(await store.write((database) => readText(database, 'note'))).toBe('ahead')
  store.close()
  rmSync(folder, { recursive: true })
})

test('what is to be written ahead is written at the end at the latest', () => {
  const folder = mkdtempSync(join(tmpdir(), 'journal-store-'))
  const open = () =>
    openStore({ folder, boot: 'b1', clock: createManualClock(), log: createKeptLog() })
  const store = open()
  store.writeAhead((database) => writeFact(database, 'note', 'ahead'))
  store.close()
  const again = open()
  expect([store.isNew, again.isNew]).toEqual([true, false])
  expect(again.read((database) => readText(database, 'note'))).toBe('ahead')
  again.close()
  rmSync(folder, { recursive: true })
})
