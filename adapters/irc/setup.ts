import { isIPv6 } from 'node:net'
import type { OptionValues } from '../../src/config/option.ts'
import { isWord } from './command.ts'
import { IrcSetupProblem } from './failures.ts'
import type { ircOptions } from './options.ts'
import type { Identity } from './registration.ts'
import type { Sasl } from './sasl.ts'

export type IrcOptions = OptionValues<typeof ircOptions>

/** A channel to be in, and its key. */
export type WantedRoom = { readonly name: string; readonly key: string | undefined }

/** What follows from the variables alone. */
export type Setup = {
  readonly host: string
  readonly port: number
  readonly identity: Identity
  readonly rooms: readonly WantedRoom[]
  /** ms between two lines; undefined: a burst at first, then what every network takes. */
  readonly pace: number | undefined
}

const roomProblem = (what: string): IrcSetupProblem =>
  new IrcSetupProblem(
    `HUBOT_IRC_ROOMS ${what}: write "#name" or "#name key", with commas between channels.`,
  )

/** What stands behind a name may be a key: a message does not repeat it. */
const readRoom = (text: string): WantedRoom => {
  const [name = '', key, ...more] = text.split(/\s+/)
  if (!/^[#&+!.]/.test(name)) throw roomProblem(`has "${name}", which is no channel`)
  if (more.length > 0) throw roomProblem(`has a channel with too many words, ${name}`)
  if (/^[#&]/.test(key ?? '')) {
    throw roomProblem(`has a channel behind ${name} without a comma between`)
  }
  return { name, key }
}

/** A minute between two lines is no pace any more; ms. */
const slowest = 60_000

/** A switch that is on is a second, a number that many ms. */
const readPace = (text: string): number | undefined => {
  const value = text.trim().toLowerCase()
  if (['', 'false', 'no', 'off', '0'].includes(value)) return undefined
  if (['true', 'yes', 'on'].includes(value)) return 1_000
  const pace = Number(value)
  if (pace > 0 && pace <= slowest) return pace
  throw new IrcSetupProblem(
    `HUBOT_IRC_UNFLOOD is "${text}": write true, false, or a number of milliseconds up to ${slowest}.`,
  )
}

/** A host name or an address, which may stand in brackets as in a URL. */
const readHost = (text: string): string => {
  const host = text.trim().replace(/^\[(.*)\]$/, '$1')
  if (/^[^\s/:[\]]+$/.test(host) || isIPv6(host)) return host
  throw new IrcSetupProblem(
    `HUBOT_IRC_SERVER is "${host}": write the host's name alone, and its port into HUBOT_IRC_PORT.`,
  )
}

const requireTogether = (options: IrcOptions): void => {
  const certificate = options.HUBOT_IRC_CLIENT_CERTIFICATE
  const key = options.HUBOT_IRC_CLIENT_KEY
  if ((certificate === undefined) !== (key === undefined)) {
    throw new IrcSetupProblem(
      'HUBOT_IRC_CLIENT_CERTIFICATE and HUBOT_IRC_CLIENT_KEY belong together: set both, or none.',
    )
  }
  if (certificate !== undefined && !options.HUBOT_IRC_USESSL) {
    throw new IrcSetupProblem(
      'HUBOT_IRC_CLIENT_CERTIFICATE is shown by TLS alone: set HUBOT_IRC_USESSL=true.',
    )
  }
}

const readSasl = (options: IrcOptions): Sasl | undefined => {
  if (!options.HUBOT_IRC_USESASL) return undefined
  if (options.HUBOT_IRC_SASL_MECHANISM === 'EXTERNAL') {
    if (options.HUBOT_IRC_CLIENT_CERTIFICATE !== undefined) return { mechanism: 'EXTERNAL' }
    throw new IrcSetupProblem(
      'HUBOT_IRC_SASL_MECHANISM=EXTERNAL logs in by certificate: set HUBOT_IRC_CLIENT_CERTIFICATE and HUBOT_IRC_CLIENT_KEY.',
    )
  }
  const password = options.HUBOT_IRC_PASSWORD
  if (password !== undefined) {
    return { mechanism: 'PLAIN', account: options.HUBOT_IRC_USERNAME, password }
  }
  throw new IrcSetupProblem(
    "HUBOT_IRC_USESASL logs in with a password: set HUBOT_IRC_PASSWORD, the account's.",
  )
}

/** Reads the variables together. Throws `IrcSetupProblem` for those that can never work. */
export const readSetup = (options: IrcOptions): Setup => {
  requireTogether(options)
  const nick = options.HUBOT_IRC_NICK.trim()
  const user = options.HUBOT_IRC_USERNAME.trim()
  for (const [name, value] of [['HUBOT_IRC_NICK', nick], ['HUBOT_IRC_USERNAME', user]] as const) {
    if (isWord(value)) continue
    throw new IrcSetupProblem(`${name} must be one word, not "${value}": set another one.`)
  }
  return {
    host: readHost(options.HUBOT_IRC_SERVER),
    port: options.HUBOT_IRC_PORT,
    identity: {
      nick,
      user,
      realName: options.HUBOT_IRC_REALNAME,
      password: options.HUBOT_IRC_PASSWORD,
      sasl: readSasl(options),
    },
    rooms: options.HUBOT_IRC_ROOMS.map(readRoom),
    pace: readPace(options.HUBOT_IRC_UNFLOOD),
  }
}

/** How the bot will connect, in a few words. */
export const describeSetup = (options: IrcOptions): string => {
  const { host, port, identity: { nick, sasl, password }, rooms } = readSetup(options)
  const login = sasl !== undefined
    ? `SASL ${sasl.mechanism}`
    : options.HUBOT_IRC_NICKSERV_PASSWORD !== undefined
    ? 'NickServ'
    : password !== undefined
    ? "the server's password"
    : 'no login'
  const tls = options.HUBOT_IRC_USESSL ? 'with TLS' : 'without TLS'
  const count = rooms.length === 1 ? '1 channel' : `${rooms.length} channels`
  return `${host}:${port} ${tls}, as ${nick}, ${login}, ${count}`
}
