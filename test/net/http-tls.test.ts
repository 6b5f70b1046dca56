import { describe, expect, test } from 'bun:test'
import { createHttp } from '../../src/net/http.ts'
import { haveOpenssl, selfSigned } from '../fakes/certificate.ts'

const startServer = (...hosts: string[]) => {
  const certificate = selfSigned(...hosts)
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    tls: certificate,
    fetch: () => new Response('hello'),
  })
  return {
    certificate,
    url: `https://127.0.0.1:${server.port}/`,
    [Symbol.asyncDispose]: () => server.stop(true),
  }
}

const code = (work: Promise<unknown>) =>
  work.then(() => undefined, (error: { code?: unknown }) => error.code)

// Without openssl these say "skipped": there is nothing to make a certificate with.
describe.skipIf(!haveOpenssl)('a self-signed certificate', () => {
  test('is refused', async () => {
    await using server = startServer('127.0.0.1')
    expect(await code(createHttp({ proxy: {} })(server.url))).toBe('DEPTH_ZERO_SELF_SIGNED_CERT')
  })

  test('is refused also where the process switches verification off for all', async () => {
    await using server = startServer('127.0.0.1')
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
    try {
      expect(await code(createHttp({ proxy: {} })(server.url))).toBe('DEPTH_ZERO_SELF_SIGNED_CERT')
    } finally {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
    }
  })

  test('is accepted where the operator asks for it, and only there', async () => {
    await using server = startServer('127.0.0.1')
    const careless = createHttp({ proxy: {}, tls: { rejectUnauthorized: false } })
    expect(await (await careless(server.url)).text()).toBe('hello')
    // The connection that was made without a check must not be lent to those who check.
    expect(await code(createHttp({ proxy: {} })(server.url))).toBe('DEPTH_ZERO_SELF_SIGNED_CERT')
  })

  test('is accepted when it is given as one to trust', async () => {
    await using server = startServer('127.0.0.1')
    const trusting = createHttp({ proxy: {}, tls: { ca: server.certificate.cert } })
    expect(await (await trusting(server.url)).text()).toBe('hello')
  })

  test('is refused for another host, trusted or not', async () => {
    await using server = startServer('st2.test')
    const trusting = createHttp({ proxy: {}, tls: { ca: server.certificate.cert } })
    expect(await code(trusting(server.url))).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
  })
})
