import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'bun:test'
import type { Route } from '../../src/chat/adapter.ts'
import { longestBody } from '../../src/ops/app.ts'
import { assessReadiness } from '../../src/ops/readiness.ts'
import { createServer, type ServerOptions } from '../../src/ops/server.ts'
import { silentLog } from '../../src/log.ts'
import { createKeptLog } from '../fakes/log.ts'

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()))
})

const connected = { state: 'connected', since: 0 } as const
const parts = {
  stackstorm: { ...connected, credentials: 'good' },
  stream: { ...connected, lastTraffic: 1_000 },
  adapters: { slack: connected },
  journal: { durable: true, waiting: 1, deadLetters: 0 },
} as const

const options = (changes: Partial<ServerOptions> = {}): ServerOptions => ({
  port: 0,
  readiness: () => assessReadiness(parts),
  metrics: () => Promise.resolve('st2chatops_aliases 3\n'),
  announce: () => Promise.resolve(),
  log: silentLog,
  ...changes,
})

const start = (changes: Partial<ServerOptions> = {}) => {
  const server = createServer(options(changes))
  if (!server.listening) throw server.error
  stops.push(server.stop)
  return server
}

const post = (url: string, body: string, headers: Record<string, string> = {}) =>
  fetch(`${url}/hubot/st2`, { method: 'POST', body, headers, proxy: '' })

describe('looking at the bot', () => {
  test('/healthz speaks for the process alone', async () => {
    const { url } = start({
      readiness: () => {
        throw new Error('nobody may ask')
      },
    })
    const response = await fetch(`${url}/healthz`)
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }])
  })

  test('/readyz tells each part with times that people read', async () => {
    const { url } = start()
    const response = await fetch(`${url}/readyz`)
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      ready: true,
      stackstorm: { state: 'connected', credentials: 'good', since: '1970-01-01T00:00:00.000Z' },
      stream: {
        state: 'connected',
        since: '1970-01-01T00:00:00.000Z',
        lastTraffic: '1970-01-01T00:00:01.000Z',
      },
      adapters: { slack: { state: 'connected', since: '1970-01-01T00:00:00.000Z' } },
      journal: { durable: true, waiting: 1, deadLetters: 0 },
    })
  })

  test('/readyz is 503 when the bot cannot serve, and keeps secrets to itself', async () => {
    const { url } = start({
      readiness: () =>
        assessReadiness({
          ...parts,
          stream: { state: 'connecting', since: 0, error: 'refused: "canary" is wrong' },
        }),
      mask: (text) => text.replaceAll('"canary"', '********'),
    })
    const response = await fetch(`${url}/readyz`)
    const text = await response.text()
    expect(response.status).toBe(503)
    expect(JSON.parse(text).stream.error).toBe('refused: ******** is wrong')
    expect(text).not.toContain('canary')
  })

  test('/metrics is in the text format', async () => {
    const { url } = start()
    const response = await fetch(`${url}/metrics`)
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(await response.text()).toBe('st2chatops_aliases 3\n')
  })

  test('everything else is not found, in JSON', async () => {
    const { url } = start()
    const response = await fetch(`${url}/hubot/help`)
    expect([response.status, Object.keys(await response.json() as object)]).toEqual([404, [
      'error',
    ]])
  })

  test('a failure inside is answered without its words', async () => {
    const { url } = start({ metrics: () => Promise.reject(new Error('canary')) })
    const response = await fetch(`${url}/metrics`)
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('canary')
  })
})

describe('POST /hubot/st2', () => {
  const announcement = {
    channel: 'ops',
    message: 'Hello',
    user: 'ada',
    whisper: true,
    extra: { a: 1 },
  }
  const text = JSON.stringify(announcement)

  const receive = () => {
    const taken: unknown[] = []
    return { taken, ...start({ announce: async (payload) => void taken.push(payload) }) }
  }

  test('a call that breaks off is no failure of ours', async () => {
    const log = createKeptLog()
    const { port } = start({ log })
    const socket = connect(port, '127.0.0.1').on('error', () => {})
    socket.end('POST /hubot/st2 HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\n{')
    while (log.lines.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(log.lines).toMatchObject([{ level: 'debug', fields: { path: '/hubot/st2' } }])
  })

  test('takes JSON and answers as Hubot did', async () => {
    const { url, taken } = receive()
    const response = await post(url, text, { 'content-type': 'application/json' })
    expect([response.status, await response.json()]).toEqual([
      200,
      { status: 'completed', msg: 'Message posted successfully' },
    ])
    expect(taken).toEqual([announcement])
  })

  test('takes a form whose field "payload" holds JSON', async () => {
    const { url, taken } = receive()
    const form = new URLSearchParams({ payload: text }).toString()
    await post(url, form, { 'content-type': 'application/x-www-form-urlencoded' })
    expect(taken).toEqual([announcement])
  })

  test('takes what curl -d sends, a form of plain fields, and JSON within JSON', async () => {
    const { url, taken } = receive()
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    await post(url, text, type)
    await post(url, 'channel=ops&message=Hello+there', type)
    await post(url, JSON.stringify({ payload: text }), { 'content-type': 'application/json' })
    expect(taken).toEqual([
      announcement,
      { channel: 'ops', message: 'Hello there' },
      announcement,
    ])
  })

  test('tells the sender what is wrong', async () => {
    const { url } = start({
      announce: () => {
        throw new Error('An announcement needs a channel.')
      },
    })
    const refused = await post(url, '{}', { 'content-type': 'application/json' })
    expect([refused.status, await refused.json()]).toEqual([
      400,
      { status: 'failed', msg: 'An announcement needs a channel.' },
    ])
    const garbled = await post(url, 'hello', { 'content-type': 'text/plain' })
    expect(garbled.status).toBe(400)
    expect(await garbled.text()).toContain('is not JSON')
  })

  test('says that it is posted when it is written down, and not where that failed', async () => {
    const written = Promise.withResolvers<void>()
    const log = createKeptLog()
    const { url } = start({
      log,
      announce: (payload) =>
        (payload as { message: string }).message === 'Hello'
          ? written.promise
          : Promise.reject(new RangeError('Out of memory: canary')),
    })
    let answered = false
    const good = post(url, text).finally(() => answered = true)
    const bad = await post(url, '{"message":"x"}')
    expect(answered).toBe(false)
    written.resolve()
    expect((await good).status).toBe(200)
    expect([bad.status, await bad.json()]).toEqual([
      500,
      { status: 'failed', msg: 'The bot could not take it; its log says why.' },
    ])
    expect(log.lines).toMatchObject([{
      level: 'warn',
      fields: { reason: 'Out of memory: canary' },
    }])
  })

  test('refuses a body over 100 kB, also one that does not say how long it is', async () => {
    const { url, taken } = receive()
    const fits = JSON.stringify({ message: 'x'.repeat(longestBody - 14) })
    expect(fits.length).toBe(longestBody)
    expect((await post(url, fits)).status).toBe(200)
    expect((await post(url, `${fits} `)).status).toBe(413)
    const stream = new ReadableStream({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode(`${fits} `))
        controller.close()
      },
    })
    const chunked = await fetch(`${url}/hubot/st2`, { method: 'POST', body: stream })
    expect(chunked.status).toBe(413)
    expect(taken.length).toBe(1)
  })

  test('wants the token where there is one', async () => {
    const taken: unknown[] = []
    const { url } = start({
      webhookToken: 'sesame',
      announce: async (payload) => void taken.push(payload),
    })
    expect((await post(url, text)).status).toBe(401)
    expect((await post(url, text, { authorization: 'Bearer wrong' })).status).toBe(401)
    expect(taken).toEqual([])
    expect((await post(url, text, { authorization: 'Bearer sesame' })).status).toBe(200)
    expect((await post(url, text, { 'x-webhook-token': 'sesame' })).status).toBe(200)
    expect(taken.length).toBe(2)
  })

  /** What the server answers to a request as it stands on the wire. */
  const raw = async (port: number, request: string): Promise<string> => {
    const { promise, resolve } = Promise.withResolvers<string>()
    const socket = await Bun.connect({
      hostname: '127.0.0.1',
      port,
      socket: { data: (_, data) => resolve(data.toString()), close: () => resolve('') },
    })
    socket.write(request)
    const answer = await promise
    socket.end()
    return answer
  }

  test('without one takes what curl sends on this host, and nothing that nginx passes on', async () => {
    const { port, taken } = receive()
    const rest = `Content-Length: ${text.length}\r\nContent-Type: application/json\r\n\r\n${text}`
    const curl =
      `POST /hubot/st2 HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUser-Agent: curl/8.5.0\r\n` +
      `Accept: */*\r\n${rest}`
    expect(await raw(port, curl)).toStartWith('HTTP/1.1 200')
    const nginx =
      `POST /hubot/st2 HTTP/1.0\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n${rest}`
    const refused = await raw(port, nginx)
    expect(refused).toStartWith('HTTP/1.1 403')
    expect(refused).toContain('ST2CHATOPS_WEBHOOK_TOKEN')
    expect(taken).toHaveLength(1)
  })

  test('without one is closed from when a chat service is served', async () => {
    const taken: unknown[] = []
    const routes = new Map<string, Route>()
    const { url } = start({ routes, announce: async (payload) => void taken.push(payload) })
    expect((await post(url, text)).status).toBe(200)
    routes.set('/slack/events', {
      path: '/slack/events',
      longest: 10,
      answer: () => Promise.resolve(new Response()),
    })
    const refused = await post(url, text)
    expect(refused.status).toBe(403)
    expect(await refused.text()).toContain('ST2CHATOPS_WEBHOOK_TOKEN')
    expect(taken).toHaveLength(1)
  })

  test('is closed to web pages without one', async () => {
    const { url, taken } = receive()
    expect((await post(url, text, { origin: 'http://evil.example' })).status).toBe(403)
    expect((await post(url, text, { host: 'evil.example' })).status).toBe(403)
    expect(taken).toEqual([])
  })
})

describe('the socket', () => {
  test('a taken port is an outcome that says what to do', () => {
    const { port } = start()
    const second = createServer(options({ port }))
    expect(second.listening).toBe(false)
    expect(second.listening ? '' : second.reason).toContain('EXPRESS_PORT')
    expect(second.listening ? '' : second.reason).toContain(`port ${port} is taken`)
  })

  test('an address that the host does not have is one too', () => {
    const server = createServer(options({ hostname: '192.0.2.1' }))
    expect(server.listening ? '' : server.reason).toContain('EXPRESS_BIND_ADDRESS')
  })

  test('is loopback unless somebody opens it', () => {
    expect(start().url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  })

  test('stops although a client keeps its connection open', async () => {
    const server = createServer(options())
    if (!server.listening) throw server.error
    const { promise: answered, resolve } = Promise.withResolvers<void>()
    const client = await Bun.connect({
      hostname: '127.0.0.1',
      port: server.port,
      socket: { data: () => resolve() },
    })
    client.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n')
    await answered
    await server.stop()
    expect(createServer(options({ port: server.port })).listening).toBe(true)
  })
})
