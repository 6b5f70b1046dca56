import { describe, expect, test } from 'bun:test'
import { systemClock } from '../../src/clock.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { call, withSandbox } from './client.ts'

const issue = (sandbox: Sandbox, body?: unknown) =>
  fetch(`${sandbox.authUrl}/v1/tokens`, {
    method: 'POST',
    headers: { Authorization: `Basic ${btoa(`${sandbox.user}:${sandbox.password}`)}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })

const whoami = async (sandbox: Sandbox, headers: Record<string, string>, query = '') => {
  const response = await fetch(`${sandbox.apiUrl}/v1/user${query}`, { headers })
  return { status: response.status, body: await response.json(), headers: response.headers }
}

describe('tokens', () => {
  test('are good until they expire, and then say so', async () => {
    let shift = 0
    const clock = { ...systemClock, now: () => Date.now() + shift }
    await withSandbox({ clock }, async (sandbox) => {
      const response = await issue(sandbox, { ttl: 60 })
      const { token, expiry } = await response.json() as { token: string; expiry: string }
      expect(response.headers.get('X-API-URL')).toBe(sandbox.url)
      expect(token).toMatch(/^[0-9a-f]{32}$/)
      expect(expiry).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
      const good = await whoami(sandbox, { 'X-Auth-Token': token })
      expect(good.status).toBe(200)
      expect(good.headers.get('Set-Cookie')).toContain(`auth-token=${token}; Max-Age=`)
      shift = 61_000
      expect(await whoami(sandbox, { 'X-Auth-Token': token })).toMatchObject({
        status: 401,
        body: { faultstring: 'Unauthorized - Token has expired.' },
      })
    })
  })

  test('live no longer than the server allows', () =>
    withSandbox({ tokenLifetime: 100 }, async (sandbox) => {
      expect(await (await issue(sandbox, { ttl: 101 })).json()).toEqual({
        faultstring: 'TTL specified 101 is greater than max allowed 100.',
      })
    }))

  test('of others are for service accounts', () =>
    withSandbox({}, async (sandbox) => {
      expect((await issue(sandbox, { user: 'alice' })).status).toBe(400)
      sandbox.setUser({ name: sandbox.user, service: true })
      const { token } = await (await issue(sandbox, { user: 'alice' })).json() as { token: string }
      expect(await whoami(sandbox, { 'X-Auth-Token': token })).toMatchObject({
        body: { username: 'alice' },
      })
    }))
})

describe('credentials', () => {
  test('the first source that is not empty decides, and its failure is final', () =>
    withSandbox({}, async (sandbox) => {
      const key = { 'St2-Api-Key': sandbox.apiKey }
      expect((await whoami(sandbox, { 'X-Auth-Token': 'bad', ...key })).status).toBe(401)
      expect((await whoami(sandbox, { 'X-Auth-Token': '', ...key })).status).toBe(200)
      expect((await whoami(sandbox, key, '?x-auth-token=bad')).status).toBe(200)
      expect(
        (await whoami(sandbox, { Cookie: 'auth-token=bad' }, `?st2-api-key=${sandbox.apiKey}`))
          .status,
      ).toBe(200)
      expect((await whoami(sandbox, { Cookie: 'auth-token=bad' })).status).toBe(401)
    }))

  test('of a key can be switched off', () =>
    withSandbox({ apiKey: 'k' }, async (sandbox) => {
      expect(sandbox.apiKey).toBe('k')
      sandbox.setApiKeyEnabled('k', false)
      expect((await call(sandbox, 'GET', '/v1/user')).body).toEqual({
        faultstring: 'Unauthorized - API key is disabled.',
      })
    }))
})

describe('every answer', () => {
  test('echoes the request’s id or brings one of its own', () =>
    withSandbox({}, async (sandbox) => {
      const own = await fetch(`${sandbox.apiUrl}/v1/nope`, { headers: { 'X-Request-ID': 'r-1' } })
      expect([own.status, own.headers.get('X-Request-ID')]).toEqual([401, 'r-1'])
      const other = await fetch(`${sandbox.url}/nowhere`)
      expect(other.status).toBe(404)
      expect(other.headers.get('X-Request-ID')).toMatch(/^[0-9a-f-]{36}$/)
    }))
})
