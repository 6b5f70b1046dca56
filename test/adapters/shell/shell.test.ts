import { expect, test } from 'bun:test'
import { PassThrough } from 'node:stream'
import { createShell } from '../../../adapters/shell/index.ts'
import { Undeliverable } from '../../../src/chat/adapter.ts'
import type { ChatMessage, OutgoingMessage } from '../../../src/chat/message.ts'
import { systemClock } from '../../../src/clock.ts'
import { silentLog } from '../../../src/log.ts'
import { offline } from '../../fakes/network.ts'

const answer: OutgoingMessage = {
  key: '1',
  kind: 'result',
  channel: 'ops',
  user: { name: 'alice' },
  whisper: false,
  pretext: 'head',
  text: 'body',
  extra: {},
}

const setUp = async () => {
  const input = new PassThrough()
  const output = new PassThrough()
  const heard: ChatMessage[] = []
  const { promise: ended, resolve: end } = Promise.withResolvers<number>()
  const { promise: failed, resolve: fail } = Promise.withResolvers<string>()
  const connection = await createShell({ input, output, colour: false }).connect({
    options: {
      HUBOT_SHELL_USER_NAME: 'alice',
      HUBOT_SHELL_USER_ID: '7',
      HUBOT_SHELL_ROOM: 'ops',
      HUBOT_SHELL_HISTSIZE: 10,
    },
    clock: systemClock,
    log: silentLog,
    signal: new AbortController().signal,
    receive: async (message) => {
      heard.push(message)
    },
    end,
    fail,
    ...offline,
    commands: () => [],
  })
  return { input, output, heard, ended, failed, connection }
}

test('each line of a pipe is a message, and the end of the pipe is told', async () => {
  const { input, heard, ended } = await setUp()
  input.end('!help\n\n/user bob\n/dm\nstatus\n/channel dev\nhubot ping')
  expect(await ended).toBe(3)
  expect(heard).toMatchObject([
    { text: '!help', channel: 'ops', user: { id: '7', name: 'alice' }, direct: false },
    { text: 'status', channel: 'bob', user: { id: 'bob', name: 'bob' }, direct: true },
    { text: 'hubot ping', channel: 'dev', direct: false },
  ])
  expect(new Set(heard.map(({ id }) => id)).size).toBe(3)
})

test('a line of 100 kB comes in whole', async () => {
  const { input, heard, ended } = await setUp()
  input.end(`!${'x'.repeat(100_000)}\n`)
  await ended
  expect(heard[0]?.text).toHaveLength(100_001)
})

test('letters that come in pieces, and line ends of other hosts, are read as they are meant', async () => {
  const { input, heard, ended } = await setUp()
  const bytes = Buffer.from('!grüße\r\n!zwei\r\n')
  for (const byte of bytes) input.write(Buffer.from([byte]))
  input.end()
  await ended
  expect(heard.map(({ text }) => text)).toEqual(['!grüße', '!zwei'])
})

test('nothing is read behind /quit', async () => {
  const { input, heard, ended } = await setUp()
  input.write('!one\n/quit\n!two\n')
  expect(await ended).toBe(1)
  expect(heard).toHaveLength(1)
})

test('input without a line break ends the bot with a sentence', async () => {
  const { input, heard, failed } = await setUp()
  input.write('!one\n')
  const zeros = Buffer.alloc(64 * 1024)
  for (let written = 0; written <= 1024 * 1024; written += zeros.length) input.write(zeros)
  expect(await failed).toContain('no line break within 1 MiB')
  expect(heard).toHaveLength(1)
})

test('an answer says where it was said and for whom alone', async () => {
  const { output, connection } = await setUp()
  let shown = ''
  output.on('data', (chunk) => shown += chunk)
  await connection.send(answer)
  await connection.send({ ...answer, whisper: true, pretext: '' })
  await connection.send({ ...answer, channel: 'dev' })
  expect(shown).toBe(
    'alice: head\nbody\n(to alice alone) body\n[dev] alice: head\nbody\n',
  )
})

test('an answer that nobody can read any more is undeliverable', async () => {
  const { output, connection } = await setUp()
  output.on('error', () => {})
  output.destroy()
  const sent = connection.send(answer)
  expect(sent).rejects.toBeInstanceOf(Undeliverable)
  await sent.catch(() => {})
})

test('what is announced is shown where its person is, and a whisper to that person alone', async () => {
  const { input, connection } = await setUp()
  const place = { channel: 'ops', whisper: false }
  expect(connection.shows?.(place)).toBe(true)
  expect(connection.shows?.({ ...place, channel: '#ops' })).toBe(true)
  expect(connection.shows?.({ ...place, channel: 'dev' })).toBe(false)
  expect(connection.shows?.({ ...place, whisper: true, user: { name: 'alice' } })).toBe(true)
  expect(connection.shows?.({ ...place, whisper: true, user: { name: 'bob' } })).toBe(false)
  input.end()
})
