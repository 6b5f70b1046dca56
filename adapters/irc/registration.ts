import { type Command, command, secretCommand } from './command.ts'
import { ConnectionLost, ServerRefused } from '../../src/chat/connection-failures.ts'
import type { IrcLine } from './line.ts'
import { mostNicks, nickBad, nickFor, nickTaken } from './nicks.ts'
import { type Sasl, saslAnswer, saslFailures, saslMissing, saslRefused } from './sasl.ts'
import type { Wire } from './wire.ts'

/** Who the bot wants to be. */
export type Identity = {
  readonly nick: string
  readonly user: string
  readonly realName: string
  /** The server's, for PASS. */
  readonly password: string | undefined
  readonly sasl: Sasl | undefined
}

/** Tell who speaks and when, beside what is said, and give our own lines back. */
const wantedCapabilities = ['account-tag', 'echo-message', 'message-tags', 'server-time']

const refusals: Readonly<Record<string, string>> = {
  '464': 'Correct HUBOT_IRC_PASSWORD, the password of the server.',
  '468': 'Correct HUBOT_IRC_USERNAME: letters, digits, - and _.',
  '465': "The server has banned the bot: ask the network's operators.",
}

/** How servers word it that end the connection of who has no password, or a wrong one, without the numeric. */
const aboutPassword = /password|access denied/i

/**
 * Registers with the server: capabilities, SASL, PASS, NICK and USER, another nick where the wanted one is taken. Settles when
 * the server has said all its welcome. Rejects with `ServerRefused` for what a person must put right, with `ConnectionLost`.
 *
 * @param onCapable an IRCv3 capability is switched on
 */
export const register = async (
  wire: Wire,
  identity: Identity,
  onCapable: (capability: string) => void,
): Promise<void> => {
  const { nick: wanted, sasl } = identity
  const { promise: welcomed, resolve, reject } = Promise.withResolvers<void>()
  const offered = new Map<string, string>()
  const capabilities = new Set<string>()
  let attempt = 0
  let short = false

  const nextNick = (): void => {
    if (++attempt > mostNicks) {
      return reject(new ConnectionLost(`All nicks like "${wanted}" are taken.`))
    }
    wire.write(command('NICK', nickFor(wanted, attempt, short)))
  }

  const request = (): void => {
    const mechanisms = offered.get('sasl')
    if (sasl !== undefined) {
      const names = mechanisms?.split(',') ?? []
      // Before version 302 of the negotiation no mechanisms are named.
      const fits = mechanisms === '' || names.includes(sasl.mechanism)
      if (!fits) return reject(saslMissing(sasl, mechanisms))
    }
    const names = [...wantedCapabilities, ...(sasl === undefined ? [] : ['sasl'])]
      .filter((name) => offered.has(name))
    wire.write(names.length === 0 ? command('CAP', 'END') : command('CAP', 'REQ', names.join(' ')))
  }

  const onCapability = (params: readonly string[]): void => {
    const [, kind, ...rest] = params
    const names = (rest.at(-1) ?? '').split(' ').filter((name) => name !== '')
    if (kind === 'LS') {
      for (const name of names) {
        const [key = '', value = ''] = name.split(/=(.*)/s)
        offered.set(key, value)
      }
      if (rest[0] !== '*' || rest.length === 1) request()
    } else if (kind === 'ACK') {
      for (const name of names) {
        capabilities.add(name)
        onCapable(name)
      }
      wire.write(
        sasl === undefined ? command('CAP', 'END') : command('AUTHENTICATE', sasl.mechanism),
      )
    } else if (kind === 'NAK') {
      if (sasl !== undefined) reject(saslMissing(sasl, undefined))
      else wire.write(command('CAP', 'END'))
    }
  }

  const hear = ({ command: verb, params }: IrcLine): void => {
    const words = params.at(-1) ?? ''
    if (verb === 'CAP') onCapability(params)
    else if (verb === 'AUTHENTICATE' && words === '+' && sasl !== undefined) {
      wire.write(...saslAnswer(sasl))
    } else if (verb === '903') wire.write(command('CAP', 'END'))
    else if (saslFailures.has(verb) && sasl !== undefined) reject(saslRefused(sasl, words))
    else if (nickTaken.has(verb)) nextNick()
    else if (verb === nickBad && attempt > 0 && !short) {
      short = true
      attempt = 0
      nextNick()
    } else if (verb === nickBad) reject(badNick(wanted, words))
    else if (verb in refusals) {
      reject(new ServerRefused(`The server refused the bot: ${words}`, refusals[verb] ?? ''))
    } else if (verb === 'ERROR' && aboutPassword.test(words)) {
      reject(new ServerRefused(`The server refused the bot: ${words}`, refusals['464'] ?? ''))
    } else if (verb === '001') {
      if (sasl !== undefined && !capabilities.has('sasl')) reject(saslMissing(sasl, undefined))
      else resolve()
    }
  }

  const stop = wire.listen(hear)
  // Whoever refuses while the welcome is already there has no one to tell.
  welcomed.catch(() => {})
  void wire.ended.then((why) => reject(new ConnectionLost(why)))
  try {
    wire.write(...opening(identity))
    await welcomed
    await wire.confirm()
  } finally {
    stop()
  }
}

/**
 * HUBOT_IRC_USERNAME is the SASL account as well, which may be an address: of it the user name beside the nick is what every
 * server takes.
 */
const identOf = (user: string): string =>
  user.replace(/@.*/s, '').replace(/[^A-Za-z0-9._-]/g, '').replace(/^[._-]+/, '') || 'nodebot'

const opening = ({ nick, user, realName, password, sasl }: Identity): readonly Command[] => [
  command('CAP', 'LS', '302'),
  // With SASL the password is the account's: it is not for the server.
  ...(password === undefined || sasl?.mechanism === 'PLAIN'
    ? []
    : [secretCommand(0, 'PASS', password)]),
  command('NICK', nick),
  command('USER', identOf(user), '8', '*', realName),
]

const badNick = (nick: string, words: string): ServerRefused =>
  new ServerRefused(
    `The server takes no nick "${nick}": ${words}`,
    'Set HUBOT_IRC_NICK to a shorter one, of letters, digits, - and _, that begins with a letter.',
  )
