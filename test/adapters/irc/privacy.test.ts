import { describe, expect, test } from 'bun:test'
import { RetryLater, Undeliverable } from '../../../src/chat/adapter.ts'
import type { ChatUser, OutgoingMessage } from '../../../src/chat/message.ts'
import { outgoing, until } from './connect.ts'
import { openRoom, rejection, type Room } from './room.ts'

const tags = ['account-tag', 'message-tags', 'server-time']
const mallory = '!~mallory@evil.test'

/** A room with accounts, in which everything that was sent before `settled` has been heard. */
const open = async (online: Record<string, string> = {}, capabilities = tags) => {
  const room = await openRoom({}, { capabilities, online })
  const settled = async (): Promise<void> => {
    const before = room.it.heard.length
    room.server.say({ from: 'witness', to: '#ops', text: 'that was all' })
    await until(() => room.it.heard.length > before)
  }
  const asks = async (from: string, account?: string, to = 'hubot'): Promise<ChatUser> => {
    const before = room.it.heard.length
    const more = account === undefined ? {} : { tags: `account=${account}` }
    room.server.say({ from, to, text: 'show secrets', ...more })
    return (await room.it.message(before)).user
  }
  return { ...room, settled, asks, online }
}

/** What `mallory` could read of these. */
const send = async ({ it }: Room, ...messages: readonly Partial<OutgoingMessage>[]) => {
  const errors: unknown[] = []
  for (const message of messages) {
    errors.push(await rejection(it.connection.send(outgoing(message))))
  }
  return errors
}

const receivers = ({ server }: Room): readonly string[] => server.taken.map(({ to }) => to)

describe('a name alone', () => {
  test('is that nick, whoever had it for a moment', async () => {
    await using room = await open()
    room.server.raw(`:mallory${mallory} PRIVMSG #ops :hi`)
    room.server.raw(`:mallory${mallory} NICK :dave`)
    room.server.raw(`:dave${mallory} NICK :mallory`)
    room.server.raw(':dave!~dave@127.0.0.1 JOIN :#ops')
    await room.settled()
    const user = { name: 'dave' }
    await send(room, { channel: '@dave' }, { user, whisper: true }, { user, text: 'done' })
    expect(room.server.taken.map(({ to, text }) => `${to} ${text}`))
      .toEqual(['dave done', 'dave done', '#ops dave: done'])
  })

  test('is not an account', async () => {
    await using room = await open({ mallory: 'carol' })
    await room.asks('mallory', 'carol')
    const user = await room.asks('carol')
    await send(room, { channel: 'carol', user }, { user, whisper: true }, { channel: 'carol' })
    expect(receivers(room)).toEqual(['carol', 'carol', 'carol'])
  })
})

describe('whoever is not logged in', () => {
  test('is found under the nick that they have now, never by who has theirs', async () => {
    await using room = await open()
    const user = await room.asks('bob')
    room.server.raw(':bob!~bob@127.0.0.1 NICK :bob2')
    room.server.raw(`:mallory${mallory} NICK :bob`)
    await room.settled()
    await send(room, { user, whisper: true }, { user, channel: 'bob' }, { user })
    expect(receivers(room)).toEqual(['bob2', 'bob2', '#ops'])
    expect(room.server.taken[2]?.text).toBe('bob2: done')
  })

  test.each([
    ['leaves', [':bob!~bob@127.0.0.1 QUIT :bye']],
    ['leaves, and somebody takes the nick', [
      ':bob!~bob@127.0.0.1 QUIT :bye',
      `:bob${mallory} JOIN :#ops`,
    ]],
    ['has another nick and leaves then', [
      ':bob!~bob@127.0.0.1 NICK :bob2',
      `:mallory${mallory} NICK :bob`,
      ':bob2!~bob@127.0.0.1 QUIT :bye',
    ]],
    ['leaves unseen, and somebody else talks', [`:bob${mallory} PRIVMSG #ops :hi`]],
  ])('and %s gets nothing, and nobody else does', async (_, lines) => {
    await using room = await open()
    const user = await room.asks('bob')
    for (const line of lines) room.server.raw(line)
    await room.settled()
    const errors = await send(room, { user, whisper: true }, { user, channel: 'bob' })
    for (const error of errors) expect(error).toBeInstanceOf(Undeliverable)
    expect((errors[0] as Undeliverable).advice).toContain('again')
    expect(receivers(room)).toEqual([])
  })

  test('is written to after a restart and after a reconnect as well', async () => {
    await using room = await open({}, [])
    const user = { id: 'bob!~bob@127.0.0.1', name: 'bob' }
    await send(room, { user, whisper: true })
    await room.asks('bob')
    room.server.cut()
    await until(() => room.it.connection.health().state !== 'connected')
    await room.it.up()
    await send(room, { user, whisper: true }, { user, channel: 'bob' })
    expect(receivers(room)).toEqual(['bob', 'bob', 'bob'])
    expect(room.server.lines.filter((line) => line.startsWith('WHOIS'))).toEqual([])
  })
})

describe('whoever is logged in', () => {
  test('is written to when the server says that it is them, which is asked once for a message', async () => {
    await using room = await open({ al: 'alice' })
    const user = await room.asks('al', 'alice')
    expect(user).toEqual({ id: 'alice al', name: 'alice' })
    await send(room, { user, whisper: true, text: 'a\nb\nc' })
    expect(receivers(room)).toEqual(['al', 'al', 'al'])
    expect(room.server.lines.filter((line) => line.startsWith('WHOIS'))).toEqual(['WHOIS al'])
  })

  test.each([
    ['is away', {}],
    ['has logged out', { al: '' }],
    ['has left, and somebody else has the nick', { al: 'mallory' }],
  ])('and %s gets nothing, and nobody else does', async (_, online) => {
    await using room = await open(online)
    const user = await room.asks('al', 'alice')
    const errors = await send(room, { user, whisper: true }, { user, channel: 'al' })
    for (const error of errors) expect(error).toBeInstanceOf(Undeliverable)
    expect(receivers(room)).toEqual([])
  })

  test('is found under another nick, and after a restart', async () => {
    await using room = await open({ al2: 'alice' })
    const user = await room.asks('al', 'alice')
    room.server.raw(':al!~al@127.0.0.1 NICK :al2')
    await room.settled()
    const later = { id: 'alice al2', name: 'alice' }
    await using restarted = await open({ al2: 'alice' })
    await send(room, { user, whisper: true }, { user, channel: 'al' }, { user, channel: '#dev' })
    await send(restarted, { user: later, whisper: true }, { user: { ...user }, whisper: true })
    expect(receivers(room)).toEqual(['al2', 'al2', '#dev'])
    expect(room.server.taken[2]?.text).toBe('al2: done')
    expect(receivers(restarted)).toEqual(['al2', 'al2'])
  })

  test('is not who speaks under the nick later', async () => {
    await using room = await open({ erin: '' })
    const user = await room.asks('erin', 'erins')
    await room.asks('erin')
    const errors = await send(room, { user, whisper: true })
    expect(errors[0]).toBeInstanceOf(Undeliverable)
    expect(receivers(room)).toEqual([])
  })

  test('and an empty account is none', async () => {
    await using room = await open()
    expect((await room.asks('eve', '')).name).toBe('eve')
  })

  test('waits where the server has had enough of questions', async () => {
    await using room = await open()
    const user = await room.asks('al', 'alice')
    room.server.fail({ kind: 'refuse', numeric: '263', words: () => 'WHOIS :Try again' })
    const [error] = await send(room, { user, whisper: true })
    expect(error).toBeInstanceOf(RetryLater)
  })
})
