import { describe, expect, test } from 'bun:test'
import { type AddressInfo, createServer as createPlainServer } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { haveOpenssl, selfSigned } from '../../fakes/certificate.ts'
import { haveRecordings, recording } from '../../recordings.ts'
import { parseLine } from '../../../adapters/irc/line.ts'
import { startConnectProxy } from '../../fakes/connect-proxy.ts'
import { createManualClock } from '../../fakes/clock.ts'
import { hurriedClock } from '../../fakes/hurried-clock.ts'
import { joinIrc } from '../../fakes/irc/person.ts'
import { startFakeIrc } from '../../fakes/irc/server.ts'
import { startRelay } from '../../fakes/relay.ts'
import { haveMicrosocks, proxyUser, startMicrosocks } from '../../servers/proxies.ts'
import { connectTo, outgoing, until } from './connect.ts'

/** Only to notice that something hangs; ms. */
const limit = 30_000

describe('a connection', () => {
  test('that falls silent is asked for a sign of life, and given up without one', async () => {
    await using server = await startFakeIrc()
    await using relay = await startRelay(server.port)
    const clock = createManualClock()
    await using it = await connectTo(relay.port, {}, { clock })
    await it.up()
    const pings = () => server.lines.filter((line) => line.startsWith('PING')).length
    const before = pings()
    await clock.advance(15_000)
    await until(() => pings() === before + 1)
    expect(it.connection.health().state).toBe('connected')
    relay.freeze()
    await clock.advance(23_000)
    await until(() => it.connection.health().state === 'connecting')
    expect(it.connection.health().error).toContain('silent')
    await clock.advance(2_000)
    await until(() => it.connection.health().state === 'connected')
  }, limit)

  test('is tried for ever, the first one as well, and says so once', async () => {
    await using server = await startFakeIrc()
    const { port } = server
    await server[Symbol.asyncDispose]()
    const clock = hurriedClock()
    await using it = await connectTo(port, {}, { clock })
    await until(() => clock.waits.length > 30)
    expect(it.connection.health().state).toBe('connecting')
    expect(it.log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1)
    expect(Math.max(...clock.waits)).toBeLessThanOrEqual(60_000)
  }, limit)

  test('that comes back is in all its channels again, also those it was invited to', async () => {
    await using server = await startFakeIrc()
    await using it = await connectTo(server.port, {}, { clock: hurriedClock() })
    await it.up()
    server.raw(':alice!a@h INVITE hubot :#war-room')
    await until(() => server.members('#war-room').length === 1)
    for (let times = 0; times < 5; times++) {
      server.cut()
      await until(() => server.members('#ops').length === 0)
      await until(() => it.connection.health().state === 'connected')
      expect(['#ops', '#dev', '#war-room'].map((name) => server.members(name))).toEqual([
        ['hubot'],
        ['hubot'],
        ['hubot'],
      ])
    }
  }, limit)

  test.skipIf(!haveOpenssl)('with and without TLS at the wrong port says so', async () => {
    const plain = createPlainServer((socket) => {
      socket.on('error', () => {}).write(':irc.test.net NOTICE * :*** Looking up your hostname\r\n')
    })
    const tls = createTlsServer(selfSigned('127.0.0.1')).on('tlsClientError', () => {})
    for (const [server, HUBOT_IRC_USESSL] of [[plain, 'true'], [tls, 'false']] as const) {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as AddressInfo
      await using it = await connectTo(port, { HUBOT_IRC_USESSL }, { clock: hurriedClock() })
      await until(() => it.connection.health().error !== undefined)
      expect(it.connection.health().error).toContain(`HUBOT_IRC_USESSL right for port ${port}`)
      server.close()
    }
  }, limit)

  test(
    'through a proxy that is away is no matter for a person, a "%" in its password is',
    async () => {
      const by = (https: string) => ({ host: 'irc.test', proxy: { https } })
      await using away = await connectTo(6667, {}, by('http://127.0.0.1:1'))
      await until(() => away.connection.health().error !== undefined)
      expect(away.connection.health().state).toBe('connecting')
      await using proxy = await startConnectProxy({ hosts: {} })
      await using wrong = await connectTo(6667, {}, by(`http://u:p%zw@127.0.0.1:${proxy.port}`))
      await until(() => wrong.connection.health().error !== undefined)
      expect(wrong.connection.health()).toMatchObject({ state: 'failed' })
      expect(wrong.connection.health().error).toContain('%25')
      expect(wrong.connection.health().error).not.toContain('p%zw')
    },
    limit,
  )

  test('has a goodbye', async () => {
    await using server = await startFakeIrc()
    await using it = await connectTo(server.port)
    await it.up()
    await it.connection.close()
    expect(server.lines.at(-1)).toStartWith('QUIT ')
    expect(it.log.lines.filter(({ level }) => level === 'warn')).toEqual([])
  }, limit)

  test('goes through an HTTP proxy', async () => {
    await using server = await startFakeIrc()
    await using proxy = await startConnectProxy({ hosts: { 'irc.test': server.port } })
    const all = `http://127.0.0.1:${proxy.port}`
    await using it = await connectTo(server.port, {}, { host: 'irc.test', proxy: { all } })
    await it.up()
    expect(proxy.requests.map(({ target }) => target)).toEqual([`CONNECT irc.test:${server.port}`])
  }, limit)

  test.skipIf(!haveMicrosocks)('goes through a SOCKS proxy', async () => {
    await using server = await startFakeIrc()
    await using proxy = await startMicrosocks()
    const by = (password: string) => ({
      all: `socks5h://${proxyUser.user}:${password}@127.0.0.1:${proxy.port}`,
    })
    // Loopback is always direct; this is a name for it that nobody counts as such.
    const host = '0.0.0.0'
    await using wrong = await connectTo(server.port, {}, { host, proxy: by('wrong') })
    await until(() => wrong.connection.health().state === 'failed')
    expect(wrong.connection.health().error).toContain('proxy')
    await using it = await connectTo(server.port, {}, { host, proxy: by(proxyUser.password) })
    await it.up()
  }, limit)
})

describe('an invitation', () => {
  test.each(['HUBOT_IRC_IGNOREINVITE', 'HUBOT_IRC_PRIVATE'])(
    'is not followed with %s',
    async (name) => {
      await using server = await startFakeIrc()
      await using it = await connectTo(server.port, { [name]: 'true' })
      await it.up()
      server.raw(':alice!a@h INVITE hubot :#war-room')
      server.say({ from: 'alice', to: '#ops', text: 'last' })
      await it.message(0)
      await it.connection.send(outgoing())
      expect(server.members('#war-room')).toEqual([])
    },
    limit,
  )

  test.each(['0', '#a,#b', '#a b', 'alice', ''])('to %j is none', async (name) => {
    await using server = await startFakeIrc()
    await using it = await connectTo(server.port)
    await it.up()
    const before = server.lines.length
    server.raw(`:mallory!m@h INVITE hubot :${name}`)
    server.say({ from: 'alice', to: '#ops', text: 'last' })
    await it.message(0)
    await it.connection.send(outgoing())
    expect(server.lines.slice(before).map((line) => line.split(' ', 1)[0]))
      .toEqual(['PRIVMSG', 'PING'])
  }, limit)

  test('to a channel that the bot wants to be in is followed at once', async () => {
    const closed: Record<string, string> = { '#ops': '473' }
    await using server = await startFakeIrc({ closed })
    await using it = await connectTo(server.port, {}, { clock: createManualClock() })
    await it.up()
    expect(server.members('#ops')).toEqual([])
    delete closed['#ops']
    server.raw(':alice!a@h INVITE hubot :#ops')
    await until(() => server.members('#ops').length === 1)
  }, limit)
})

describe('a channel', () => {
  test(
    'that keeps the bot out is told of once, with what to do, and tried again and again',
    async () => {
      await using server = await startFakeIrc({ closed: { '#ops': '474' } })
      const clock = hurriedClock()
      await using it = await connectTo(server.port, {}, { clock })
      await it.up()
      const tries = () => server.lines.filter((line) => line === 'JOIN #ops').length
      await until(() => tries() > 15)
      const told = it.log.lines.filter(({ level }) => level === 'warn')
      expect(told).toHaveLength(1)
      expect(told[0]?.message).toContain('banned')
      expect(told[0]?.fields.advice).toContain('ban')
      expect(Math.max(...clock.waits)).toBeLessThanOrEqual(300_000)
    },
    limit,
  )

  test('that kicks again and again is joined more slowly each time', async () => {
    await using server = await startFakeIrc()
    const clock = hurriedClock()
    await using it = await connectTo(server.port, {}, { clock })
    await it.up()
    const before = clock.waits.length
    for (let times = 1; times <= 8; times++) {
      server.raw(':op!o@h KICK #ops hubot :out')
      await until(() => server.lines.filter((line) => line === 'JOIN #ops').length === times)
    }
    const waits = clock.waits.slice(before).filter((ms) => ms > 15_000)
    expect(waits.length).toBeGreaterThan(0)
  }, limit)

  test('whose JOIN the server never answers is joined all the same', async () => {
    await using server = await startFakeIrc({ joinsAtOnce: 2 })
    const rooms = Array.from({ length: 6 }, (_, number) => `#room-${number}`)
    const variables = { HUBOT_IRC_ROOMS: rooms.join(',') }
    await using it = await connectTo(server.port, variables, { clock: hurriedClock() })
    await it.up()
    await until(() => rooms.every((name) => server.members(name).length === 1))
  }, limit)

  test.each(['263', '485', '490', '495', '499', '537', '609', '926'])(
    'whose refusal is %s is told of, and joined when it is open',
    async (numeric) => {
      const closed: Record<string, string> = { '#ops': numeric }
      await using server = await startFakeIrc({ closed })
      const variables = { HUBOT_IRC_ROOMS: '#ops' }
      await using it = await connectTo(server.port, variables, { clock: hurriedClock() })
      await it.up()
      const told = it.log.lines.filter(({ message }) => message.includes('cannot join'))
      expect(told).toMatchObject([{ fields: { channel: '#ops', server: 'Cannot join channel' } }])
      delete closed['#ops']
      await until(() => server.members('#ops').length === 1)
    },
    limit,
  )

  test('that is named twice is one, with its key', async () => {
    await using server = await startFakeIrc()
    const variables = { HUBOT_IRC_ROOMS: '#ops,#OPS its-key,#[x],#{x}' }
    const clock = createManualClock()
    await using it = await connectTo(server.port, variables, { clock })
    await it.up()
    await clock.advance(120_000)
    expect(server.lines.filter((line) => line.startsWith('JOIN'))).toEqual([
      'JOIN #OPS,#[x],#{x} its-key',
    ])
  }, limit)

  test('keeps its key out of the log', async () => {
    await using server = await startFakeIrc()
    await using it = await connectTo(server.port, { HUBOT_IRC_DEBUG: 'true' })
    await it.up()
    server.raw(':op!o@h MODE #ops +k the-key')
    server.raw(':irc.test.net 324 hubot #ops +ntk the-key')
    server.say({ from: 'alice', to: '#ops', text: 'last' })
    await it.message(0)
    const lines = it.log.lines.map(({ message }) => message)
    expect(lines).toContain('IRC < :op MODE #ops +k ***')
    expect(lines).toContain('IRC < :irc.test.net 324 hubot #ops +ntk ***')
    expect(JSON.stringify(it.log.lines)).not.toContain('the-key')
  }, limit)

  test('that the bot was only invited to is not joined again after a kick', async () => {
    await using server = await startFakeIrc()
    await using it = await connectTo(server.port, {}, { clock: hurriedClock() })
    await it.up()
    server.raw(':alice!a@h INVITE hubot :#war-room')
    await until(() => server.members('#war-room').length === 1)
    server.raw(':op!o@h KICK #war-room hubot :out')
    server.raw(':op!o@h KICK #ops hubot :out')
    await until(() => server.lines.includes('JOIN #ops'))
    expect(server.lines.filter((line) => line === 'JOIN #war-room')).toHaveLength(1)
  }, limit)
})

type Recorded = readonly { readonly dir: 'in' | 'out'; readonly line: string }[]

describe.skipIf(!haveRecordings)('the recorded session', () => {
  const session = (): Recorded => JSON.parse(recording('irc/ngircd-26.1-bot-session.json'))

  test('is read line by line', () => {
    const read = session().filter(({ dir }) => dir === 'in').map(({ line }) => parseLine(line))
    expect(read.filter((line) => line === undefined)).toEqual([])
    expect(read.map((line) => line?.command)).toContain('005')
    expect(read.at(-1)).toMatchObject({ command: 'ERROR', params: ['Request too long'] })
  })

  test('is what the stand-in answers, in what the adapter goes by', async () => {
    await using server = await startFakeIrc()
    await using client = await joinIrc({ port: server.port, nick: 'hubot' })
    for (const { dir, line } of session()) {
      if (dir === 'out' && !/^(NICK|USER|QUIT)/.test(line)) client.write(line)
    }
    await client.line(/^ERROR/)
    const shape = (line: string): string => {
      const { command = '', params = [], source } = parseLine(line) ?? {}
      return [command, source?.user === undefined ? 'server' : 'person', params.length].join(' ')
    }
    const matters = /^(001|376|JOIN|353|366|401|ERROR) /
    const shapes = (lines: readonly string[]) => lines.map(shape).filter((one) => matters.test(one))
    const answered = session().filter(({ dir, line }) => dir === 'in' && !line.startsWith(':alice'))
    expect(shapes(client.lines)).toEqual(shapes(answered.map(({ line }) => line)))
  })
})
