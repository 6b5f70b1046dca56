import { isIPv6 } from 'node:net'
import { URL } from 'node:url'
import type { OptionValues } from '../../src/config/option.ts'
import { XmppSetupProblem } from './failures.ts'
import type { Address } from './find-server.ts'
import { type Jid, readJid } from './jid.ts'
import type { xmppOptions } from './options.ts'
import type { WantedRoom } from './room.ts'
import { mechanisms } from './sasl.ts'

export type XmppOptions = OptionValues<typeof xmppOptions>

/** How the server is reached. */
export type Way =
  /** Over TCP; `address` is undefined where the domain's records say it. */
  | { readonly kind: 'starttls' | 'plain'; readonly address: Address | undefined }
  /** Over TCP, with TLS from the first byte. */
  | { readonly kind: 'tls'; readonly address: Address }
  | { readonly kind: 'websocket'; readonly url: string }

/** What follows from the variables alone. */
export type Setup = {
  readonly jid: Jid
  readonly resource: string
  readonly password: string
  readonly nick: string
  readonly rooms: readonly WantedRoom[]
  readonly way: Way
}

/**
 * The resource where none is given. Always the same: a bot that was killed takes the place of its own ghost when it comes
 * back, and so has its nick again.
 */
const usualResource = 'st2chatops'
const usualPorts = { starttls: 5222, tls: 5223 } as const

/** The words leave out what was written: a password may be in it, by mistake. */
const readAccount = (text: string): Jid => {
  const jid = readJid(text.trim())
  const isHost = jid !== undefined && (!jid.domain.includes(':') || isAddress(jid.domain))
  if (isHost && jid.local !== '') return jid
  throw new XmppSetupProblem(
    "HUBOT_XMPP_USERNAME is the bot's full address and nothing else: write user@domain, and the password into HUBOT_XMPP_PASSWORD.",
  )
}

/** An IPv6 address, with or without its brackets. */
const isAddress = (host: string): boolean => isIPv6(host.replace(/^\[(.*)\]$/, '$1'))

/** A host's name or address, without brackets. */
const readHost = (text: string): string => {
  if (isAddress(text)) return text.replace(/^\[|\]$/g, '')
  if (!/[:/@\s]/.test(text)) return text
  throw new XmppSetupProblem(
    'HUBOT_XMPP_HOST is the name of a host and nothing else: write its port into HUBOT_XMPP_PORT.',
  )
}

/** `room@service` or `room@service:password`; what follows the first colon is the password. */
const readRoom = (text: string, index: number): WantedRoom => {
  const colon = text.indexOf(':')
  const jid = readJid((colon === -1 ? text : text.slice(0, colon)).trim())
  if (jid === undefined || jid.local === '' || jid.resource !== '') {
    // What follows a comma within a password looks like an entry: none is shown.
    throw new XmppSetupProblem(
      `HUBOT_XMPP_ROOMS has an entry that is no room, number ${
        index + 1
      }: write room@service or room@service:password, such as ops@conference.example.com. A password can hold no comma.`,
    )
  }
  return { jid, password: colon === -1 ? undefined : text.slice(colon + 1) }
}

const readNick = (text: string): string => {
  const nick = text.trim()
  if (nick !== '') return nick
  throw new XmppSetupProblem('HUBOT_XMPP_NICK is blank: write a nick, or take it out.')
}

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/

const readWebSocket = (url: string, allowPlaintext: boolean): Way => {
  if (!/^wss?:\/\//i.test(url) || !URL.canParse(url)) {
    throw new XmppSetupProblem(
      'HUBOT_XMPP_WEBSOCKET is the address of a WebSocket: write it as wss://host:port/path.',
    )
  }
  const { protocol, hostname } = new URL(url)
  if (protocol !== 'wss:' && !allowPlaintext && !loopback.test(hostname)) {
    throw new XmppSetupProblem(
      'HUBOT_XMPP_WEBSOCKET has no TLS, and anybody on the way could read the password: write wss://, or set HUBOT_XMPP_DISALLOW_TLS=true.',
    )
  }
  return { kind: 'websocket', url }
}

const readWay = (options: XmppOptions): Way => {
  const url = options.HUBOT_XMPP_WEBSOCKET?.trim()
  const named = options.HUBOT_XMPP_HOST?.trim() || undefined
  const host = named === undefined ? undefined : readHost(named)
  const port = options.HUBOT_XMPP_PORT
  if (url !== undefined) return readWebSocket(url, options.HUBOT_XMPP_DISALLOW_TLS)
  if (options.HUBOT_XMPP_LEGACYSSL) {
    if (options.HUBOT_XMPP_DISALLOW_TLS) {
      throw new XmppSetupProblem(
        'HUBOT_XMPP_LEGACYSSL wants TLS and HUBOT_XMPP_DISALLOW_TLS none: take one of them out.',
      )
    }
    if (host === undefined) {
      throw new XmppSetupProblem('HUBOT_XMPP_LEGACYSSL needs the server: set HUBOT_XMPP_HOST.')
    }
    return { kind: 'tls', address: { host, port: port ?? usualPorts.tls } }
  }
  const kind = options.HUBOT_XMPP_DISALLOW_TLS ? 'plain' : 'starttls'
  if (host !== undefined) return { kind, address: { host, port: port ?? usualPorts.starttls } }
  if (port === undefined) return { kind, address: undefined }
  return { kind, address: { host: readAccount(options.HUBOT_XMPP_USERNAME).domain, port } }
}

/** Reads the variables together. Throws `XmppSetupProblem` for those that can never work. */
export const readSetup = (options: XmppOptions): Setup => {
  const jid = readAccount(options.HUBOT_XMPP_USERNAME)
  const rooms = options.HUBOT_XMPP_ROOMS.map(readRoom)
  return {
    jid,
    resource: jid.resource || usualResource,
    password: options.HUBOT_XMPP_PASSWORD,
    nick: readNick(options.HUBOT_XMPP_NICK),
    rooms: [...new Map(rooms.map((room) => [room.jid.bare, room])).values()],
    way: readWay(options),
  }
}

/** What was asked for in vain, as a sentence for the log. */
export const mechanismProblem = (options: XmppOptions): string | undefined => {
  const wanted = options.HUBOT_XMPP_PREFERRED_SASL_MECHANISM
  if (wanted === undefined || mechanisms.some((one) => one === wanted.toUpperCase())) {
    return undefined
  }
  return `HUBOT_XMPP_PREFERRED_SASL_MECHANISM=${wanted} is not known to the bot; it uses the best of ${
    mechanisms.join(', ')
  } that the server offers.`
}

const describeWay = (way: Way, { domain }: Jid): string => {
  if (way.kind === 'websocket') {
    const { protocol, host } = new URL(way.url)
    return `WebSocket to ${host} ${protocol === 'wss:' ? 'with' : 'without'} TLS`
  }
  const { address } = way
  const where = address === undefined
    ? `the server of ${domain}`
    : `${isIPv6(address.host) ? `[${address.host}]` : address.host}:${address.port}`
  const how = { starttls: 'with STARTTLS', tls: 'with TLS', plain: 'without TLS' }[way.kind]
  return `${where} ${how}`
}

/** How the bot will connect, in a few words. */
export const describeSetup = (options: XmppOptions): string => {
  const { jid, nick, rooms, way } = readSetup(options)
  const count = rooms.length === 1 ? '1 room' : `${rooms.length} rooms`
  const unsafe = options.HUBOT_XMPP_ACCEPT_ANY_CERTIFICATE ? ', any certificate' : ''
  return `${describeWay(way, jid)}${unsafe}, as ${jid.bare}, ${count} as "${nick}"`
}
