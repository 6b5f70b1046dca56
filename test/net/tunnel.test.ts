import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { describe, expect, test } from 'bun:test'
import type { ProxySettings } from '../../src/net/proxy.ts'
import { createOpenTunnel, secureTunnel, type TunnelTls } from '../../src/net/tunnel.ts'
import { createAuthority } from '../fakes/authority.ts'
import { type Certificate, haveOpenssl, selfSigned } from '../fakes/certificate.ts'
import { startConnectProxy } from '../fakes/connect-proxy.ts'
import {
  haveMicrosocks,
  haveTinyproxy,
  proxyUser,
  startMicrosocks,
  startTinyproxy,
} from '../servers/proxies.ts'

/** Greets, as IRC and mail servers do, and says everything back. */
const talk = (socket: Socket): void => {
  socket.on('error', () => socket.destroy())
  socket.write('hello\n')
  socket.on('data', (chunk) => socket.write(chunk))
}

const listen = async (server: Server) => {
  const open = new Set<Socket>()
  server.on('connection', (socket: Socket) => open.add(socket))
  server.listen(0, '0.0.0.0')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const startTalker = (certificate?: Certificate) =>
  listen(certificate === undefined ? createServer(talk) : createTlsServer(certificate, talk))

const { signal } = new AbortController()
const deadline = 5_000
const host = 'irc.test'

/** Loopback is always direct, so that what must go by a proxy is asked for by a name that hosts give to themselves. */
const ownName = '0.0.0.0'

const lineOf = async (socket: Socket): Promise<string> => {
  let text = ''
  const { promise, resolve } = Promise.withResolvers<void>()
  socket.on('data', (chunk) => {
    text += chunk
    if (text.endsWith('\n')) resolve()
  })
  socket.resume()
  await promise
  return text
}

type Case = {
  readonly proxy?: ProxySettings
  readonly to?: string
  readonly port: number
  readonly tls?: TunnelTls
}

const open = ({ proxy = {}, to = '127.0.0.1', port, tls }: Case): Promise<Socket> =>
  createOpenTunnel({ proxy })({ host: to, port, tls, signal, deadline })

const greeting = async (where: Case): Promise<string> => {
  const socket = await open(where)
  const line = await lineOf(socket)
  socket.destroy()
  return line
}

const problem = (where: Case): Promise<{ trouble: string; code: string; message: string }> =>
  open(where).then(
    (socket) => {
      socket.destroy()
      return { trouble: 'none', code: '', message: 'it was opened' }
    },
    ({ trouble, code, message }) => ({ trouble, code, message }),
  )

describe('directly', () => {
  test('what the server says first is heard, and what is said reaches it', async () => {
    await using server = await startTalker()
    const socket = await open({ port: server.port })
    expect(await lineOf(socket)).toBe('hello\n')
    socket.write('you\n')
    expect(await lineOf(socket)).toBe('you\n')
    socket.destroy()
  })

  test('a port that nobody listens at is told of in words', async () => {
    const server = await startTalker()
    await server[Symbol.asyncDispose]()
    const { trouble, message } = await problem({ port: server.port })
    expect(trouble).toBe('connection')
    expect(message).toBe(
      `no connection to 127.0.0.1:${server.port}: nothing takes connections there (ECONNREFUSED)`,
    )
  })

  test('the caller can give up, before and after it is open', async () => {
    await using server = await startTalker()
    const caller = new AbortController()
    const tunnel = createOpenTunnel({ proxy: {} })
    const to = { host: '127.0.0.1', port: server.port, signal: caller.signal, deadline }
    const socket = await tunnel(to)
    const closed = once(socket, 'close')
    caller.abort(new Error('enough'))
    await closed
    expect(await tunnel(to).catch((error) => error.message)).toBe('enough')
  })

  test('a server that takes the connection and does not speak TLS is given up at the deadline', async () => {
    await using server = await listen(createServer((socket) => void socket.on('error', () => {})))
    const given = await createOpenTunnel({ proxy: {} })({
      host: '127.0.0.1',
      port: server.port,
      tls: {},
      signal,
      deadline: 50,
    }).catch((error) => error.message)
    expect(given).toContain('no answer within 0.05 s')
  })
})

describe.skipIf(!haveOpenssl)('TLS', () => {
  test('is verified: against the name, the authority and the age', async () => {
    using authority = createAuthority()
    await using server = await startTalker(authority.sign(host))
    const tls = { servername: host }
    const { port } = server
    expect(await greeting({ port, tls: { ...tls, ca: authority.ca } })).toBe('hello\n')
    expect((await problem({ port, tls })).trouble).toBe('certificate')
    const other = await problem({ port, tls: { ca: authority.ca, servername: 'other.test' } })
    expect(other).toMatchObject({ trouble: 'certificate', code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
    await using old = await startTalker(authority.sign(host, { days: -1 }))
    const expired = await problem({ port: old.port, tls: { ...tls, ca: authority.ca } })
    expect(expired).toMatchObject({ trouble: 'certificate', code: 'CERT_HAS_EXPIRED' })
  })

  test('an expired certificate is accepted where that is allowed, if nothing else is wrong with it', async () => {
    using authority = createAuthority()
    using stranger = createAuthority('Somebody else')
    const tls = { servername: host, ca: authority.ca, allowExpired: true }
    const days = -1
    const serve = async (certificate: Certificate, with_: TunnelTls = tls) => {
      await using server = await startTalker(certificate)
      const { trouble } = await problem({ port: server.port, tls: with_ })
      return trouble
    }
    expect(await serve(authority.sign(host, { days }))).toBe('none')
    expect(await serve(authority.sign(host))).toBe('none')
    expect(await serve(authority.sign('other.test', { days }))).toBe('certificate')
    expect(await serve(stranger.sign(host, { days }))).toBe('certificate')
    // Whoever has a certificate of the authority is no authority.
    const owner = authority.sign('customer.test')
    expect(await serve(authority.sign(host, { days, owner }))).toBe('certificate')
    expect(await serve(selfSigned(host))).toBe('certificate')
  })

  test('any certificate is accepted where the operator wants it so', async () => {
    await using server = await startTalker(selfSigned('other.test'))
    const tls = { rejectUnauthorized: false, servername: host }
    expect(await greeting({ port: server.port, tls })).toBe('hello\n')
    const { message } = await problem({ port: server.port, tls: { servername: host } })
    expect(message).toContain('its certificate is self-signed (DEPTH_ZERO_SELF_SIGNED_CERT)')
  })

  test('our own certificate is shown to a server that asks for it', async () => {
    using authority = createAuthority()
    const own = authority.sign('bot.test')
    const server = createTlsServer(
      { ...authority.sign(host), requestCert: true, ca: [authority.ca] },
      (socket) => {
        socket.on('error', () => {})
        socket.write(`${socket.getPeerCertificate().subject.CN}\n`)
      },
    )
    await using running = await listen(server)
    const tls = { servername: host, ca: authority.ca, ...own }
    expect(await greeting({ port: running.port, tls })).toBe('bot.test\n')
  })

  test('can begin on an open connection, and is verified there too', async () => {
    using authority = createAuthority()
    await using server = await startTalker(authority.sign(host))
    const plain = () => open({ port: server.port })
    const patience = { host, signal, deadline }
    const secured = await secureTunnel(await plain(), { ...patience, tls: { ca: authority.ca } })
    expect(await lineOf(secured)).toBe('hello\n')
    secured.destroy()
    const refused = await plain()
    const closed = once(refused, 'close')
    const error = await secureTunnel(refused, { ...patience, tls: {} }).catch((error) => error)
    expect(error.trouble).toBe('certificate')
    await closed
  })
})

describe('an HTTP proxy', () => {
  test('is asked by CONNECT, with its password, and nothing of what the server says first is lost', async () => {
    await using server = await startTalker()
    await using proxy = await startConnectProxy({
      hosts: { [host]: server.port },
      credentials: 'bot:s3 cret@',
    })
    const settings = { https: `http://bot:s3%20cret%40@127.0.0.1:${proxy.port}` }
    expect(await greeting({ proxy: settings, to: host, port: 6667 })).toBe('hello\n')
    expect(proxy.requests.map(({ target }) => target)).toEqual([`CONNECT ${host}:6667`])
  })

  test('that refuses is named with what to do, without its password', async () => {
    await using proxy = await startConnectProxy({ hosts: {}, credentials: 'bot:right' })
    const by = (password: string) => ({ https: `http://bot:${password}@127.0.0.1:${proxy.port}` })
    const wrong = await problem({ proxy: by('wr0ng'), to: host, port: 6667 })
    expect(wrong.trouble).toBe('proxy')
    expect(wrong.message).toContain('wants another user or password (407)')
    expect(wrong.message).not.toContain('wr0ng')
    const unknown = await problem({ proxy: by('right'), to: host, port: 6667 })
    expect(unknown.message).toContain('refuses the connection (502)')
    expect(unknown.message).toContain('NO_PROXY')
  })

  test('is left out for this host and for NO_PROXY', async () => {
    await using server = await startTalker()
    const nowhere = { https: 'http://127.0.0.1:1', no: ownName }
    expect(await greeting({ proxy: nowhere, port: server.port })).toBe('hello\n')
    expect(await greeting({ proxy: nowhere, to: ownName, port: server.port })).toBe('hello\n')
  })

  test('that is away is what is told of', async () => {
    const { trouble, message } = await problem({
      proxy: { https: 'http://127.0.0.1:1' },
      to: host,
      port: 6667,
    })
    expect(trouble).toBe('proxy')
    expect(message).toContain('the proxy 127.0.0.1:1')
  })

  test.skipIf(!haveTinyproxy)('tinyproxy tunnels', async () => {
    await using server = await startTalker()
    await using proxy = await startTinyproxy()
    const { user, password } = proxyUser
    const settings = { https: `http://${user}:${password}@127.0.0.1:${proxy.port}` }
    expect(await greeting({ proxy: settings, to: ownName, port: server.port })).toBe('hello\n')
    const wrong = { https: `http://${user}:wrong@127.0.0.1:${proxy.port}` }
    const refused = await problem({ proxy: wrong, to: ownName, port: server.port })
    expect(refused.trouble).toBe('proxy')
  })

  test.skipIf(!haveOpenssl)('carries TLS, verified to its end', async () => {
    using authority = createAuthority()
    await using server = await startTalker(authority.sign(host))
    await using proxy = await startConnectProxy({ hosts: { [host]: server.port } })
    const settings = { https: `http://127.0.0.1:${proxy.port}` }
    const to = { proxy: settings, to: host, port: 6697 }
    expect(await greeting({ ...to, tls: { ca: authority.ca } })).toBe('hello\n')
    expect((await problem({ ...to, tls: {} })).trouble).toBe('certificate')
  })
})

describe.skipIf(!haveMicrosocks)('a SOCKS proxy', () => {
  test('is used where ALL_PROXY names it, with its password', async () => {
    await using server = await startTalker()
    await using proxy = await startMicrosocks()
    const by = (password: string) => ({
      // Fetch goes by this one; what is not HTTP by the other.
      https: 'http://127.0.0.1:1',
      all: `socks5h://${proxyUser.user}:${password}@127.0.0.1:${proxy.port}`,
    })
    const to = { to: ownName, port: server.port }
    expect(await greeting({ ...to, proxy: by(proxyUser.password) })).toBe('hello\n')
    const { trouble, message } = await problem({ ...to, proxy: by('wr0ng') })
    expect(trouble).toBe('proxy')
    expect(message).not.toContain('wr0ng')
  })

  test.skipIf(!haveOpenssl)('carries TLS, verified to its end', async () => {
    using authority = createAuthority()
    await using server = await startTalker(authority.sign(host))
    await using proxy = await startMicrosocks()
    const { user, password } = proxyUser
    const settings = { all: `socks5://${user}:${password}@127.0.0.1:${proxy.port}` }
    const to = { proxy: settings, to: ownName, port: server.port }
    const tls = { ca: authority.ca, servername: host }
    expect(await greeting({ ...to, tls })).toBe('hello\n')
    expect((await problem({ ...to, tls: { servername: host } })).trouble).toBe('certificate')
  })
})
