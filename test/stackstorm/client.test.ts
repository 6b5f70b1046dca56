import { describe, expect, test } from 'bun:test'
import {
  StackStormRefused,
  StackStormUnclear,
  StackStormUnreachable,
} from '../../src/stackstorm/errors.ts'
import { haveOpenssl, selfSigned } from '../fakes/certificate.ts'
import { createManualClock } from '../fakes/clock.ts'
import { type Reply, startJsonServer, startRawServer } from '../fakes/http-server.ts'
import { createKeptLog } from '../fakes/log.ts'
import { clientOf, failureOf } from '../fakes/stackstorm-client.ts'

const signal = new AbortController().signal

const command = {
  name: 'remote',
  format: 'run {{cmd}} on {{hosts}}',
  command: 'run date on localhost',
  user: 'alice',
  channel: 'ops',
  route: 'hubot',
  context: { token: 'abc' },
  correlation: 'c0rr-1',
}

const html = '<html><body><h1>504 Gateway Time-out</h1></body></html>'

describe('executeAlias', () => {
  test('sends what StackStorm needs, and only that', async () => {
    await using server = await startJsonServer(() => ({
      status: 201,
      body: { execution: { id: '1'.repeat(24), status: 'requested' }, actionalias: { a: 1 } },
    }))
    const started = await clientOf(server.origin).executeAlias(command, signal)
    expect(started).toEqual({
      id: '1'.repeat(24),
      link: `https://st2.example.com/#/history/${'1'.repeat(24)}/general`,
      alias: { a: 1 },
    })
    const [request] = server.seen
    expect(`${request?.method} ${request?.path}`).toBe('POST /api/v1/aliasexecution')
    expect(JSON.parse(request?.body ?? '')).toEqual({
      name: 'remote',
      format: 'run {{cmd}} on {{hosts}}',
      command: 'run date on localhost',
      user: 'alice',
      source_channel: 'ops',
      notification_route: 'hubot',
      source_context: { token: 'abc', correlation: 'c0rr-1' },
    })
    expect(request?.headers.get('st2-api-key')).toBe('k3y')
    expect(request?.headers.get('content-type')).toBe('application/json')
    expect(request?.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect([...request?.query.keys() ?? []]).toEqual([])
  })

  test('shares a connection with the command before it, but not with one of long ago', async () => {
    const clock = createManualClock()
    const body = JSON.stringify({ execution: { id: 'e1' } })
    await using server = await startRawServer((socket) => {
      socket.write(`HTTP/1.1 201 Created\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
    })
    const client = clientOf(server.origin, { clock })
    await client.executeAlias(command, signal)
    await client.executeAlias(command, signal)
    await client.executeAlias(command, signal)
    await clock.advance(2_000)
    await client.executeAlias(command, signal)
    expect(server.requests.map(({ connection }) => connection)).toEqual([1, 2, 2, 3])
  })

  test('is sent once though the server closes the connection that it came on', async () => {
    const body = JSON.stringify({ execution: { id: 'e1' } })
    let answered = 0
    await using server = await startRawServer((socket) => {
      if (++answered <= 2) {
        socket.write(`HTTP/1.1 201 Created\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
      } else socket.end()
    })
    const client = clientOf(server.origin)
    await client.executeAlias(command, signal)
    await client.executeAlias(command, signal)
    expect(await failureOf(client.executeAlias(command, signal))).toBeInstanceOf(StackStormUnclear)
    expect(server.requests).toHaveLength(3)
    expect(server.requests[2]?.connection).toBe(server.requests[1]?.connection)
  })

  test('tells when the template of ack.extra failed', async () => {
    const extra = 'Cannot render "extra" in field "ack" for alias. \'x\' is undefined'
    await using server = await startJsonServer(() => ({
      status: 201,
      body: { execution: { id: 'e1' }, actionalias: {}, message: 'fine', extra },
    }))
    const log = createKeptLog()
    const started = await clientOf(server.origin, { log }).executeAlias(command, signal)
    expect(started).toMatchObject({ id: 'e1', message: 'fine' })
    expect(started.extra).toBeUndefined()
    expect(log.lines.find(({ level }) => level === 'warn')?.fields).toMatchObject({
      alias: 'remote',
      reason: extra,
    })
  })

  const nginx = { faultstring: 'Nginx is unable to reach st2api. Make sure service is running.' }
  const outcomes: readonly [string, Reply, new (...of: never[]) => Error][] = [
    ['504 with HTML', { status: 504, body: html }, StackStormUnclear],
    ['503 with HTML', { status: 503, body: html }, StackStormUnclear],
    [
      '500 after it was scheduled',
      { status: 500, body: { faultstring: 'Internal Server Error' } },
      StackStormUnclear,
    ],
    ["nginx's 503", { status: 503, body: nginx }, StackStormUnreachable],
    ['a redirect', { status: 301, headers: { location: 'https://x/' } }, StackStormUnreachable],
    ['201 with an empty body', { status: 201 }, StackStormUnclear],
    ['201 with half a body', { status: 201, body: '{"execution": {"id": "1' }, StackStormUnclear],
    ['201 with HTML', { status: 201, body: html }, StackStormUnclear],
    ['201 with another document', { status: 201, body: { ok: true } }, StackStormUnclear],
    ['201 with null', { status: 201, body: 'null' }, StackStormUnclear],
    ['404 with HTML', { status: 404, body: html }, StackStormRefused],
    ['400 of many lines', {
      status: 400,
      body: { faultstring: "'x' is wrong\n\nFailed validating\n{}" },
    }, StackStormRefused],
  ]
  test.each(outcomes)('%s', async (_, reply, kind) => {
    await using server = await startJsonServer(() => reply)
    const error = await failureOf(clientOf(server.origin).executeAlias(command, signal))
    expect(error).toBeInstanceOf(kind)
    expect((error as Error).message).not.toMatch(/<|html|\n|k3y/i)
    expect(server.seen).toHaveLength(1)
  })

  test('never waits for ever: the deadline leaves the outcome open', async () => {
    await using server = await startRawServer(() => {})
    const client = clientOf(server.origin, { deadline: 100 })
    const error = await failureOf(client.executeAlias(command, signal))
    expect(error).toBeInstanceOf(StackStormUnclear)
    expect((error as Error).message).toMatch(/gave no answer within 0.1 s/)
    expect(server.requests).toHaveLength(1)
  })

  test.each(['before', 'in the middle of'])(
    'a connection cut %s the answer is sent once',
    async (when) => {
      await using server = await startRawServer((socket, { head }) => {
        if (head.startsWith('GET')) {
          return void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 17\r\n\r\n{"version":"3.9"}')
        }
        if (when === 'before') return void socket.destroy()
        socket.end('HTTP/1.1 201 Created\r\ncontent-length: 500\r\n\r\n{"execution"')
      })
      const client = clientOf(server.origin)
      await client.version(signal)
      const error = await failureOf(client.executeAlias(command, signal))
      expect(error).toBeInstanceOf(StackStormUnclear)
      await client.version(signal)
      expect(server.requests.filter(({ head }) => head.startsWith('POST'))).toHaveLength(1)
    },
  )

  test('nothing listens: nothing ran', async () => {
    const server = await startRawServer(() => {})
    await server[Symbol.asyncDispose]()
    const error = await failureOf(clientOf(server.origin).executeAlias(command, signal))
    expect(error).toBeInstanceOf(StackStormUnreachable)
    expect((error as Error).message).toContain(`${server.origin} cannot be reached`)
    expect((error as Error).message).toContain('ST2_API_URL')
  })

  test('an unknown host: nothing ran', async () => {
    const error = await failureOf(
      clientOf('http://st2.invalid').executeAlias(command, signal),
    )
    expect(error).toBeInstanceOf(StackStormUnreachable)
  })

  test.skipIf(!haveOpenssl)(
    'a certificate that nobody vouches for: nothing ran, and what helps',
    async () => {
      const server = Bun.serve({
        port: 0,
        hostname: '127.0.0.1',
        tls: selfSigned('127.0.0.1'),
        fetch: () => new Response('{}'),
      })
      const client = clientOf(`https://127.0.0.1:${server.port}`)
      const error = await failureOf(client.executeAlias(command, signal))
      expect(error).toBeInstanceOf(StackStormUnreachable)
      expect((error as Error).message).toMatch(/self signed/)
      expect((error as Error).message).toContain('NODE_EXTRA_CA_CERTS')
      expect((error as Error).message).toContain('NODE_TLS_REJECT_UNAUTHORIZED=0')
      await server.stop(true)
    },
  )

  test("the caller's own end is no failure of StackStorm's", async () => {
    await using server = await startRawServer(() => ending.abort(new Error('the bot ends')))
    const ending = new AbortController()
    const client = clientOf(server.origin)
    const error = await failureOf(client.executeAlias(command, ending.signal))
    expect(error).toEqual(new Error('the bot ends'))
    expect(client.health().error).toBeUndefined()
  })
})

describe('aliases', () => {
  /** A server with so many aliases, at most `size` a page. */
  const aliasServer = (total: () => number, size = 100) =>
    startJsonServer(({ query }) => {
      const offset = Number(query.get('offset'))
      const end = Math.min(total(), offset + Math.min(size, Number(query.get('limit'))))
      const body = Array.from({ length: Math.max(0, end - offset) }, (_, index) => ({
        id: String(offset + index),
      }))
      return { headers: { 'x-total-count': String(total()) }, body }
    })

  test.each([0, 1, 99, 100, 101, 250])('all %i, a hundred at a time', async (total) => {
    await using server = await aliasServer(() => total)
    expect(await clientOf(server.origin).aliases(signal)).toHaveLength(total)
    expect(server.seen).toHaveLength(Math.max(1, Math.ceil(total / 100)))
    expect(server.seen[0]?.query.get('limit')).toBe('100')
  })

  test('that grow in number meanwhile are read anew', async () => {
    const sizes = [150, 151]
    await using server = await aliasServer(() => sizes.shift() ?? 152)
    expect(await clientOf(server.origin).aliases(signal)).toHaveLength(152)
  })

  test('that never hold still come in at last, each once', async () => {
    let total = 300
    await using server = await aliasServer(() => total--)
    const documents = await clientOf(server.origin).aliases(signal)
    expect(documents.length).toBeGreaterThan(200)
    expect(new Set(documents.map((one) => (one as { id: string }).id)).size).toBe(documents.length)
  })

  test('of a server that knows no offset come once', async () => {
    await using server = await startJsonServer(() => ({
      headers: { 'x-total-count': '7' },
      body: [{ id: 'a' }, { id: 'b' }],
    }))
    expect(await clientOf(server.origin).aliases(signal)).toEqual([{ id: 'a' }, { id: 'b' }])
  })

  test('without X-Total-Count end at a short page', async () => {
    await using server = await startJsonServer(({ query }) => ({
      body: Array.from(
        { length: query.get('offset') === '0' ? 100 : 3 },
        (_, index) => ({ id: `${query.get('offset')}-${index}` }),
      ),
    }))
    expect(await clientOf(server.origin).aliases(signal)).toHaveLength(103)
  })

  test('come also where the operator allows smaller pages only', async () => {
    await using server = await startJsonServer(({ query }) => {
      const limit = Number(query.get('limit'))
      const offset = Number(query.get('offset'))
      if (limit > 50) {
        const faultstring = `Limit "${limit}" specified, maximum value is "50"`
        return { status: 403, body: { faultstring } }
      }
      const body = Array.from({ length: Math.min(50, 70 - offset) }, (_, index) => ({
        id: String(offset + index),
      }))
      return { headers: { 'x-total-count': '70' }, body }
    })
    expect(await clientOf(server.origin).aliases(signal)).toHaveLength(70)
  })

  test.each([
    ['HTML', html],
    ['half of it', '[{"id": "a"}, {'],
    ['nothing', ''],
    ['an object', '{"aliases": []}'],
  ])('200 with %s is an error, not an empty list', async (_, body) => {
    await using server = await startJsonServer(() => ({ body }))
    const error = await failureOf(clientOf(server.origin).aliases(signal))
    expect(error).toBeInstanceOf(StackStormUnclear)
    expect((error as Error).message).toContain('ST2_API_URL')
  })
})

test.each<readonly [string, Reply]>([
  ['StackStorm itself', { status: 404, body: { faultstring: 'The resource could not be found.' } }],
  ['a web server', { status: 404, body: '<html>' }],
])('an address that %s does not know names the variable to correct', async (_, reply) => {
  await using server = await startJsonServer(() => reply)
  const error = await failureOf(clientOf(server.origin).aliases(signal))
  expect(error).toBeInstanceOf(StackStormRefused)
  expect(error).toMatchObject({
    status: 404,
    reason: `StackStorm's API is not at ${server.origin}/api/v1/actionalias (HTTP 404): ` +
      'check ST2_API_URL (usually https://HOST/api).',
  })
})

test('of an object that is not there StackStorm says which', async () => {
  const faultstring = "Unable to find the ActionAliasDB instance. {'name': 'x'}"
  await using server = await startJsonServer(() => ({ status: 404, body: { faultstring } }))
  expect(await failureOf(clientOf(server.origin).executeAlias(command, signal))).toMatchObject({
    reason: faultstring,
  })
})

describe('findExecution', () => {
  const execution = (id: string, correlation: unknown) => ({
    id,
    status: 'running',
    context: {},
    liveaction: {
      notify: { 'on-complete': { routes: ['hubot'], data: { source_context: correlation } } },
    },
  })

  const searching = async (pages: readonly (readonly unknown[])[]) => {
    const total = pages.flat().length
    const server = await startJsonServer(({ query }) => {
      const offset = Number(query.get('offset'))
      let start = 0
      const page = pages.find((one) => (start += one.length) > offset) ?? []
      return { headers: { 'x-total-count': String(total) }, body: page }
    })
    return server
  }

  test('finds the one that carries the correlation, on whichever page', async () => {
    await using server = await searching([
      [execution('e1', { correlation: 'other' }), execution('e2', null), { id: 'e3' }],
      [execution('e4', { correlation: 'c0rr-1', token: 't' })],
      [execution('e5', { correlation: 'later' })],
    ])
    const since = Date.parse('2026-11-22T10:00:00.123Z')
    const found = await clientOf(server.origin).findExecution('c0rr-1', since, signal)
    expect(found).toMatchObject({ id: 'e4', status: 'running' })
    expect(Object.fromEntries(server.seen[0]?.query ?? [])).toEqual({
      parent: 'null',
      timestamp_gt: '2026-11-22T10:00:00.123000Z',
      filter: 'liveaction.notify.on-complete.data.source_context.correlation:c0rr-1',
      include_attributes: 'id,status,context,liveaction.notify,web_url',
      limit: '100',
      offset: '0',
    })
    expect(server.seen).toHaveLength(2)
  })

  test('walks through all of them where StackStorm cannot narrow them down', async () => {
    await using server = await startJsonServer(({ query }) =>
      query.has('filter')
        ? { status: 400, body: { faultstring: 'Cannot resolve field "liveaction"' } }
        : {
          headers: { 'x-total-count': '1' },
          body: [execution('e1', { correlation: 'c0rr-1' })],
        }
    )
    expect((await clientOf(server.origin).findExecution('c0rr-1', 0, signal))?.id).toBe('e1')
    expect(server.seen).toHaveLength(2)
  })

  test('finds it inside whatever the source context is', async () => {
    await using server = await searching([[execution('e1', { t: ['x c0rr-1 y'] })]])
    expect((await clientOf(server.origin).findExecution('c0rr-1', 0, signal))?.id).toBe('e1')
  })

  test('says when there is none', async () => {
    await using server = await searching([[execution('e1', { correlation: 'other' })]])
    expect(await clientOf(server.origin).findExecution('c0rr-1', 0, signal)).toBeUndefined()
  })
})

describe('execution and cancel', () => {
  test('an execution as it is', async () => {
    const id = 'a'.repeat(24)
    const body = { id, status: 'failed', action: { ref: 'core.local' }, result: { stdout: 'x' } }
    await using server = await startJsonServer(() => ({ body }))
    expect(await clientOf(server.origin).execution(id, signal)).toMatchObject(body)
    expect(server.seen[0]?.path).toBe(`/api/v1/executions/${id}`)
  })

  test.each(['last', '', '../rules/x', '6b02cd8b61debfc73bb9e2da/x'])(
    '"%s" is no execution, and nobody is asked',
    async (id) => {
      await using server = await startJsonServer(() => ({ body: { status: 'canceled' } }))
      expect(await clientOf(server.origin).cancel(id, signal)).toEqual({ kind: 'unknown-id' })
      expect(server.seen).toHaveLength(0)
    },
  )
})

describe('health', () => {
  test('follows the answers', async () => {
    const replies: Reply[] = [
      { status: 503, body: html },
      { body: { version: '3.9.0' } },
      { status: 500, body: { faultstring: 'Internal Server Error' } },
      { status: 504, body: html },
    ]
    await using server = await startJsonServer(() => replies.shift() ?? {})
    const client = clientOf(server.origin)
    expect(client.health()).toMatchObject({ state: 'connecting', credentials: 'unknown' })
    await failureOf(client.version(signal))
    expect(client.health().error).toMatch(/HTTP 503/)
    await client.version(signal)
    expect(client.health()).toMatchObject({ state: 'connected', credentials: 'good' })
    expect(client.health().error).toBeUndefined()
    await failureOf(client.version(signal))
    expect(client.health().state).toBe('connected')
    await failureOf(client.version(signal))
    expect(client.health()).toMatchObject({ state: 'connecting', credentials: 'good' })
    expect(client.health().lastTraffic).toBeNumber()
  })
})

describe('serverTime', () => {
  test("is our own, until StackStorm's answers tell another", async () => {
    const clock = createManualClock(1_000_000_000_000)
    await using server = await startJsonServer(() => ({
      headers: { date: new Date(1_000_000_090_000).toUTCString() },
      body: { version: '3.9.0' },
    }))
    const client = clientOf(server.origin, { clock })
    expect(client.serverTime()).toBe(1_000_000_000_000)
    await client.version(signal)
    await clock.advance(5_000)
    expect(client.serverTime()).toBe(1_000_000_095_000)
  })
})
