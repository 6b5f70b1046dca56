import { describe, expect, test } from 'bun:test'
import { irc } from '../../../adapters/irc/index.ts'
import { describeSetup, readSetup } from '../../../adapters/irc/setup.ts'
import { startFakeIrc } from '../../fakes/irc/server.ts'
import { hurriedClock } from '../../fakes/hurried-clock.ts'
import { connectTo, optionsOf, until, type Variables } from './connect.ts'

const everything = ['message-tags', 'server-time', 'account-tag', 'sasl=PLAIN,EXTERNAL']

describe('a nick', () => {
  test('that is taken gets a number behind it, and people may still call the bot by it', async () => {
    await using server = await startFakeIrc({ taken: ['hubot', 'hubot1'] })
    await using it = await connectTo(server.port)
    await it.up()
    expect(it.connection.self).toEqual({ id: 'hubot2', name: 'hubot2', mentions: ['hubot'] })
  })

  test('that leaves no room for a number loses its end', async () => {
    const nick = 'stackbots'
    await using server = await startFakeIrc({ taken: [nick], nickLength: 9 })
    await using it = await connectTo(server.port, { HUBOT_IRC_NICK: nick })
    await it.up()
    expect(it.connection.self.name).toBe('stackbot1')
  })

  test('that the server cuts is the nick there', async () => {
    await using server = await startFakeIrc({ cutsNicks: 9 })
    const clock = hurriedClock()
    const nick = 'stackstorm-bot'
    await using it = await connectTo(server.port, { HUBOT_IRC_NICK: nick }, { clock })
    await it.up()
    expect(it.connection.self).toMatchObject({ name: 'stackstor', mentions: [nick] })
    await until(() => clock.waits.filter((ms) => ms === 60_000).length > 3)
    expect(server.lines.filter((line) => line.startsWith('NICK'))).toEqual([`NICK ${nick}`])
    expect(it.log.lines.filter(({ level }) => level === 'warn')).toEqual([])
  })

  test('that is none is told with what to do', async () => {
    await using server = await startFakeIrc({ nickLength: 9 })
    await using it = await connectTo(server.port, { HUBOT_IRC_NICK: 'much-too-long' })
    await until(() => it.connection.health().state === 'failed')
    expect(it.connection.health().error).toContain('HUBOT_IRC_NICK')
  })

  test('may be given by services at any time', async () => {
    await using server = await startFakeIrc()
    await using it = await connectTo(server.port)
    await it.up()
    const before = it.connection.self
    expect(it.connection.self).toBe(before)
    server.raw(':hubot!~hubot@127.0.0.1 NICK :Guest12345')
    await until(() => it.connection.self.name === 'Guest12345')
    server.say({ from: 'hubot', to: '#ops', text: '!not me any more' })
    server.say({ from: 'Guest12345', to: '#ops', text: '!me' })
    server.say({ from: 'alice', to: 'guest12345', text: 'help' })
    expect((await it.message(0)).text).toBe('!not me any more')
    expect(await it.message(1)).toMatchObject({ text: 'help', direct: true })
  })

  test('is HUBOT_NAME where no other is set', async () => {
    expect((await optionsOf({ HUBOT_NAME: 'bender' })).HUBOT_IRC_NICK).toBe('bender')
    expect((await optionsOf({})).HUBOT_IRC_NICK).toBe('hubot')
  })
})

describe('a server', () => {
  test('that knows no capabilities lets the bot in', async () => {
    await using server = await startFakeIrc()
    await using it = await connectTo(server.port)
    await it.up()
    expect(server.lines.slice(0, 3)).toEqual([
      'CAP LS 302',
      'NICK hubot',
      'USER nodebot 8 * :nodeJS IRC client',
    ])
  })

  test('that has some is asked for those that tell who speaks and when', async () => {
    await using server = await startFakeIrc({
      capabilities: ['batch', 'echo-message', ...everything],
    })
    await using it = await connectTo(server.port)
    await it.up()
    expect(server.lines).toContain('CAP REQ :account-tag echo-message message-tags server-time')
  })

  test('that wants a password gets it first; a wrong one is told, and tried again', async () => {
    await using server = await startFakeIrc({ password: 'open' })
    const clock = hurriedClock()
    await using it = await connectTo(server.port, { HUBOT_IRC_PASSWORD: 'shut' }, { clock })
    await until(() => clock.waits.includes(60_000))
    expect(it.connection.health()).toMatchObject({ state: 'failed' })
    expect(it.connection.health().error).toContain('HUBOT_IRC_PASSWORD')
    await until(() => server.lines.filter((line) => line === 'PASS shut').length > 1)
    expect(it.log.lines.filter(({ level }) => level === 'error')).toHaveLength(1)
  })

  test('that offers no SASL never sees the password', async () => {
    for (const capabilities of [[], ['message-tags'], ['sasl=EXTERNAL']]) {
      await using server = await startFakeIrc({ capabilities })
      await using it = await connectTo(server.port, {
        HUBOT_IRC_USESASL: 'true',
        HUBOT_IRC_PASSWORD: 'pa55word',
      })
      await until(() => it.connection.health().state === 'failed')
      expect(it.connection.health().error).toContain('HUBOT_IRC_USESASL')
      expect(server.lines.some((line) => /^(AUTHENTICATE|PASS)/.test(line))).toBeFalse()
    }
  })

  test('sees a user name that it takes, whatever the account is called', async () => {
    await using server = await startFakeIrc()
    await using it = await connectTo(server.port, { HUBOT_IRC_USERNAME: '-bot@corp.example' })
    await it.up()
    expect(server.lines).toContain('USER bot 8 * :nodeJS IRC client')
  })

  test('that takes no user name says so, with what to do', async () => {
    await using server = await startFakeIrc({ refusesUser: true })
    await using it = await connectTo(server.port)
    await until(() => it.connection.health().state === 'failed')
    expect(it.connection.health().error).toContain('HUBOT_IRC_USERNAME')
  })

  test("gets the operator's own command once it has let the bot in, in one line", async () => {
    await using server = await startFakeIrc()
    await using it = await connectTo(server.port, {
      HUBOT_IRC_CONNECT_COMMAND: 'PRIVMSG Q@CServe :AUTH me pa55word\nQUIT',
      HUBOT_IRC_DEBUG: 'on',
    })
    await it.up()
    const command = server.lines.indexOf('PRIVMSG Q@CServe :AUTH me pa55word QUIT')
    expect(command).toBeGreaterThan(2)
    expect(server.lines.findIndex((line) => line.startsWith('JOIN'))).toBeGreaterThan(command)
    expect(JSON.stringify(it.log.lines)).not.toContain('pa55word')
  })
})

describe('check', () => {
  const describeIt = async (variables: Variables) =>
    describeSetup(
      await optionsOf({
        HUBOT_IRC_SERVER: 'irc.example.com',
        HUBOT_IRC_ROOMS: '#a,#b key',
        ...variables,
      }),
    )

  test('says how it will connect', async () => {
    expect(await describeIt({})).toBe(
      'irc.example.com:6667 without TLS, as hubot, no login, 2 channels',
    )
    expect(
      await describeIt({
        HUBOT_IRC_PORT: '6697',
        HUBOT_IRC_USESSL: 'yes',
        HUBOT_IRC_USESASL: '1',
        HUBOT_IRC_PASSWORD: 'x',
      }),
    ).toBe('irc.example.com:6697 with TLS, as hubot, SASL PLAIN, 2 channels')
    expect(await describeIt({ HUBOT_IRC_NICKSERV_PASSWORD: 'x' })).toContain('NickServ')
  })

  const never: readonly (readonly [string, Variables, RegExp])[] = [
    ['SASL without a password', { HUBOT_IRC_USESASL: 'true' }, /HUBOT_IRC_PASSWORD/],
    [
      'EXTERNAL without a certificate',
      { HUBOT_IRC_USESASL: 'true', HUBOT_IRC_SASL_MECHANISM: 'EXTERNAL' },
      /HUBOT_IRC_CLIENT_CERTIFICATE/,
    ],
    [
      'a certificate without its key',
      { HUBOT_IRC_USESSL: 'true', HUBOT_IRC_CLIENT_CERTIFICATE: '/cert.pem' },
      /HUBOT_IRC_CLIENT_KEY/,
    ],
    [
      'a certificate without TLS',
      { HUBOT_IRC_CLIENT_CERTIFICATE: '/cert.pem', HUBOT_IRC_CLIENT_KEY: '/key.pem' },
      /HUBOT_IRC_USESSL/,
    ],
    ['a nick of two words', { HUBOT_IRC_NICK: 'my bot' }, /HUBOT_IRC_NICK/],
    ['channels without commas', { HUBOT_IRC_ROOMS: '#a #b #c' }, /HUBOT_IRC_ROOMS/],
    ['two channels without a comma', { HUBOT_IRC_ROOMS: '#a #b' }, /comma/],
    ['a name that is no channel', { HUBOT_IRC_ROOMS: '#a,ops' }, /"ops"/],
    ['a colon before a channel', { HUBOT_IRC_ROOMS: ':#ops' }, /":#ops"/],
    ['a pace in words', { HUBOT_IRC_UNFLOOD: '500ms' }, /HUBOT_IRC_UNFLOOD is "500ms"/],
    ['a pace of a month', { HUBOT_IRC_UNFLOOD: '3e9' }, /60000/],
    ['a pace below nothing', { HUBOT_IRC_UNFLOOD: '-5' }, /HUBOT_IRC_UNFLOOD/],
    ['a server of blanks', { HUBOT_IRC_SERVER: ' ' }, /HUBOT_IRC_SERVER/],
    ['a server with its port', { HUBOT_IRC_SERVER: 'irc.x:6697' }, /HUBOT_IRC_PORT/],
    ['a server that is a URL', { HUBOT_IRC_SERVER: 'ircs://irc.x' }, /HUBOT_IRC_SERVER/],
  ]
  test.each(never)('refuses %s', async (_, variables, words) => {
    expect(describeIt(variables)).rejects.toThrow(words)
    const options = await optionsOf({
      HUBOT_IRC_SERVER: 'x',
      HUBOT_IRC_ROOMS: '#a',
      ...variables,
    })
    expect(() => irc.check?.(options)).toThrow(words)
  })

  test.each([
    ['true', 1_000],
    ['yes', 1_000],
    ['On', 1_000],
    ['250', 250],
    ['60000', 60_000],
    ['off', undefined],
    ['no', undefined],
    ['0', undefined],
    ['', undefined],
  ])('HUBOT_IRC_UNFLOOD=%s is %p ms between lines', async (text, pace) => {
    expect(readSetup(await optionsOf({ HUBOT_IRC_UNFLOOD: text })).pace).toBe(pace)
  })

  test('an address of IPv6 may stand in brackets', async () => {
    const hosts = ['[::1]', '::1', ' irc.x '].map((host) => optionsOf({ HUBOT_IRC_SERVER: host }))
    expect((await Promise.all(hosts)).map((options) => readSetup(options).host))
      .toEqual(['::1', '::1', 'irc.x'])
  })

  test.each(['false', '0', 'no', 'off', 'OFF', ''])('%j is off, for every switch', async (text) => {
    const switches = [
      'HUBOT_IRC_SERVER_FAKE_SSL',
      'HUBOT_IRC_USESSL',
      'HUBOT_IRC_SERVER_CERT_EXPIRED',
      'HUBOT_IRC_USESASL',
      'HUBOT_IRC_PRIVATE',
      'HUBOT_IRC_IGNOREINVITE',
      'HUBOT_IRC_SEND_NOTICE_MODE',
      'HUBOT_IRC_DEBUG',
      'HUBOT_IRC_REQUIRE_ACCOUNT',
    ] as const
    const options = await optionsOf(Object.fromEntries(switches.map((name) => [name, text])))
    expect(switches.map((name) => options[name])).toEqual(switches.map(() => false))
  })
})
