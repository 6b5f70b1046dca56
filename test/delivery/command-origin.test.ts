import { afterEach, beforeEach, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openJournal } from '../../src/delivery/journal.ts'
import { createManualClock } from '../fakes/clock.ts'
import { createKeptLog } from '../fakes/log.ts'
import { typed } from './messages.ts'

let folder = ''
beforeEach(() => folder = mkdtempSync(join(tmpdir(), 'command-origin-')))
afterEach(() => rmSync(folder, { recursive: true }))

const open = () => openJournal({ folder, clock: createManualClock(), log: createKeptLog() })

test('where a command came from is known by its execution, over a restart, and nothing of what was said', async () => {
  const journal = open()
  void journal.takeIn('irc 1', 'irc', typed)
  await journal.beginCommand('irc 1', 'run date')
  expect(journal.commandOf('5f')).toBeUndefined()
  await journal.commandStarted('irc 1', '5f')
  journal.close()
  const again = open()
  const origin = { service: 'irc', channel: typed.channel, user: typed.user.id }
  expect(again.commandOf('5f')).toEqual(origin)
  expect(again.commandOf('60')).toBeUndefined()
  // Found once more, by a search.
  await again.commandStarted('irc 1', '5f')
  expect(again.commandOf('5f')).toEqual(origin)
  again.close()
})

test("an execution that is found when its message was answered already is nobody's", async () => {
  const journal = open()
  void journal.takeIn('irc 1', 'irc', typed)
  await journal.answered('irc 1')
  await journal.commandStarted('irc 1', '5f')
  expect([journal.executionOf('irc 1'), journal.commandOf('5f')]).toEqual(['5f', undefined])
  journal.close()
})
