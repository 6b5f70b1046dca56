import { expect, test } from 'bun:test'
import { RetryLater } from '../../../src/chat/adapter.ts'
import { systemClock } from '../../../src/clock.ts'
import { hurriedClock } from '../../fakes/hurried-clock.ts'
import { conference, type Fate, startFakeXmpp } from '../../fakes/xmpp/server.ts'
import { botVariables, connectTo, outgoing, rejection, until } from './connect.ts'

const ops = `ops@${conference}`

const open = async ({ fates = [], hurried = false }: {
  readonly fates?: Fate[]
  readonly hurried?: boolean
} = {}) => {
  const server = await startFakeXmpp({
    people: ['alice'],
    fate: () => fates.shift() ?? 'taken',
  })
  const it = await connectTo(
    botVariables(server.port),
    hurried ? { clock: hurriedClock() } : {},
  )
  await it.up()
  return {
    server,
    it,
    [Symbol.asyncDispose]: async () => {
      await it[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    },
  }
}

test('a room that has forgotten the bot is joined again, and gets its message then', async () => {
  await using world = await open()
  const { server, it } = world
  server.forget(ops)
  const message = outgoing({ channel: ops })
  expect(await rejection(it.connection.send(message))).toBeInstanceOf(RetryLater)
  await it.connection.send(message)
  expect(server.posts.map(({ to }) => to)).toEqual([ops])
})

test('rooms are asked again and again whether the bot is in them', async () => {
  await using server = await startFakeXmpp({ people: [] })
  const variables = botVariables(server.port, { HUBOT_XMPP_KEEPALIVE_INTERVAL: '100' })
  await using it = await connectTo(variables)
  await it.up()
  for (let time = 0; time < 2; time++) {
    server.forget(ops)
    await until(() => server.nickIn(ops) === 'hubot')
    // It is in only when it has heard the room's history.
    await until(() => JSON.stringify(it.log.lines).split('The bot is in a room').length > time + 2)
  }
  expect(it.connection.health().state).toBe('connected')
  expect(JSON.stringify(it.log.lines)).not.toContain('is lost')
})

test('a bot that was away for an hour looks an hour back, and joins its rooms once', async () => {
  await using server = await startFakeXmpp({ people: [] })
  let away = 0
  const clock = { ...systemClock, monotonic: () => systemClock.monotonic() + away }
  await using it = await connectTo(botVariables(server.port), { clock })
  await it.up()
  server.cut()
  await until(() => it.connection.health().state !== 'connected')
  away = 3_600_000
  await it.up()
  expect(server.historiesAsked).toHaveLength(2)
  expect(server.historiesAsked[1]).toBeGreaterThanOrEqual(3_600)
  expect(Bun.inspect(it.log.lines)).not.toContain('could not join')
})

test('a message that nobody confirms is sent again, under the same id', async () => {
  await using world = await open({ fates: ['lost', 'lost'], hurried: true })
  const { server, it } = world
  const message = outgoing({ channel: ops })
  for (let attempt = 0; attempt < 100; attempt++) {
    const error = await rejection(it.connection.send(message))
    if (error === undefined) break
    expect(error).toBeInstanceOf(RetryLater)
  }
  expect(server.posts).toHaveLength(1)
})

test('the nick that somebody else has is taken back when it is free', async () => {
  await using server = await startFakeXmpp({ people: [] })
  server.taken.add('hubot')
  await using it = await connectTo(botVariables(server.port), { clock: hurriedClock() })
  await until(() => server.nickIn(ops) === 'hubot_')
  await until(() => it.connection.self.mentions.includes('hubot_'))
  server.taken.delete('hubot')
  await until(() => it.connection.self.mentions.includes('hubot'))
  expect(server.nickIn(ops)).toBe('hubot')
})

test('a nick may hold anything', async () => {
  await using world = await open()
  const { server, it } = world
  const nick = 'a/b <c> & "d" {{ st2kv.system.x }}'
  server.raw(
    `<message from="${ops}/a/b &lt;c&gt; &amp; &quot;d&quot; {{ st2kv.system.x }}" type="groupchat" id="1"><body>!odd</body></message>`,
  )
  const { user, channel } = await it.hears('!odd')
  expect(user.name).toBe(nick)
  expect(channel).toBe(ops)
  await it.connection.send(outgoing({ channel, user }))
  expect(server.posts.at(-1)?.body).toBe(`${nick}: done`)
})

test('a character that lies across two pieces of the stream is whole', async () => {
  await using world = await open()
  const { server, it } = world
  // The server has answered all that the bot asked: nothing comes in between.
  await it.connection.send(outgoing({ channel: ops }))
  const xml = Buffer.from(
    `<message from="${ops}/alice" type="groupchat"><body>!käse €\u{1f600}</body></message>`,
  )
  for (const byte of xml) {
    server.rawBytes(Buffer.from([byte]))
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect((await it.hears('!käse €\u{1f600}')).text).toBe('!käse €\u{1f600}')
})

test('a stream that is no XML ends the connection, and not the bot', async () => {
  await using world = await open()
  const { server, it } = world
  server.raw('<message><body>&undefined;</oops>')
  await until(() => it.connection.health().state !== 'connected')
  await it.up()
  server.say(ops, 'alice', '!help')
  await it.hears('!help')
})

test('an element without an end ends the connection; a long one does not', async () => {
  await using world = await open()
  const { server, it } = world
  const long = `!${'x'.repeat(500_000)}`
  server.say(ops, 'alice', long)
  await it.hears(long)
  server.raw(`<message from="${ops}/alice" type="groupchat"><body>`)
  for (let piece = 0; piece < 40; piece++) server.raw('x'.repeat(64 * 1024))
  expect(await it.says('is lost')).toContain('more than 1024 KiB')
  await it.up()
  server.say(ops, 'alice', '!help')
  await it.hears('!help')
})
