import { describe, expect, test } from 'bun:test'
import { XmppSetupProblem } from '../../../adapters/xmpp/failures.ts'
import { doubtfulLast, findServers, type Record } from '../../../adapters/xmpp/find-server.ts'
import { readJid } from '../../../adapters/xmpp/jid.ts'
import { describeSetup, mechanismProblem, readSetup } from '../../../adapters/xmpp/setup.ts'
import { createManualClock } from '../../fakes/clock.ts'
import { optionsOf, type Variables } from './connect.ts'

const usual: Variables = {
  HUBOT_XMPP_USERNAME: 'hubot@example.com',
  HUBOT_XMPP_PASSWORD: 'the-password-of-the-bot',
  HUBOT_XMPP_ROOMS: 'ops@conference.example.com,dev@conference.example.com:a:b',
}

describe('how the bot will connect', () => {
  const ways: readonly (readonly [string, Variables])[] = [
    ['the server of example.com with STARTTLS', {}],
    ['example.com:5333 with STARTTLS', { HUBOT_XMPP_PORT: '5333' }],
    ['xmpp.corp:5222 with STARTTLS', { HUBOT_XMPP_HOST: 'xmpp.corp' }],
    ['xmpp.corp:5223 with TLS', { HUBOT_XMPP_HOST: 'xmpp.corp', HUBOT_XMPP_LEGACYSSL: '1' }],
    ['[2001:db8::1]:5222 with STARTTLS', { HUBOT_XMPP_HOST: '[2001:db8::1]' }],
    ['[::1]:5222 with STARTTLS', { HUBOT_XMPP_HOST: '::1' }],
    ['xmpp.corp:5222 without TLS', {
      HUBOT_XMPP_HOST: 'xmpp.corp',
      HUBOT_XMPP_DISALLOW_TLS: '1',
    }],
    ['WebSocket to xmpp.corp:5281 with TLS', {
      HUBOT_XMPP_WEBSOCKET: 'wss://xmpp.corp:5281/xmpp-websocket',
    }],
    ['WebSocket to xmpp.corp without TLS', {
      HUBOT_XMPP_WEBSOCKET: 'ws://xmpp.corp/',
      HUBOT_XMPP_DISALLOW_TLS: '1',
    }],
    ['WebSocket to 127.0.0.1:5280 without TLS', {
      HUBOT_XMPP_WEBSOCKET: 'ws://127.0.0.1:5280/xmpp-websocket',
    }],
    ['the server of example.com with STARTTLS, any certificate', {
      HUBOT_XMPP_ACCEPT_ANY_CERTIFICATE: 'true',
    }],
  ]
  for (const [words, more] of ways) {
    test(words, async () => {
      const told = describeSetup(await optionsOf({ ...usual, ...more }))
      expect(told).toBe(`${words}, as hubot@example.com, 2 rooms as "hubot"`)
    })
  }

  test('the nick is HUBOT_NAME where it has no variable of its own', async () => {
    const nickOf = async (more: Variables) => readSetup(await optionsOf({ ...usual, ...more })).nick
    expect(await nickOf({ HUBOT_NAME: 'st2' })).toBe('st2')
    expect(await nickOf({ HUBOT_NAME: 'st2', HUBOT_XMPP_NICK: 'chatops' })).toBe('chatops')
  })

  test('what follows the first colon of a room is its password', async () => {
    const { rooms } = readSetup(await optionsOf(usual))
    expect(rooms.map(({ jid, password }) => [jid.bare, password])).toEqual([
      ['ops@conference.example.com', undefined],
      ['dev@conference.example.com', 'a:b'],
    ])
  })

  test('the resource is the one of the address, else always the same', async () => {
    const resourceOf = async (name: string) =>
      readSetup(await optionsOf({ ...usual, HUBOT_XMPP_USERNAME: name })).resource
    expect(await resourceOf('hubot@example.com/East Wing')).toBe('East Wing')
    expect(await resourceOf('hubot@example.com')).toBe('st2chatops')
  })

  const wrong: readonly (readonly [RegExp, Variables])[] = [
    [/user@domain/, { HUBOT_XMPP_USERNAME: 'hubot' }],
    [/HUBOT_XMPP_PASSWORD/, { HUBOT_XMPP_USERNAME: 'hubot@example.com:s3cret' }],
    [/room@service/, { HUBOT_XMPP_ROOMS: '#ops' }],
    [/number 2.*no comma/, { HUBOT_XMPP_ROOMS: 'ops@conference.example.com:se,s3cret' }],
    [/number 3/, { HUBOT_XMPP_ROOMS: 'ops@conference.example.com:s,b@example.com,s3cret@' }],
    [/HUBOT_XMPP_NICK is blank/, { HUBOT_XMPP_NICK: '  ' }],
    [/HUBOT_XMPP_PORT/, { HUBOT_XMPP_HOST: 'xmpp.corp:5222' }],
    [/HUBOT_XMPP_PORT/, { HUBOT_XMPP_HOST: 'xmpp://xmpp.corp' }],
    [/room@service/, { HUBOT_XMPP_ROOMS: 'ops@conference.example.com/nick' }],
    [/HUBOT_XMPP_HOST/, { HUBOT_XMPP_LEGACYSSL: '1' }],
    [/take one of them out/, {
      HUBOT_XMPP_HOST: 'x',
      HUBOT_XMPP_LEGACYSSL: '1',
      HUBOT_XMPP_DISALLOW_TLS: '1',
    }],
    [/wss:\/\//, { HUBOT_XMPP_WEBSOCKET: 'https://xmpp.corp/' }],
    [/has no TLS/, { HUBOT_XMPP_WEBSOCKET: 'ws://xmpp.corp/' }],
    [/has no TLS/, { HUBOT_XMPP_WEBSOCKET: 'WS://127.0.0.1.xmpp.corp/' }],
  ]
  for (const [words, more] of wrong) {
    test(`${Object.entries(more).join(' ')} can never work`, async () => {
      const options = await optionsOf({ ...usual, ...more })
      expect(() => describeSetup(options)).toThrow(XmppSetupProblem)
      expect(() => describeSetup(options)).toThrow(words)
      expect(() => describeSetup(options)).not.toThrow(/s3cret/)
    })
  }

  test('a host has no brackets around it, and an address may be the domain', async () => {
    const { way } = readSetup(await optionsOf({ ...usual, HUBOT_XMPP_HOST: '[::1]' }))
    expect(way).toEqual({ kind: 'starttls', address: { host: '::1', port: 5222 } })
    const { jid } = readSetup(await optionsOf({ ...usual, HUBOT_XMPP_USERNAME: 'hubot@[::1]' }))
    expect(jid.domain).toBe('[::1]')
  })

  test('a mechanism that nobody knows is told of', async () => {
    const told = async (name: string) =>
      mechanismProblem(await optionsOf({ ...usual, HUBOT_XMPP_PREFERRED_SASL_MECHANISM: name }))
    expect(await told('DIGEST-MD5')).toContain('SCRAM-SHA-256')
    expect(await told('plain')).toBeUndefined()
  })
})

describe('an address', () => {
  test('is read as servers do', () => {
    expect(readJid('Alice@Example.COM/My Desk/2')).toEqual({
      local: 'alice',
      domain: 'example.com',
      resource: 'My Desk/2',
      bare: 'alice@example.com',
      full: 'alice@example.com/My Desk/2',
    })
    expect(readJid('example.com')?.local).toBe('')
  })

  test('is refused when it is none', () => {
    for (const odd of [undefined, '', '@', '@x', 'a@', 'a@b@c', 'a b@c', '/x', 'a'.repeat(1024)]) {
      expect(readJid(odd)).toBeUndefined()
    }
  })
})

describe('the servers of a domain', () => {
  const signal = new AbortController().signal
  const find = (resolve: (name: string) => Promise<readonly Record[]>) =>
    findServers('example.com', { resolve, clock: createManualClock(), signal })
  const record = (name: string, priority: number, weight = 0): Record => ({
    name,
    port: 5269,
    priority,
    weight,
  })

  test('are what its records say, the best first', async () => {
    const asked: string[] = []
    const found = await find((name) => {
      asked.push(name)
      return Promise.resolve([record('c', 20), record('b', 10, 0), record('a', 10, 1_000)])
    })
    expect(asked).toEqual(['_xmpp-client._tcp.example.com'])
    expect(found.map(({ host }) => host)).toEqual(['a', 'b', 'c'])
    expect(found[0]?.port).toBe(5269)
  })

  test('are the domain itself where it has no records, or DNS does not answer', async () => {
    const itself = [{ host: 'example.com', port: 5222 }]
    expect(await find(() => Promise.resolve([]))).toEqual(itself)
    expect(await find(() => Promise.reject(new Error('ENOTFOUND')))).toEqual(itself)
    const clock = createManualClock()
    const silent = findServers('example.com', {
      resolve: () => new Promise(() => {}),
      clock,
      signal,
    })
    await clock.advance(10_000)
    expect(await silent).toEqual(itself)
  })

  test('of the same priority are tried as their weights say', async () => {
    const firstAt = async (random: number): Promise<string | undefined> => {
      const [first] = await findServers('example.com', {
        resolve: () => Promise.resolve([record('b', 1, 90), record('c', 1, 9), record('a', 1, 0)]),
        clock: { ...createManualClock(), random: () => random },
        signal,
      })
      return first?.host
    }
    const firsts = await Promise.all(
      Array.from({ length: 100 }, (_, number) => firstAt(number / 100)),
    )
    const count = (host: string) => firsts.filter((one) => one === host).length
    expect([count('a'), count('b'), count('c')]).toEqual([1, 90, 9])
  })

  test('that took a connection of which nothing came are tried last', () => {
    const [a, b] = [{ host: 'a', port: 5222 }, { host: 'b', port: 5222 }] as const
    expect(doubtfulLast([a, b], new Set(['a:5222']))).toEqual([b, a])
    expect(doubtfulLast([a, b], new Set(['a:5222', 'b:5222']))).toEqual([a, b])
  })

  test('are none where the domain says so', async () => {
    expect(await find(() => Promise.resolve([record('.', 0)]))).toEqual([])
  })
})
