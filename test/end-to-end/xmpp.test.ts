import { describe, expect, test } from 'bun:test'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { haveOpenssl, selfSigned } from '../fakes/certificate.ts'
import { startConnectProxy } from '../fakes/connect-proxy.ts'
import { type Person, type SeenMessage, startPerson } from '../fakes/xmpp/person.ts'
import { haveProsody, type Prosody, type ProsodyOptions, startProsody } from '../servers/prosody.ts'
import type { ChatBot } from './chat-bot.ts'
import { compileForTests } from './compiled.ts'
import { botPassword, startXmppBot } from './xmpp-bot.ts'

/** Only to notice that something hangs; ms. */
const limit = 60_000

const { folder, executable } = compileForTests(haveProsody)

const ops = 'ops@conference.localhost'
const users = { hubot: botPassword, alice: 'alice', bob: 'bob' } as const

const startServer = (more: Partial<ProsodyOptions> = {}): Promise<Prosody> =>
  startProsody({ users, ...more })

const personOn = ({ port, domain }: Prosody, name: 'alice' | 'bob'): Promise<Person> =>
  startPerson({ port, domain, name, password: users[name] })

type Variables = Readonly<Record<string, string>>

/** A bot that is up, in `ops` with alice. */
const start = async (
  server: Prosody,
  variables: Variables = {},
): Promise<AsyncDisposable & { readonly bot: ChatBot; readonly alice: Person }> => {
  const bot = await startXmppBot({ executable: executable(), port: server.port, variables })
  await bot.program.until(/Connected to XMPP/)
  await bot.program.until(/aliases loaded/)
  const alice = await personOn(server, 'alice')
  await alice.join(ops, 'alice')
  return {
    bot,
    alice,
    [Symbol.asyncDispose]: async () => {
      await alice[Symbol.asyncDispose]()
      await bot[Symbol.asyncDispose]()
    },
  }
}

const fromBot = ({ messages }: Person): readonly SeenMessage[] =>
  messages.filter(({ from }) => from === `${ops}/hubot` || from.startsWith('hubot@'))

const pong = ({ body }: SeenMessage): boolean => body === 'PONG'

describe.skipIf(!haveProsody)('the executable on a real XMPP server (prosody)', () => {
  test(
    'a command is acknowledged, its result comes, and StackStorm hears who and where',
    async () => {
      await using server = await startServer()
      await using it = await start(server)
      it.alice.say(ops, '!run echo hello from chat on localhost')
      await it.alice.sees(({ body }) => body.includes('stdout : hello'))
      const [acknowledgement, result] = fromBot(it.alice)
      expect(acknowledgement?.body).toContain('https://st2.example.com/#/history/')
      expect(result?.body).toStartWith('alice: \nAction core.remote completed.')
      const [command] = it.bot.sandbox.executions()
      expect(command?.context).toMatchObject({ api_user: 'alice', source_channel: ops })
    },
    limit,
  )

  test('a command in private is answered in private, its result as well', async () => {
    await using server = await startServer()
    await using it = await start(server)
    it.alice.tell('hubot@localhost', 'run echo hello from chat on localhost')
    const { type } = await it.alice.sees(({ body }) => body.includes('stdout : hello'))
    expect(type).toBe('chat')
    expect(fromBot(it.alice).map(({ from }) => from.split('/')[0])).not.toContain(ops)
    expect(it.bot.sandbox.executions()[0]?.context)
      .toMatchObject({ api_user: 'alice', source_channel: 'alice@localhost' })
  }, limit)

  test('a command in private within a room is answered within the room, in private', async () => {
    await using server = await startServer()
    await using it = await start(server)
    await using bob = await personOn(server, 'bob')
    await bob.join(ops, 'bob')
    it.alice.tell(`${ops}/hubot`, '!run echo hello from chat on localhost')
    const { from, type } = await it.alice.sees(({ body }) => body.includes('stdout : hello'))
    expect({ from, type }).toEqual({ from: `${ops}/hubot`, type: 'chat' })
    expect(bob.messages).toEqual([])
    expect(it.bot.sandbox.executions()[0]?.context)
      .toMatchObject({ api_user: 'alice', source_channel: `${ops}/alice` })
  }, limit)

  test('20 kB of result arrive whole and in order', async () => {
    await using server = await startServer()
    await using it = await start(server, { ST2_MAX_MESSAGE_LENGTH: '0' })
    const lines = Array.from({ length: 1_000 }, (_, number) => `<line & number ${number}>`)
    await it.bot.announce({ channel: ops, message: lines.join('\n') })
    await it.alice.sees(({ body }) => body.includes('number 999>'))
    const bodies = fromBot(it.alice).map(({ body }) => body)
    expect(bodies.map((body) => body.replace(/^\(\d+\/\d+\) /, '')).join('\n').split('\n'))
      .toEqual(lines)
    expect(bodies.length).toBeGreaterThan(4)
  }, limit)

  test('a whisper goes to one person; what XML has no place for does no harm', async () => {
    await using server = await startServer()
    await using it = await start(server)
    await using bob = await personOn(server, 'bob')
    await bob.join(ops, 'bob')
    const odd = '\u001b[31mred\u001b[0m \u0000\u0007]]> </message> \ud800 end'
    await it.bot.announce({ channel: ops, user: 'bob', whisper: true, message: odd })
    const { type, body, from } = await bob.sees(({ body }) => body.includes('end'))
    expect({ type, from }).toEqual({ type: 'chat', from: 'hubot@localhost/st2chatops' })
    expect(body).toContain('red ]]> </message>')
    await it.bot.announce({ channel: ops, user: 'alice', message: odd })
    await it.alice.sees(({ body }) => body.startsWith('alice: red'))
    expect(fromBot(it.alice)).toHaveLength(1)
    expect(it.bot.program.said()).not.toContain('is lost')
  }, limit)

  test('in a room that hides who people are, a whisper goes through the room', async () => {
    await using server = await startServer({ rooms: 'muc_room_default_public_jids = false' })
    await using bob = await personOn(server, 'bob')
    // Only moderators see addresses there, and whoever makes the room is one.
    await bob.join(ops, 'bob')
    await using it = await start(server)
    it.alice.say(ops, '!ping')
    await it.alice.sees(pong)
    await it.bot.announce({ channel: ops, user: 'alice', whisper: true, message: 'for your eyes' })
    const { from, type } = await it.alice.sees(({ body }) => body === 'for your eyes')
    expect({ from, type }).toEqual({ from: `${ops}/hubot`, type: 'chat' })
    expect(bob.messages.map(({ body }) => body)).toEqual(['!ping', 'PONG'])
  }, limit)

  test('history, subjects and corrections are no commands; people are', async () => {
    await using server = await startServer()
    await using bob = await personOn(server, 'bob')
    await bob.join(ops, 'bob')
    bob.say(ops, '!run echo old on localhost')
    await bob.sees(({ body }) => body.includes('old'))
    bob.tell('hubot@localhost', 'run echo offline on localhost')
    await using it = await start(server)
    bob.raw(
      `<message type="groupchat" to="${ops}"><subject>!run echo a on localhost</subject></message>`,
    )
    bob.say(ops, '!run echo b on localhost', '<replace id="1" xmlns="urn:xmpp:message-correct:0"/>')
    bob.say(ops, '!ping')
    await it.alice.sees(pong)
    expect(it.bot.sandbox.executions()).toEqual([])
    expect(fromBot(it.alice)).toHaveLength(1)
  }, limit)

  test('whoever kicks the bot gets it back', async () => {
    await using server = await startServer()
    await using bob = await personOn(server, 'bob')
    await bob.join(ops, 'bob')
    await using it = await start(server)
    const before = bob.stanzas.length
    bob.kick(ops, 'hubot', 'out with you')
    await it.bot.program.until(/is out of a room.*it was kicked \(out with you\)/)
    await bob.notices((stanza) =>
      stanza.name === 'presence' && stanza.attrs['from'] === `${ops}/hubot` &&
      stanza.attrs['type'] === undefined && bob.stanzas.indexOf(stanza) >= before
    )
    bob.say(ops, '!ping')
    await bob.sees(pong)
  }, limit)

  test('a nick that somebody else has is replaced, and the room hears the bot by it', async () => {
    await using server = await startServer()
    await using bob = await personOn(server, 'bob')
    await bob.join(ops, 'hubot')
    await using it = await start(server)
    it.alice.say(ops, 'hubot_: ping')
    const { from } = await it.alice.sees(pong)
    expect(from).toBe(`${ops}/hubot_`)
    expect(it.bot.program.said()).toContain('Somebody else has the nick of the bot')
  }, limit)

  test('rooms with passwords open; a wrong one is named with advice, and never shown', async () => {
    await using server = await startServer()
    await using bob = await personOn(server, 'bob')
    for (const room of ['vault', 'cellar']) {
      await bob.join(`${room}@conference.localhost`, 'bob')
      await bob.ask('set', `${room}@conference.localhost`, passwordRoom('s3cret'))
    }
    await using it = await start(server, {
      HUBOT_XMPP_ROOMS:
        `${ops},vault@conference.localhost:s3cret,cellar@conference.localhost:wr0ng`,
    })
    bob.say('vault@conference.localhost', '!ping')
    await bob.sees(pong)
    const said = it.bot.program.said()
    expect(said).toContain('The bot could not join a room')
    expect(said).toContain('as room@service:password')
    expect(said).not.toContain('s3cret')
    expect(said).not.toContain('wr0ng')
    await it.bot.announce({ channel: 'cellar@conference.localhost', message: 'never seen' })
    await it.bot.program.until(/could not be delivered.*cellar/)
  }, limit)

  test('a wrong password is said with advice, and not tried at once again', async () => {
    await using server = await startServer()
    await using bot = await startXmppBot({
      executable: executable(),
      port: server.port,
      variables: { HUBOT_XMPP_PASSWORD: 'wr0ng-password' },
    })
    const said = await bot.program.until(/refused the login/)
    expect(said).toContain('Correct HUBOT_XMPP_USERNAME')
    expect(said).not.toContain('wr0ng-password')
  }, limit)

  test('a server that is not there yet is waited for', async () => {
    await using server = await startServer()
    await server.stop('SIGTERM')
    await using bot = await startXmppBot({ executable: executable(), port: server.port })
    await bot.program.until(/could not be opened.*nothing takes connections there/)
    await server.start()
    await bot.program.until(/Connected to XMPP/)
  }, limit)

  test('results that come while the server is away are in the room when it is back', async () => {
    await using server = await startServer()
    await using it = await start(server)
    await server.stop('SIGKILL')
    await it.bot.program.until(/connection to XMPP is lost/)
    await it.bot.announce({ channel: ops, message: 'while it was away' })
    await server.start()
    await using bob = await personOn(server, 'bob')
    await bob.join(ops, 'bob')
    await bob.sees(({ body }) => body === 'while it was away')
    bob.say(ops, '!ping')
    await bob.sees(pong)
    expect(bob.messages.filter(({ body }) => body === 'while it was away')).toHaveLength(1)
  }, limit)

  test('50 rooms are joined, and each hears its own results', async () => {
    await using server = await startServer()
    const rooms = Array.from({ length: 50 }, (_, number) => `room-${number}@conference.localhost`)
    await using it = await start(server, { HUBOT_XMPP_ROOMS: [ops, ...rooms].join(',') })
    await it.bot.program.until(/in its rooms\..*joined=51 of=51/)
    for (const room of rooms) await it.alice.join(room, 'alice')
    for (const room of rooms) await it.bot.announce({ channel: room, message: `for ${room}` })
    for (const room of rooms) {
      const { from } = await it.alice.sees(({ body }) => body === `for ${room}`)
      expect(from).toBe(`${room}/hubot`)
    }
  }, limit)

  test('it leaves in good order: the room sees it go at once', async () => {
    await using server = await startServer()
    await using it = await start(server)
    it.bot.program.signal('SIGTERM')
    await it.alice.notices(({ attrs }) =>
      attrs['from'] === `${ops}/hubot` && attrs['type'] === 'unavailable'
    )
    expect(await it.bot.program.exited).toBe(0)
  }, limit)
})

describe.skipIf(!haveProsody || !haveOpenssl)('the executable and TLS', () => {
  const ways: readonly (readonly [string, (server: Prosody) => Variables])[] = [
    ['STARTTLS', () => ({ HUBOT_XMPP_DISALLOW_TLS: '' })],
    ['TLS from the first byte', ({ tlsPort }) => ({
      HUBOT_XMPP_DISALLOW_TLS: '',
      HUBOT_XMPP_LEGACYSSL: '1',
      HUBOT_XMPP_PORT: String(tlsPort),
    })],
    ['a WebSocket with TLS', ({ secureWebsocket }) => ({ HUBOT_XMPP_WEBSOCKET: secureWebsocket })],
  ]
  for (const [way, variables] of ways) {
    test(
      `${way}: a self-signed certificate is refused with advice, or accepted by option`,
      async () => {
        await using server = await startServer({ certificate: selfSigned('localhost') })
        await using bot = await startXmppBot({
          executable: executable(),
          port: server.port,
          variables: variables(server),
        })
        await bot.program.until(/could not be opened.*self.signed/i)
        expect(bot.program.said()).toContain('NODE_EXTRA_CA_CERTS')
        await using it = await start(server, {
          ...variables(server),
          HUBOT_XMPP_ACCEPT_ANY_CERTIFICATE: 'true',
        })
        it.alice.say(ops, '!ping')
        await it.alice.sees(pong)
      },
      limit,
    )

    test(`${way}: a certificate of a known authority is verified, through a proxy`, async () => {
      const certificate = selfSigned('localhost', '127.0.0.1', 'xmpp.test')
      await using server = await startServer({ certificate, hosts: ['xmpp.test'] })
      const {
        HUBOT_XMPP_PORT: port = String(server.port),
        HUBOT_XMPP_WEBSOCKET: websocket,
        ...more
      } = variables(server)
      await using proxy = await startConnectProxy({
        hosts: { 'xmpp.test': Number(websocket === undefined ? port : new URL(websocket).port) },
      })
      const ca = join(folder(), 'ca.pem')
      writeFileSync(ca, certificate.cert)
      await using it = await start(server, {
        ...more,
        HUBOT_XMPP_HOST: 'xmpp.test',
        HUBOT_XMPP_PORT: port,
        ...(websocket !== undefined && {
          HUBOT_XMPP_WEBSOCKET: websocket.replace('127.0.0.1', 'xmpp.test'),
        }),
        NODE_EXTRA_CA_CERTS: ca,
        HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
      })
      it.alice.say(ops, '!ping')
      await it.alice.sees(pong)
      expect(proxy.requests.length).toBeGreaterThan(0)
    }, limit)
  }

  test('a server without TLS is not told the password', async () => {
    await using server = await startServer()
    await using bot = await startXmppBot({
      executable: executable(),
      port: server.port,
      variables: { HUBOT_XMPP_DISALLOW_TLS: '' },
    })
    await bot.program.until(/offers no TLS.*HUBOT_XMPP_DISALLOW_TLS/)
    expect(server.log()).not.toContain('Authenticated as hubot')
  }, limit)
})

const passwordRoom = (secret: string): string => {
  const field = (name: string, value: string) =>
    `<field var="${name}"><value>${value}</value></field>`
  return `<query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit">${
    field('FORM_TYPE', 'http://jabber.org/protocol/muc#roomconfig')
  }${field('muc#roomconfig_passwordprotectedroom', '1')}${
    field('muc#roomconfig_roomsecret', secret)
  }</x></query>`
}
