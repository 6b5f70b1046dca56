import type { URL as Address } from 'node:url'
import type { ProxySettings } from '../config/network.ts'
import { isLoopback, matchesNetwork } from './address.ts'

export type { ProxySettings } from '../config/network.ts'

/** The configured proxy can never work; the message says which and what to write instead. */
export class ProxyProblem extends Error {
  override readonly name = 'ProxyProblem'
}

/** The proxy did not take the connection: nothing was sent, and what was asked for may be well. The message ends with what to do. */
export class ProxyUnreachable extends Error {
  override readonly name = 'ProxyUnreachable'
  readonly code: string
  constructor(proxy: string, code: string, cause: unknown) {
    super(
      `the proxy ${
        new URL(proxy).host
      } takes no connection (${code}). Check HTTPS_PROXY, or add the host to NO_PROXY.`,
      { cause },
    )
    this.code = code
  }
}

/** What Bun's fetch says when no connection came about at all. */
const notConnected =
  /^(ECONNREFUSED|ConnectionRefused|FailedToOpenSocket|ENOTFOUND|EAI_\w+|E(NET|HOST)UNREACH)$/

/** Bun tells of a proxy that is away as if it were the host behind it. */
export const proxyFailure = (error: unknown, proxy: string): unknown => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return notConnected.test(code) ? new ProxyUnreachable(proxy, code, error) : error
}

const defaultPorts: Readonly<Record<string, string>> = {
  'http:': '80',
  'ws:': '80',
  'https:': '443',
  'wss:': '443',
}

/** A URL writes an IPv6 address in brackets; lists of hosts mostly do not. */
const bare = (host: string): string => host.replace(/^\[|\]$/g, '').replace(/\.$/, '').toLowerCase()

/** `host:port`, `[v6]:port`; what has no port, or is an IPv6 address, is all host. */
const splitPort = (entry: string): readonly [host: string, port: string | undefined] => {
  const found = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(entry)
  return found ? [bare(found[1] ?? ''), found[2]] : [bare(entry), undefined]
}

/**
 * Whether one entry of NO_PROXY covers a host: `*`, a name and all below it (`corp`, `.corp`,
 * `*.corp`), `host:port`, or, for addresses, a network such as `10.0.0.0/8` or `fd00::/8`.
 */
const covers = (entry: string, host: string, port: string): boolean => {
  if (entry === '*') return true
  if (entry.includes('/')) return matchesNetwork(host, entry)
  const [name, onlyPort] = splitPort(entry)
  if (onlyPort !== undefined && onlyPort !== port) return false
  const suffix = name.replace(/^\*?\./, '')
  return suffix !== '' && (host === suffix || host.endsWith(`.${suffix}`))
}

const withScheme = (value: string): string => {
  const written = value.trim()
  // Every Unix program takes `proxy.corp:3128` for an HTTP proxy.
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(written) ? written : `http://${written}`
}

const isSocks = (proxy: string): boolean => /^socks(4a?|5h?)?:/i.test(proxy)

/** A proxy with its scheme. Throws ProxyProblem for what cannot be one. */
const readProxy = (value: string, variable: string): string => {
  const text = withScheme(value)
  if ((isSocks(text) || /^https?:/i.test(text)) && URL.canParse(text)) return text
  // The value is not repeated: it may hold a password.
  throw new ProxyProblem(
    `${variable} is not the address of a proxy: write ${variable}=http://host:port.`,
  )
}

/**
 * This host itself is always reached directly, as a proxy would look for it on the wrong machine; what NO_PROXY names is
 * too. `host` is bare, `port` in digits.
 */
const isDirect = (host: string, port: string, { no = '' }: ProxySettings): boolean =>
  isLoopback(host) || no.split(/[\s,]+/).some((entry) => entry !== '' && covers(entry, host, port))

/**
 * The proxy for an address, with scheme, or undefined for the direct way. `https:` and `wss:` go by the
 * `https` proxy, `http:` and `ws:` by the `http` one, both else by `all`.
 * Throws ProxyProblem when the proxy in question can never work (SOCKS, not an address).
 */
export const proxyFor = (url: string | Address, settings: ProxySettings): string | undefined => {
  const { protocol, hostname, port } = new URL(url)
  const secure = protocol === 'https:' || protocol === 'wss:'
  const own = secure ? settings.https : settings.http
  const [value, variable] = own?.trim()
    ? [own, secure ? 'HTTPS_PROXY' : 'HTTP_PROXY']
    : [settings.all, 'ALL_PROXY']
  if (!value?.trim()) return undefined
  if (isDirect(bare(hostname), port || (defaultPorts[protocol] ?? ''), settings)) return undefined
  const proxy = readProxy(value, variable)
  if (!isSocks(proxy)) return proxy
  throw new ProxyProblem(
    `${variable} names a SOCKS proxy, which HTTP cannot use here: write ${variable}=http://host:port of an HTTP proxy instead.`,
  )
}

/**
 * The proxy for a connection that is not HTTP, with scheme, or undefined for the direct way: a SOCKS proxy that ALL_PROXY
 * names, else the one that tunnels TLS. Throws ProxyProblem when it is no address.
 */
export const tunnelProxyFor = (
  host: string,
  port: number,
  settings: ProxySettings,
): string | undefined => {
  const all = settings.all?.trim() ?? ''
  const https = settings.https?.trim() ?? ''
  const [value, variable] = https === '' || isSocks(all)
    ? [all, 'ALL_PROXY']
    : [https, 'HTTPS_PROXY']
  if (value === '' || isDirect(bare(host), String(port), settings)) return undefined
  return readProxy(value, variable)
}
