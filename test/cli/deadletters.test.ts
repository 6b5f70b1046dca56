import { afterEach, beforeEach, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../src/clock.ts'
import { type Journal, openJournal } from '../../src/delivery/journal.ts'
import { silentLog } from '../../src/log.ts'
import { startProgram } from '../end-to-end/process.ts'
import { expectHarmless, hostile } from './hostile.ts'

let folder = ''
let journal: Journal
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'deadletters-'))
  journal = openJournal({ folder, clock: systemClock, log: silentLog })
  for (const text of ['first result', 'second result']) {
    const number = await journal.accept({
      hash: text,
      source: 'stream',
      service: 'irc',
      message: {
        key: text,
        kind: 'result',
        channel: '#closed',
        whisper: false,
        pretext: '',
        text,
        extra: {},
        link: 'https://st2/#/history/5f/general',
      },
      at: Date.now(),
    })
    await journal.dead(number as number, 'not in the channel', '/invite hubot')
  }
})
afterEach(() => {
  journal.close()
  rmSync(folder, { recursive: true })
})

const deadletters = async (...args: readonly string[]) => {
  const program = startProgram(['deadletters', ...args], { ST2CHATOPS_STATE_DIR: folder })
  const code = await program.exited
  return { code, said: program.said(), stdout: program.stdout() }
}

test('lists them, one a line, or as JSON', async () => {
  const { code, stdout } = await deadletters('list')
  expect(code).toBe(0)
  expect(stdout.trim().split('\n')).toHaveLength(2)
  expect(stdout).toContain('irc:#closed  not in the channel')
  expect(JSON.parse((await deadletters('list', '--json')).stdout)).toMatchObject([
    { number: 1, service: 'irc', channel: '#closed', advice: '/invite hubot' },
    { number: 2 },
  ])
})

test('shows one whole', async () => {
  const { stdout } = await deadletters('show', '2')
  expect(stdout).toContain('second result')
  expect(stdout).toContain('/invite hubot')
  expect(stdout).toContain('https://st2/#/history/5f/general')
})

test('puts one back, beside the running bot, and drops one', async () => {
  expect((await deadletters('retry', '1')).code).toBe(0)
  expect(journal.waiting()).toMatchObject([{ number: 1, message: { text: 'first result' } }])
  expect((await deadletters('drop', 'all')).code).toBe(0)
  expect(journal.deadLetters()).toEqual([])
})

test('one that came from a stranger cannot steer the terminal', async () => {
  const number = await journal.accept({
    hash: 'hostile',
    source: 'stream',
    service: 'irc',
    message: {
      key: 'hostile',
      kind: 'result',
      channel: `#a${hostile}`,
      whisper: false,
      pretext: hostile,
      text: `one\r\ntwo${hostile}`,
      extra: {},
      link: hostile,
    },
    at: Date.now(),
  }) as number
  await journal.dead(number, `no ${hostile}`, `do ${hostile}`)
  for (const args of [['list'], ['list', '--json'], ['show', 'all'], ['show', 'all', '--json']]) {
    expectHarmless((await deadletters(...args)).said)
  }
  expect((await deadletters('show', `${number}`)).stdout).toContain('\none\ntwo')
})

test('says what is not there', async () => {
  const { code, said } = await deadletters('show', '99')
  expect(code).toBe(1)
  expect(said).toContain('There is no dead letter 99.')
  const elsewhere = startProgram(['deadletters', 'list'], { ST2CHATOPS_STATE_DIR: '/nonexistent' })
  expect(await elsewhere.exited).toBe(1)
  expect(elsewhere.said()).toContain('There is no journal in /nonexistent.')
})

test('are shown from a disk that takes nothing more; what would change them says that it cannot', async () => {
  journal.close()
  // Without its index in shared memory the file can be read and not be written, as on a disk that is full.
  const index = join(folder, 'journal.sqlite-shm')
  mkdirSync(index)
  const { code, stdout } = await deadletters('list')
  expect(stdout).toContain('irc:#closed  not in the channel')
  expect(code).toBe(0)
  expect((await deadletters('show', '1')).stdout).toContain('first result')
  const changed = await deadletters('retry', '1')
  expect(changed.code).toBe(1)
  expect(changed.said).toContain('cannot be opened')
  rmdirSync(index)
  journal = openJournal({ folder, clock: systemClock, log: silentLog })
  expect(journal.deadLetters()).toHaveLength(2)
})
