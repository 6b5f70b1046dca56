import { expect, test } from 'bun:test'
import { startFakeIrc } from '../../fakes/irc/server.ts'
import { connectTo, type Variables } from './connect.ts'

const tags = ['message-tags', 'server-time', 'account-tag']

type Server = {
  readonly capabilities?: readonly string[]
  readonly support?: string
  readonly since?: string
}

const open = async (
  variables: Variables = {},
  { capabilities = tags, support = '', since }: Server = {},
) => {
  const server = await startFakeIrc({
    capabilities,
    support: `CASEMAPPING=rfc1459 CHANTYPES=# ${support}`,
    ...(since !== undefined && { since }),
  })
  const it = await connectTo(server.port, variables)
  await it.up()
  return {
    server,
    it,
    /** All that is heard of these lines. */
    hear: async (...lines: readonly string[]) => {
      for (const line of lines) server.raw(line)
      server.raw(':last!~l@h PRIVMSG #ops :the last')
      for (let index = 0;; index++) {
        if ((await it.message(index)).text === 'the last') return it.heard.slice(0, index)
      }
    },
    [Symbol.asyncDispose]: async () => {
      await it[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    },
  }
}

test('a message has the ids, the time and the account that the server gives', async () => {
  await using room = await open()
  const [message] = await room.hear(
    '@time=2026-11-22T12:34:56.789Z;account=alice;msgid=abc :al!~a@host PRIVMSG #OPS :!help',
  )
  expect(message).toEqual({
    id: 'abc',
    channel: '#ops',
    user: { id: 'alice al', name: 'alice' },
    text: '!help',
    direct: false,
    at: Date.UTC(2026, 10, 22, 12, 34, 56, 789),
  })
})

test('what a bouncer repeats of the time before the bot came is not heard, by the clock of the server', async () => {
  await using room = await open({}, { since: '2020-01-01T12:00:00.000Z' })
  const heard = await room.hear(
    '@time=2020-01-01T11:59:59.000Z :al!~a@h PRIVMSG #ops :!deploy',
    '@time=2020-01-01T11:59:59.000Z :al!~a@h PRIVMSG hubot :deploy',
    '@time=2020-01-01T12:00:01.000Z :al!~a@h PRIVMSG #ops :!help',
  )
  expect(heard.map(({ text }) => text)).toEqual(['!help'])
})

test('a server that does not tell accounts is no place for HUBOT_IRC_REQUIRE_ACCOUNT', async () => {
  await using room = await open({ HUBOT_IRC_REQUIRE_ACCOUNT: 'true' }, { capabilities: [] })
  expect(room.it.log.lines.filter(({ level }) => level === 'error')).toMatchObject([
    { message: 'The server does not tell accounts: the bot listens to nobody.' },
  ])
})

test('without them it has ids of its own, which no other run of the bot gives', async () => {
  const ids: string[] = []
  for (let run = 0; run < 2; run++) {
    await using room = await open({}, { capabilities: [] })
    const heard = await room.hear(':al!~a@h PRIVMSG #ops :one', ':al!~a@h PRIVMSG hubot :two')
    ids.push(...heard.map(({ id }) => id))
    expect(heard[0]?.user).toEqual({ id: 'al!~a@h', name: 'al' })
    expect(heard[1]).toMatchObject({ channel: 'al', direct: true })
  }
  expect(new Set(ids).size).toBe(4)
})

test('an account that the server does not vouch for is nobody', async () => {
  await using room = await open({}, { capabilities: ['message-tags'] })
  const [message] = await room.hear('@account=admin :mallory!m@h PRIVMSG #ops :!deploy')
  expect(message?.user.name).toBe('mallory')
})

test('what is no message of a person is not heard', async () => {
  await using room = await open({ HUBOT_IRC_IGNORE_USERS: 'OtherBot, [x]' })
  const heard = await room.hear(
    ':al!~a@h NOTICE #ops :!help',
    ':al!~a@h NOTICE hubot :help',
    ':irc.test.net NOTICE hubot :help',
    ':irc.test.net PRIVMSG #ops :!from a server',
    ':hubot!~h@h PRIVMSG #ops :!own',
    ':HUBOT!~h@h PRIVMSG #ops :!own',
    ':otherbot!~o@h PRIVMSG #ops :!ignored',
    ':{X}!~o@h PRIVMSG #ops :!ignored',
    ':al!~a@h PRIVMSG #ops :\x01PING 1\x01',
    ':al!~a@h PRIVMSG #ops :\x02\x02',
    ':al!~a@h TAGMSG #ops',
  )
  expect(heard).toEqual([])
  expect(room.server.lines.filter((line) => /^(NOTICE|PRIVMSG)/.test(line))).toEqual([])
})

test('a message for some of a channel belongs to the channel', async () => {
  await using room = await open({}, { support: 'STATUSMSG=@+' })
  const [message] = await room.hear(':al!~a@h PRIVMSG @#ops :!help')
  expect(message).toMatchObject({ channel: '#ops', direct: false })
})

test('HUBOT_IRC_PRIVATE leaves private messages alone', async () => {
  await using room = await open({ HUBOT_IRC_PRIVATE: 'true' })
  expect(await room.hear(':al!~a@h PRIVMSG hubot :help')).toEqual([])
})
