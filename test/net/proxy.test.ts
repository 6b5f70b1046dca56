import { describe, expect, test } from 'bun:test'
import { proxyFor, ProxyProblem } from '../../src/net/proxy.ts'

const proxies = { http: 'http://plain:1', https: 'http://secure:2', all: 'http://all:3' }

describe('which proxy', () => {
  test.each([
    ['http://x.corp/', 'http://plain:1'],
    ['ws://x.corp/', 'http://plain:1'],
    ['https://x.corp/', 'http://secure:2'],
    ['wss://x.corp/', 'http://secure:2'],
  ])('%s goes by %s', (url, expected) => {
    expect(proxyFor(url, proxies)).toBe(expected)
  })

  test('ALL_PROXY stands in where the own one is missing or empty', () => {
    expect(proxyFor('https://x/', { http: 'http://plain:1', all: 'http://all:3' })).toBe(
      'http://all:3',
    )
    expect(proxyFor('http://x/', { http: '', all: 'http://all:3' })).toBe('http://all:3')
  })

  test('an https address never goes by HTTP_PROXY', () => {
    expect(proxyFor('https://x/', { http: 'http://plain:1' })).toBeUndefined()
  })

  test('without settings everything is direct', () => {
    expect(proxyFor('https://x/', {})).toBeUndefined()
  })

  test('a proxy without a scheme is an HTTP proxy, and keeps its password', () => {
    expect(proxyFor('https://x/', { https: 'u:p%40@proxy.corp:3128' })).toBe(
      'http://u:p%40@proxy.corp:3128',
    )
  })

  test.each([
    'http://localhost/',
    'http://LOCALHOST:9101/',
    'http://127.0.0.1/',
    'https://127.9.9.9/',
    'http://[::1]:80/',
  ])(
    'this host is always direct: %s',
    (url) => {
      expect(proxyFor(url, proxies)).toBeUndefined()
    },
  )
})

describe('what cannot be a proxy', () => {
  test.each(['socks5://s:1080', 'SOCKS4a://s', 'socks5h://s:1'])('%s is refused by name', (all) => {
    expect(() => proxyFor('https://x/', { all })).toThrow(ProxyProblem)
    expect(() => proxyFor('https://x/', { all })).toThrow(/ALL_PROXY names a SOCKS proxy/)
  })

  test.each(['ftp://p:1', 'http://', 'http://user:secret@:99999999'])('%s is refused', (https) => {
    const attempt = () => proxyFor('https://x/', { https })
    expect(attempt).toThrow(/HTTPS_PROXY is not the address of a proxy/)
    expect(attempt).not.toThrow(/secret/)
  })
})

describe('NO_PROXY', () => {
  const direct = (no: string, url: string) => proxyFor(url, { ...proxies, no }) === undefined

  test.each([
    ['*', 'https://anything.corp/'],
    ['st2.corp', 'https://st2.corp/'],
    ['ST2.corp', 'https://st2.CORP/'],
    ['corp', 'https://st2.corp/'],
    ['.corp', 'https://st2.corp/'],
    ['.corp', 'https://corp/'],
    ['*.corp', 'https://a.b.corp/'],
    ['st2.corp:443', 'https://st2.corp/'],
    ['st2.corp:9101', 'http://st2.corp:9101/'],
    ['other, st2.corp', 'https://st2.corp/'],
    ['other st2.corp', 'https://st2.corp/'],
    ['st2.corp.', 'https://st2.corp/'],
    ['st2.corp', 'https://st2.corp./'],
    ['10.0.0.0/8', 'https://10.1.2.3/'],
    ['10.1.2.3', 'https://10.1.2.3/'],
    ['10.1.2.3:443', 'https://10.1.2.3/'],
    ['0.0.0.0/0', 'https://10.1.2.3/'],
    ['fd00::/8', 'https://[fd12::1]/'],
    ['fd12::1', 'https://[fd12::1]/'],
    ['[fd12::1]', 'https://[fd12::1]/'],
    ['[fd12::1]:443', 'https://[fd12::1]/'],
    ['st2.corp:443', 'wss://st2.corp/'],
  ])('%s lets %s go directly', (no, url) => {
    expect(direct(no, url)).toBe(true)
  })

  test.each([
    ['', 'https://st2.corp/'],
    ['.', 'https://st2.corp/'],
    [' , ', 'https://st2.corp/'],
    ['rp', 'https://st2.corp/'],
    ['2.corp', 'https://st2.corp/'],
    ['st2.corp:80', 'https://st2.corp/'],
    ['127.*', 'https://128.0.0.1/'],
    ['10.0.0.0/8', 'https://11.0.0.1/'],
    ['10.0.0.0/99', 'https://10.0.0.1/'],
    ['10.0.0.0/', 'https://10.0.0.1/'],
    ['10.0.0.0/8', 'https://ten.corp/'],
    ['fd00::/8', 'https://[fe80::1]/'],
    ['fd00::/8', 'https://10.0.0.1/'],
  ])('%s does not cover %s', (no, url) => {
    expect(direct(no, url)).toBe(false)
  })
})
