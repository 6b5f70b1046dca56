import { describe, expect, test } from 'bun:test'
import { createHttp } from '../../src/net/http.ts'
import { startJsonServer, startRawServer } from '../fakes/http-server.ts'

const http = createHttp({ proxy: {} })
const failure = (work: Promise<unknown>) => work.then(() => undefined, (error: Error) => error)

describe('a request', () => {
  test('says who we are and brings no cookie back', async () => {
    await using server = await startJsonServer(() => ({
      headers: { 'set-cookie': 'auth-token=t; Path=/' },
    }))
    await http(server.origin)
    await http(server.origin)
    expect(server.seen[1]?.headers.get('user-agent')).toMatch(/^st2chatops\/\d+\.\d+\.\d+/)
    expect(server.seen[1]?.headers.get('cookie')).toBeNull()
  })

  test('hands a redirect back: credentials never travel to another host', async () => {
    await using other = await startJsonServer(() => ({}))
    await using server = await startJsonServer(() => ({
      status: 302,
      headers: { location: `${other.origin}/stolen` },
    }))
    const answer = await http(server.origin, { headers: { 'st2-api-key': 'secret' } })
    expect(answer.status).toBe(302)
    expect(other.seen).toHaveLength(0)
    const refused = await failure(http(server.origin, { redirect: 'error' }))
    expect(refused).toBeInstanceOf(Error)
    expect(other.seen).toHaveLength(0)
  })

  test('does not let the proxy variables of the process in', async () => {
    await using server = await startJsonServer(() => ({ body: 'direct' }))
    process.env.HTTP_PROXY = 'http://127.0.0.1:1'
    try {
      expect(await (await http(server.origin)).text()).toBe('direct')
    } finally {
      delete process.env.HTTP_PROXY
    }
  })
})

describe('a deadline', () => {
  test('covers a server that takes the request and never answers', async () => {
    await using server = await startRawServer(() => {})
    const error = await failure(http(server.origin, { deadline: 50 }))
    expect(error?.name).toBe('TimeoutError')
    expect(server.requests).toHaveLength(1)
  })

  test('covers a body that never ends', async () => {
    await using server = await startRawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf')
    })
    const answer = await http(server.origin, { deadline: 200 })
    expect((await failure(answer.text()))?.name).toBe('TimeoutError')
  })

  test('covers only the headers of a stream', async () => {
    await using server = await startRawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n')
      setTimeout(() => socket.end('4\r\nlate\r\n0\r\n\r\n'), 300)
    })
    const answer = await http(server.origin, { deadline: 100, stream: true })
    expect(await answer.text()).toBe('late')

    await using silent = await startRawServer(() => {})
    const error = await failure(http(silent.origin, { deadline: 50, stream: true }))
    expect(error?.name).toBe('TimeoutError')
  })

  test("leaves the caller's own reason alone", async () => {
    await using server = await startRawServer(() => ending.abort(new Error('the bot ends')))
    const ending = new AbortController()
    const error = await failure(http(server.origin, { deadline: 60_000, signal: ending.signal }))
    expect(error?.message).toBe('the bot ends')
  })
})

describe('a POST arrives once', () => {
  const endings = {
    'the server closes it': (socket: { end(): void }) => socket.end(),
    'the server resets it': (socket: { resetAndDestroy(): void }) => socket.resetAndDestroy(),
    'the server drops it': (socket: { destroy(): void }) => socket.destroy(),
  } as const

  for (const [name, end] of Object.entries(endings)) {
    for (const keepalive of [true, false]) {
      test(`${name}, ${keepalive ? 'on a connection that was used before' : 'on one of its own'}`, async () => {
        await using server = await startRawServer((socket, { head }) => {
          if (head.startsWith('GET')) {
            socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
          } else end(socket as never)
        })
        expect(await (await http(server.origin)).text()).toBe('ok')
        const post = http(server.origin, {
          method: 'POST',
          body: 'run',
          keepalive,
          deadline: 5_000,
        })
        expect(await failure(post)).toBeInstanceOf(Error)
        // Whatever would send it again has had its chance when a later request is through.
        expect(await (await http(server.origin)).text()).toBe('ok')
        const posts = server.requests.filter(({ head }) => head.startsWith('POST'))
        expect(posts.map(({ body, connection }) => ({ body, reused: connection === 1 }))).toEqual([
          { body: 'run', reused: keepalive },
        ])
      })
    }
  }
})
