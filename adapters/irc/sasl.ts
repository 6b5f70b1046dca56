import { type Command, command, secretCommand } from './command.ts'
import { ServerRefused } from '../../src/chat/connection-failures.ts'

/** How the bot proves who it is before it is registered. */
export type Sasl =
  | { readonly mechanism: 'PLAIN'; readonly account: string; readonly password: string }
  /** By the certificate that TLS has shown. */
  | { readonly mechanism: 'EXTERNAL' }

/** ircv3.net/specs/extensions/sasl-3.1: a payload goes in pieces of so many characters. */
const pieceLength = 400

/** The lines of an answer to `AUTHENTICATE +`. */
export const saslAnswer = (sasl: Sasl): readonly Command[] => {
  // The server takes the account itself as the one to act for when none is named (RFC 4616).
  const text = sasl.mechanism === 'PLAIN' ? `\0${sasl.account}\0${sasl.password}` : ''
  const encoded = Buffer.from(text).toString('base64')
  const pieces = encoded.match(new RegExp(`.{1,${pieceLength}}`, 'g')) ?? []
  // An empty payload, and one that ends with a whole piece, needs a "+" to be told from an unfinished one.
  const isWhole = (pieces.at(-1)?.length ?? pieceLength) === pieceLength
  return [
    ...pieces.map((piece) => secretCommand(0, 'AUTHENTICATE', piece)),
    ...(isWhole ? [command('AUTHENTICATE', '+')] : []),
  ]
}

/** Numerics with which a server ends SASL without success. */
export const saslFailures: ReadonlySet<string> = new Set(['902', '904', '905', '906', '908'])

/** Why SASL did not succeed, with what to do. */
export const saslRefused = (sasl: Sasl, words: string): ServerRefused =>
  sasl.mechanism === 'PLAIN'
    ? new ServerRefused(
      `The server refused the SASL login of the account "${sasl.account}": ${words}.`,
      'Correct HUBOT_IRC_USERNAME (the account) and HUBOT_IRC_PASSWORD.',
    )
    : new ServerRefused(
      `The server refused the SASL login by certificate: ${words}.`,
      'Add the fingerprint of HUBOT_IRC_CLIENT_CERTIFICATE to the account: /msg NickServ CERT ADD <fingerprint>.',
    )

/** The server offers no such login. */
export const saslMissing = (sasl: Sasl, offered: string | undefined): ServerRefused =>
  new ServerRefused(
    offered === undefined || offered === ''
      ? 'The server offers no SASL login.'
      : `The server offers no SASL login by ${sasl.mechanism}, but ${offered}.`,
    'Set HUBOT_IRC_USESASL=false and use HUBOT_IRC_NICKSERV_PASSWORD instead; services that are away for a moment offer it again later.',
  )
