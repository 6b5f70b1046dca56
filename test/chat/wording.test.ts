import { expect, test } from 'bun:test'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createWording, readTemplates } from '../../src/chat/wording.ts'
import { type Log, type LogFields, silentLog } from '../../src/log.ts'

const listening = (): { log: Log; warnings: string[] } => {
  const warnings: string[] = []
  const log: Log = {
    ...silentLog,
    warn: (message: string, _?: LogFields) => warnings.push(message),
  }
  return { log, warnings }
}

test("an acknowledgement names the execution, and the alias' own words win", () => {
  const word = createWording(silentLog)
  expect(word('acknowledgement', { id: '5f', chance: 0, link: 'https://st2/5f' }))
    .toBe('I am on it! The execution is 5f. (details: https://st2/5f)')
  expect(word('acknowledgement', { id: '5f', chance: 0.99 })).toContain('5f')
  expect(word('acknowledgement', { id: '5f', chance: 0, message: 'Deploying <b>' })).toBe(
    'Deploying <b>',
  )
})

test('an unknown command is answered with suggestions and the way to help', () => {
  const word = createWording(silentLog)
  expect(word('unknown', { command: 'hepl', suggestions: ['help', 'run {{cmd}}'], address: '!' }))
    .toBe(
      '"hepl" is not a command that I know.\nDid you mean:\n    !help\n    !run {{cmd}}\n' +
        'Ask `!help` for all commands, or `!help <words>` to search them.',
    )
})

test('the three truths about a lost answer', () => {
  const word = createWording(silentLog)
  const lost = { command: 'deploy', requestId: 'r1' }
  expect(word('unclear', { ...lost, looked: true, found: { id: '5f', status: 'running' } }))
    .toContain('it did start: execution 5f, now running')
  expect(word('unclear', { ...lost, looked: true })).toContain('nothing was started')
  expect(word('unclear', { ...lost, looked: false })).toContain('I cannot tell')
})

test('chat text is never a template', () => {
  const word = createWording(silentLog)
  const hostile = '<%= process.exit(1) %> ${1+1} {{ 7*7 }}'
  expect(word('failure', { command: hostile })).toContain(hostile)
})

test('what is no file is named, and not read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wording-'))
  await mkdir(join(folder, 'pong.eta'))
  expect(() => readTemplates(folder)).toThrow(`${join(folder, 'pong.eta')} is not a file`)
  await rm(folder, { recursive: true })
})

test("an operator's template replaces ours; a broken one is named and ours speaks", async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wording-'))
  await writeFile(join(folder, 'pong.eta'), 'still here\n')
  await writeFile(join(folder, 'failure.eta'), '<% if ( %>')
  await writeFile(join(folder, 'refused.eta'), '<%= it.nothing.at.all %>')
  await writeFile(join(folder, 'pnog.eta'), 'x')
  await writeFile(join(folder, 'README'), 'not a template')
  const { log, warnings } = listening()
  const word = createWording(log, readTemplates(folder))
  await rm(folder, { recursive: true })
  expect(word('pong', {})).toBe('still here')
  expect(word('failure', { command: 'x' })).toContain('Something went wrong')
  expect(word('refused', { command: 'x', reason: 'no', requestId: 'r' })).toContain('did not run')
  expect(warnings).toHaveLength(3)
  expect(warnings.join('\n')).toContain('There is no message "pnog"')
})

test.each([
  [
    '#nochan',
    'There is no such channel',
    'for #nochan (slack) could not be delivered: There is no such channel. Correct',
  ],
  [
    '',
    'It names no channel.',
    'for no channel (slack) could not be delivered: It names no channel. Correct',
  ],
])('a dead letter for %j is told in whole sentences', (channel, reason, expected) => {
  const words = { number: 3, service: 'slack', channel, reason, advice: 'Correct the channel.' }
  expect(createWording(silentLog)('dead-letter', words)).toContain(expected)
})
