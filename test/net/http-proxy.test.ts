import { describe, expect, test } from 'bun:test'
import { type AddressInfo, createServer } from 'node:net'
import { createHttp } from '../../src/net/http.ts'
import { haveOpenssl, selfSigned } from '../fakes/certificate.ts'
import { startConnectProxy } from '../fakes/connect-proxy.ts'
import { startJsonServer, startRawServer } from '../fakes/http-server.ts'
import { haveTinyproxy, startTinyproxy } from '../servers/proxies.ts'

const portOf = (url: string): number => Number(new URL(url).port)
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

describe('a proxy', () => {
  test('is the only one that knows the host', async () => {
    await using server = await startJsonServer(() => ({ body: 'found' }))
    await using proxy = await startConnectProxy({ hosts: { 'st2.test': portOf(server.origin) } })
    const http = createHttp({ proxy: { http: `127.0.0.1:${proxy.port}` } })
    expect(await (await http('http://st2.test/api')).text()).toBe('found')
    expect(proxy.requests.map(({ target }) => target)).toEqual(['GET http://st2.test/api'])
  })

  test('that is away is what is told of, not the host behind it, and without its password', async () => {
    const listener = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => listener.once('listening', resolve))
    const { port } = listener.address() as AddressInfo
    await new Promise((resolve) => listener.close(resolve))
    const http = createHttp({ proxy: { https: `http://bot:canary@127.0.0.1:${port}` } })
    const error = await http('https://st2.test/api').catch((reason: unknown) => reason)
    expect(String(error)).toBe(
      `ProxyUnreachable: the proxy 127.0.0.1:${port} takes no connection (ECONNREFUSED). Check HTTPS_PROXY, ` +
        'or add the host to NO_PROXY.',
    )
  })

  test.skipIf(!haveOpenssl)('tunnels TLS, with a password of odd characters', async () => {
    const certificate = selfSigned('st2.test')
    const server = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      tls: certificate,
      fetch: () => new Response('found'),
    })
    await using proxy = await startConnectProxy({
      hosts: { 'st2.test': server.port ?? 0 },
      credentials: 'bot:p@ss word',
    })
    const address = `http://bot:p%40ss%20word@127.0.0.1:${proxy.port}`
    const http = createHttp({ proxy: { https: address }, tls: { ca: certificate.cert } })
    expect(await (await http('https://st2.test/api')).text()).toBe('found')
    expect(proxy.requests).toEqual([
      { target: 'CONNECT st2.test:443', authorization: basic('bot:p@ss word') },
    ])
    await server.stop(true)
  })

  test('lets a stream through piece by piece', async () => {
    const { promise: heard, resolve: hear } = Promise.withResolvers<void>()
    await using server = await startRawServer(async (socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nfirst\r\n')
      await heard
      socket.end('6\r\nsecond\r\n0\r\n\r\n')
    })
    await using proxy = await startConnectProxy({ hosts: { 'st2.test': server.port } })
    const http = createHttp({ proxy: { http: `http://127.0.0.1:${proxy.port}` } })
    const answer = await http('http://st2.test/stream', { stream: true, deadline: 10_000 })
    const pieces: string[] = []
    for await (const piece of answer.body ?? []) {
      pieces.push(new TextDecoder().decode(piece))
      hear()
    }
    expect(pieces).toEqual(['first', 'second'])
  })

  test('that refuses is named, and its password is not', async () => {
    await using proxy = await startConnectProxy({ hosts: {}, credentials: 'bot:right' })
    const http = createHttp({ proxy: { https: `http://bot:canary@127.0.0.1:${proxy.port}` } })
    const error = await http('https://st2.test/').then(() => undefined, (error: Error) => error)
    expect(error?.message).toMatch(/407 Proxy Authentication Required/)
    expect(Bun.inspect(error)).not.toMatch(/canary/)
  })

  test('is left out for this host and for NO_PROXY', async () => {
    await using server = await startJsonServer(() => ({ body: 'direct' }))
    await using proxy = await startConnectProxy({ hosts: {} })
    const settings = { http: `http://127.0.0.1:${proxy.port}` }
    expect(await (await createHttp({ proxy: settings })(server.origin)).text()).toBe('direct')
    const excepted = createHttp({ proxy: { ...settings, no: 'st2.invalid' } })
    await excepted('http://st2.invalid/').catch(() => {})
    expect(proxy.requests).toEqual([])
  })

  test("is used also where the process's own NO_PROXY would leave it out", async () => {
    await using server = await startJsonServer(() => ({ body: 'found' }))
    await using proxy = await startConnectProxy({ hosts: { 'st2.test': portOf(server.origin) } })
    process.env.NO_PROXY = '*'
    try {
      const http = createHttp({ proxy: { all: `http://127.0.0.1:${proxy.port}` } })
      expect(await (await http('http://st2.test/')).text()).toBe('found')
    } finally {
      delete process.env.NO_PROXY
    }
  })

  test('that can never work is refused before anything is sent', async () => {
    const http = createHttp({ proxy: { all: 'socks5://127.0.0.1:1080' } })
    expect(await http('https://st2.test/').catch((error) => error.name)).toBe('ProxyProblem')
  })
})

// Without tinyproxy on the machine these say "skipped".
describe.skipIf(!haveTinyproxy)('tinyproxy', () => {
  /** Loopback is always direct, so the server listens to a name that hosts give to themselves. */
  const ownName = '0.0.0.0'

  test('forwards plain requests', async () => {
    await using server = await startJsonServer(() => ({ body: 'found' }))
    await using proxy = await startTinyproxy()
    const http = createHttp({ proxy: { http: `http://bot:s3cret@127.0.0.1:${proxy.port}` } })
    const answer = await http(`http://${ownName}:${portOf(server.origin)}/`)
    expect(await answer.text()).toBe('found')
    expect(server.seen[0]?.headers.get('via')).toMatch(/tinyproxy/)
  })

  test.skipIf(!haveOpenssl)('tunnels TLS', async () => {
    const certificate = selfSigned(ownName)
    const server = Bun.serve({ port: 0, tls: certificate, fetch: () => new Response('found') })
    await using proxy = await startTinyproxy()
    const url = `https://${ownName}:${server.port}/`
    const tls = { ca: certificate.cert }
    const right = { https: `http://bot:s3cret@127.0.0.1:${proxy.port}` }
    expect(await (await createHttp({ proxy: right, tls })(url)).text()).toBe('found')
    const wrong = { https: `http://bot:wrong@127.0.0.1:${proxy.port}` }
    const refused = await createHttp({ proxy: wrong, tls })(url).catch((error) => error.code)
    expect(refused).toBe('ERR_PROXY_TUNNEL')
    await server.stop(true)
  })
})
