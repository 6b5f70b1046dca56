import { describe, expect, test } from 'bun:test'
import { isLoopback, judgeWebhook } from '../../src/ops/webhook-trust.ts'

const judge = (
  headers: Record<string, string>,
  { peer = '127.0.0.1', token, exposed = false }: {
    peer?: string
    token?: string
    exposed?: boolean
  } = {},
) => {
  const trust = judgeWebhook(
    { headers: new Headers({ host: '127.0.0.1:8081', ...headers }), peer, exposed },
    token,
  )
  return trust.trusted ? 'trusted' : trust.status
}

describe('without a token', () => {
  test('a program on this host may post', () => {
    expect(judge({})).toBe('trusted')
    expect(judge({ host: 'localhost:8081' }, { peer: '::1' })).toBe('trusted')
    expect(judge({ host: '[::1]:8081' }, { peer: '::ffff:127.0.0.1' })).toBe('trusted')
  })

  test('another host may not, whatever it claims', () => {
    expect(judge({}, { peer: '10.0.0.5' })).toBe(403)
    expect(judge({ 'x-forwarded-for': '127.0.0.1' }, { peer: '10.0.0.5' })).toBe(403)
  })

  test('a proxy on this host, which speaks for others, may not', () => {
    for (
      const name of [
        'x-forwarded-for',
        'X-Forwarded-Host',
        'X-Forwarded-Proto',
        'x-forwarded',
        'forwarded',
        'x-real-ip',
        'via',
        'CF-Connecting-IP',
        'cdn-loop',
        'true-client-ip',
        'x-client-ip',
        'x-amzn-trace-id',
        'x-envoy-external-address',
      ]
    ) expect(judge({ [name]: '127.0.0.1' })).toBe(403)
    // nginx as it comes: HTTP/1.0, which Bun does not tell, the address of the bot as Host, and this.
    for (const connection of ['close', 'Close', 'keep-alive, close']) {
      expect(judge({ connection })).toBe(403)
    }
    expect(judge({ connection: 'keep-alive' })).toBe('trusted')
  })

  test('nobody may where a chat service calls the bot, whose callers a server in front lets in', () => {
    expect(judge({}, { exposed: true })).toBe(403)
    expect(judge({ authorization: 'Bearer x' }, { exposed: true, token: 'x' })).toBe('trusted')
  })

  test('a web page in a browser on this host may not', () => {
    expect(judge({ origin: 'http://localhost:3000' })).toBe(403)
    expect(judge({ 'sec-fetch-site': 'cross-site' })).toBe(403)
    expect(judge({ host: 'rebound.example:8081' })).toBe(403)
    expect(judge({ host: '127.0.0.1.example' })).toBe(403)
  })

  test('an empty token is no token', () => {
    expect(judge({ authorization: 'Bearer ' }, { peer: '10.0.0.5', token: '' })).toBe(403)
  })
})

describe('with a token', () => {
  const token = 'open-sesame'

  test('whoever shows it may post, from anywhere and through a proxy', () => {
    const peer = '10.0.0.5'
    expect(judge({ authorization: `Bearer ${token}` }, { peer, token })).toBe('trusted')
    expect(judge({ authorization: `bearer ${token}` }, { peer, token })).toBe('trusted')
    expect(judge({ 'x-webhook-token': token, 'x-forwarded-for': '1.2.3.4' }, { peer, token }))
      .toBe('trusted')
  })

  test('nobody else may, this host included', () => {
    expect(judge({}, { token })).toBe(401)
    expect(judge({ authorization: 'Bearer open-sesam' }, { token })).toBe(401)
    expect(judge({ authorization: `Basic ${token}` }, { token })).toBe(401)
    expect(judge({ 'x-webhook-token': `${token}x` }, { token })).toBe(401)
  })
})

test('loopback is 127.0.0.0/8 and ::1, and nothing that looks like it', () => {
  for (const address of ['127.0.0.1', '127.9.8.7', '::1', '[::1]', '::ffff:127.0.0.1']) {
    expect(isLoopback(address)).toBe(true)
  }
  for (const address of ['127.0.0.1.example', '10.127.0.1', '::2', '0.0.0.0', '', undefined]) {
    expect(isLoopback(address)).toBe(false)
  }
})
