import { describe, expect, test } from 'bun:test'
import { chooseCredentials, credentialsOf } from '../../src/config/credentials.ts'
import { endpointsOf } from '../../src/config/endpoints.ts'
import { ConfigurationError } from '../../src/config/error.ts'
import { proxySettingsOf, stackStormTlsOf } from '../../src/config/network.ts'

const endpoints = (set: Record<string, string>) =>
  endpointsOf({
    ST2_HOSTNAME: 'localhost',
    ST2_API_URL: undefined,
    ST2_AUTH_URL: undefined,
    ST2_STREAM_URL: undefined,
    ST2_WEBUI_URL: undefined,
    ...set,
  })

describe('where StackStorm is', () => {
  test('everything follows from the host', () => {
    expect(endpoints({ ST2_HOSTNAME: 'st2.example.com' })).toEqual({
      api: 'https://st2.example.com/api',
      auth: 'https://st2.example.com/auth',
      stream: 'https://st2.example.com/stream',
      webui: 'https://st2.example.com',
    })
  })

  test.each([
    'https://h:8443/api',
    'https://h:8443/api/',
    'https://h:8443/api/v1',
    'https://h:8443/api/v1/',
  ])('stock nginx, written as %s', (url) => {
    expect(endpoints({ ST2_API_URL: url })).toEqual({
      api: 'https://h:8443/api',
      auth: 'https://h:8443/auth',
      stream: 'https://h:8443/stream',
      webui: 'https://h:8443',
    })
  })

  test.each(['http://h:9101', 'http://h:9101/', 'http://h:9101/v1'])(
    'direct ports, written as %s',
    (url) => {
      expect(endpoints({ ST2_API_URL: url })).toEqual({
        api: 'http://h:9101',
        auth: 'http://h:9100',
        stream: 'http://h:9102',
        webui: 'https://h',
      })
    },
  )

  test('below a prefix, and with an IPv6 host', () => {
    expect(endpoints({ ST2_API_URL: 'https://h/st2/api' }).auth).toBe('https://h/st2/auth')
    expect(endpoints({ ST2_HOSTNAME: '::1' }).stream).toBe('https://[::1]/stream')
    expect(endpoints({ ST2_HOSTNAME: 'h:8443' }).api).toBe('https://h:8443/api')
  })

  test('what is set stays, without the slash and /v1 at its end', () => {
    expect(endpoints({
      ST2_AUTH_URL: 'https://auth.example.com/v1/',
      ST2_STREAM_URL: 'http://s:9102/v1',
      ST2_WEBUI_URL: 'https://ui.example.com/',
    })).toMatchObject({
      auth: 'https://auth.example.com',
      stream: 'http://s:9102',
      webui: 'https://ui.example.com',
    })
  })
})

describe('who the bot is', () => {
  const all = {
    ST2_API_KEY: 'k',
    ST2_AUTH_TOKEN: 't',
    ST2_AUTH_USERNAME: 'u',
    ST2_AUTH_PASSWORD: 'p',
  }

  test('a key goes before a token, a token before a password', () => {
    expect(credentialsOf(all)).toEqual({ kind: 'api-key', key: 'k' })
    expect(credentialsOf({ ...all, ST2_API_KEY: undefined })).toEqual({ kind: 'token', token: 't' })
    expect(credentialsOf({ ...all, ST2_API_KEY: undefined, ST2_AUTH_TOKEN: undefined })).toEqual({
      kind: 'password',
      username: 'u',
      password: 'p',
    })
  })

  test('a user without a password is nobody', () => {
    const half = {
      ...all,
      ST2_API_KEY: undefined,
      ST2_AUTH_TOKEN: undefined,
      ST2_AUTH_PASSWORD: undefined,
    }
    expect(chooseCredentials(half)).toBeUndefined()
    expect(() => credentialsOf(half)).toThrow(ConfigurationError)
  })
})

describe('the network', () => {
  const none = {
    'http_proxy': undefined,
    HTTP_PROXY: undefined,
    'https_proxy': undefined,
    HTTPS_PROXY: undefined,
    'all_proxy': undefined,
    ALL_PROXY: undefined,
    'no_proxy': undefined,
    NO_PROXY: undefined,
  }

  test('lower case goes before upper case', () => {
    const core = {
      ...none,
      'https_proxy': 'http://a',
      HTTPS_PROXY: 'http://b',
      NO_PROXY: '.corp',
    }
    expect(proxySettingsOf({ core })).toEqual({ https: 'http://a', no: '.corp' })
    expect(proxySettingsOf({ core: none })).toEqual({})
  })

  test('only 0 switches verification off', () => {
    const verifies = (value: string) =>
      stackStormTlsOf({ core: { NODE_TLS_REJECT_UNAUTHORIZED: value } }).rejectUnauthorized
    expect(['0', '1', 'false', 'no'].map(verifies)).toEqual([false, true, true, true])
  })
})
