import { createHash, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { ConnectionLost, ServerRefused } from '../../src/chat/connection-failures.ts'
import { saslPrep } from './saslprep.ts'

export type Credentials = { readonly username: string; readonly password: string }

/** One attempt to log in, as a dialogue of plain texts; the wire carries them in base64. */
export type Dialogue = {
  readonly mechanism: string
  readonly first: string
  /** The answer to a challenge. Rejects with `ConnectionLost` for one that makes no sense. */
  readonly answer: (challenge: string) => Promise<string>
  /** Looks at what came with the success: whether it was our server that answered. Throws `ServerRefused`. */
  readonly verify: (final: string) => void
}

/** The mechanisms that the bot speaks, the best first. SHA-1 is what RFC 6120 demands of every server. */
export const mechanisms = ['SCRAM-SHA-512', 'SCRAM-SHA-256', 'SCRAM-SHA-1', 'PLAIN'] as const
export type Mechanism = typeof mechanisms[number]

const hashes = {
  'SCRAM-SHA-512': ['sha512', 64],
  'SCRAM-SHA-256': ['sha256', 32],
  'SCRAM-SHA-1': ['sha1', 20],
} as const

/** Servers ask for some 10,000 rounds; one that asks for more than this wants the bot to be busy. */
const mostRounds = 5_000_000

const derive = promisify(pbkdf2)

/** What the operator has said of the ways to log in. */
export type MechanismWishes = {
  readonly preferred: string | undefined
  /** Whether it may be anybody who answers: whoever it is would read the password of PLAIN. */
  readonly isAnybody: boolean
}

/**
 * The mechanism to log in by: the preferred one where the server offers it, else the best. Throws `ServerRefused` when there
 * is none, and where the password itself would have to be told against the operator's wishes.
 */
export const chooseMechanism = (
  offered: readonly string[],
  { preferred, isAnybody }: MechanismWishes,
): Mechanism => {
  const wanted = mechanisms.find((one) => one === preferred?.toUpperCase())
  const possible = mechanisms.filter((one) => offered.includes(one))
  const [best] = possible
  if (best === undefined) {
    throw new ServerRefused(
      `The server offers no way to log in that the bot knows, but ${offered.join(', ') || 'none'}.`,
      `Switch one of ${mechanisms.join(', ')} on at the server.`,
    )
  }
  const chosen = possible.find((one) => one === wanted) ?? best
  if (chosen !== 'PLAIN' || wanted === 'PLAIN' || (wanted === undefined && !isAnybody)) {
    return chosen
  }
  throw new ServerRefused(
    'The server offers only PLAIN to log in, which would tell it the password itself.',
    isAnybody
      ? 'With HUBOT_XMPP_ACCEPT_ANY_CERTIFICATE it may be anybody: have the certificate verified, or set HUBOT_XMPP_PREFERRED_SASL_MECHANISM=PLAIN.'
      : 'Switch a SCRAM mechanism on at the server, or set HUBOT_XMPP_PREFERRED_SASL_MECHANISM=PLAIN.',
  )
}

/** Begins to log in. `nonce` is fresh for each attempt. */
export const beginLogin = (
  mechanism: Mechanism,
  credentials: Credentials,
  nonce: string,
): Dialogue => mechanism === 'PLAIN' ? plain(credentials) : scram(mechanism, credentials, nonce)

/** RFC 4616. */
const plain = ({ username, password }: Credentials): Dialogue => ({
  mechanism: 'PLAIN',
  first: `\0${username}\0${password}`,
  answer: () => Promise.resolve(''),
  verify: () => {},
})

/** `a=1,b=2` by its one-letter names. */
const attributes = (text: string): ReadonlyMap<string, string> =>
  new Map(text.split(',').map((part) => [part.slice(0, 1), part.slice(2)]))

/** RFC 5802 and RFC 7677, without channel binding. */
const scram = (
  mechanism: keyof typeof hashes,
  { username, password }: Credentials,
  nonce: string,
): Dialogue => {
  const [hash, length] = hashes[mechanism]
  const name = saslPrep(username).replaceAll('=', '=3D').replaceAll(',', '=2C')
  const firstBare = `n=${name},r=${nonce}`
  const mac = (key: Uint8Array, text: string) => createHmac(hash, key).update(text).digest()
  let proofOfServer: Uint8Array | undefined

  const verify = (final: string): void => {
    const given = Buffer.from(attributes(final).get('v') ?? '', 'base64')
    const expected = proofOfServer ?? new Uint8Array()
    const same = given.length === expected.length && timingSafeEqual(given, expected)
    if (same && expected.length > 0) return
    throw new ServerRefused(
      'The server did not prove that it knows the password: it is not the one that it seems.',
      'Correct HUBOT_XMPP_HOST, and have the certificate verified.',
    )
  }
  let isVerified = false

  return {
    mechanism,
    first: `n,,${firstBare}`,
    answer: async (challenge) => {
      // Some servers send their proof in a challenge of its own.
      if (challenge.startsWith('v=')) {
        verify(challenge)
        isVerified = true
        return ''
      }
      const given = attributes(challenge)
      const both = given.get('r') ?? ''
      const salt = given.get('s')
      const rounds = Number(given.get('i'))
      // RFC 5802, section 5.1: who does not know an extension that must be known (m) gives up; the server adds to the nonce.
      const isFresh = both.startsWith(nonce) && both.length > nonce.length
      if (
        given.has('m') || !isFresh || salt === undefined || !(rounds > 0 && rounds <= mostRounds)
      ) {
        throw new ConnectionLost(`The server's ${mechanism} challenge makes no sense.`)
      }
      const salted = await derive(
        saslPrep(password),
        Buffer.from(salt, 'base64'),
        rounds,
        length,
        hash,
      )
      const withoutProof = `c=biws,r=${both}`
      const spoken = [firstBare, challenge, withoutProof].join(',')
      const clientKey = mac(salted, 'Client Key')
      const signature = mac(createHash(hash).update(clientKey).digest(), spoken)
      proofOfServer = mac(mac(salted, 'Server Key'), spoken)
      const proof = clientKey.map((byte, index) => byte ^ (signature[index] ?? 0))
      return `${withoutProof},p=${Buffer.from(proof).toString('base64')}`
    },
    verify: (final) => {
      if (!isVerified) verify(final)
    },
  }
}
