import { beginLogin, chooseMechanism, type Credentials } from './sasl.ts'
import { ConnectionLost, ServerRefused } from '../../src/chat/connection-failures.ts'
import { StanzaRefused } from './failures.ts'
import { type Jid, readJid } from './jid.ts'
import { errorOf, isStanza } from './stanza.ts'
import type { Wire } from './wire.ts'
import { type Element, ns, xml } from './xml.ts'

export type NegotiateOptions = {
  readonly wire: Wire
  readonly credentials: Credentials
  /** Whether the password may go over a connection that others can read. */
  readonly allowPlaintext: boolean
  /** Whether to switch to TLS where the connection began without. */
  readonly startTls: boolean
  /** `HUBOT_XMPP_PREFERRED_SASL_MECHANISM`. */
  readonly mechanism: string | undefined
  /** `HUBOT_XMPP_ACCEPT_ANY_CERTIFICATE`. */
  readonly anyCertificate: boolean
  readonly resource: string
  /** What an earlier stream left to be taken up again (XEP-0198). */
  readonly earlier: { readonly id: string; readonly handled: number } | undefined
  readonly nonce: string
}

/** A stream on which stanzas may go. */
export type Negotiated =
  /** The earlier stream goes on; the server has handled so many of our stanzas. */
  | { readonly kind: 'resumed'; readonly handled: number }
  | {
    readonly kind: 'new'
    readonly jid: Jid
    /** How many of our stanzas the server had handled of the earlier stream, where it still knows. */
    readonly handled: number | undefined
    /** Whether the server counts stanzas, and the id to take the stream up again by. */
    readonly management: { readonly id: string | undefined } | undefined
    /** Stanzas that came when the bot had its address and the server did not count yet. */
    readonly early: readonly Element[]
  }

const encode = (text: string): string => text === '' ? '=' : Buffer.from(text).toString('base64')
const decode = (element: Element): string => Buffer.from(element.getText(), 'base64').toString()

const offers = (features: Element, name: string, namespace: string): boolean =>
  features.getChild(name, namespace) !== undefined

const startTls = async (wire: Wire, features: Element): Promise<Element> => {
  if (!offers(features, 'starttls', ns.tls)) {
    throw new ServerRefused(
      'The server offers no TLS, and without it anybody on the way could read the password.',
      'Switch TLS on at the server, or use HUBOT_XMPP_LEGACYSSL; HUBOT_XMPP_DISALLOW_TLS=true does without.',
    )
  }
  wire.send(xml('starttls', { xmlns: ns.tls }))
  const answer = await wire.next()
  if (!answer.is('proceed', ns.tls)) throw new ConnectionLost('The server could not begin TLS.')
  await wire.secure()
  return await wire.begin()
}

const refusedLogin = (failure: Element): Error => {
  const condition = failure.getChildElements()[0]?.getName() ?? 'not-authorized'
  const words = failure.getChild('text', ns.sasl)?.getText()
  const told = `The server refused the login: ${condition}${words ? ` (${words})` : ''}.`
  if (condition === 'temporary-auth-failure') return new ConnectionLost(told)
  return new ServerRefused(
    told,
    'Correct HUBOT_XMPP_USERNAME (user@domain) and HUBOT_XMPP_PASSWORD.',
  )
}

const logIn = async (options: NegotiateOptions, features: Element): Promise<void> => {
  const { wire, credentials, mechanism, anyCertificate, nonce } = options
  const offered = features.getChild('mechanisms', ns.sasl)?.getChildren('mechanism') ?? []
  const chosen = chooseMechanism(offered.map((one) => one.getText()), {
    preferred: mechanism,
    isAnybody: anyCertificate && wire.isSecure(),
  })
  const dialogue = beginLogin(chosen, credentials, nonce)
  wire.send(
    xml('auth', { xmlns: ns.sasl, mechanism: dialogue.mechanism }, encode(dialogue.first)),
  )
  for (;;) {
    const element = await wire.next()
    if (element.is('challenge', ns.sasl)) {
      const answer = await dialogue.answer(decode(element))
      wire.send(xml('response', { xmlns: ns.sasl }, encode(answer)))
    } else if (element.is('success', ns.sasl)) return dialogue.verify(decode(element))
    else if (element.is('failure', ns.sasl)) throw refusedLogin(element)
  }
}

/** The answer to an IQ, while nothing else is to be expected. */
const ask = async (wire: Wire, id: string, child: Element): Promise<Element> => {
  wire.send(xml('iq', { type: 'set', id }, child))
  for (;;) {
    const element = await wire.next()
    if (!element.is('iq') || element.attrs['id'] !== id) continue
    const error = errorOf(element)
    if (error !== undefined) throw error
    return element
  }
}

const bind = async (wire: Wire, resource: string): Promise<Jid> => {
  const child = xml('bind', { xmlns: ns.bind }, xml('resource', {}, resource))
  try {
    const answer = await ask(wire, 'bind', child)
    const jid = readJid(answer.getChild('bind', ns.bind)?.getChild('jid')?.getText())
    if (jid !== undefined) return jid
  } catch (error) {
    if (!(error instanceof StanzaRefused) || error.passing) throw error
    throw new ServerRefused(
      `The server refused the resource "${resource}": ${error.message}.`,
      'Write another resource into HUBOT_XMPP_USERNAME (user@domain/resource), or end the program that uses it.',
    )
  }
  throw new ConnectionLost('The server gave the bot no address.')
}

/** The next word about counting; stanzas before it go to `early`. */
const nextManagement = async (wire: Wire, early?: Element[]): Promise<Element> => {
  for (;;) {
    const element = await wire.next()
    if (element.getNS() === ns.management) return element
    if (isStanza(element)) early?.push(element)
  }
}

const handledOf = (element: Element): number | undefined => {
  const handled = Number(element.attrs['h'] ?? Number.NaN)
  return Number.isSafeInteger(handled) && handled >= 0 ? handled : undefined
}

/**
 * Takes a fresh connection to where stanzas may go: TLS, login, and the earlier stream taken up or a new one begun.
 * Rejects with `ServerRefused` for what a person must put right, with `ConnectionLost` for what passes.
 */
export const negotiate = async (options: NegotiateOptions): Promise<Negotiated> => {
  const { wire, resource, earlier } = options
  let features = await wire.begin()
  if (options.startTls && !wire.isSecure()) features = await startTls(wire, features)
  if (!wire.isSecure() && !options.allowPlaintext) {
    throw new ServerRefused(
      'The connection has no TLS.',
      'Set HUBOT_XMPP_DISALLOW_TLS=true to do without.',
    )
  }
  await logIn(options, features)
  features = await wire.begin()
  const counts = offers(features, 'sm', ns.management)
  let handled: number | undefined
  if (earlier !== undefined && counts) {
    const { id: previd } = earlier
    wire.send(xml('resume', { xmlns: ns.management, h: String(earlier.handled), previd }))
    const answer = await nextManagement(wire)
    handled = handledOf(answer)
    if (answer.getName() === 'resumed') return { kind: 'resumed', handled: handled ?? 0 }
  }
  const jid = await bind(wire, resource)
  // RFC 3921, section 3: servers of that age want to be asked; RFC 6121 has done away with it.
  const session = features.getChild('session', ns.session)
  if (session !== undefined && session.getChild('optional') === undefined) {
    await ask(wire, 'session', xml('session', { xmlns: ns.session }))
  }
  if (!counts) return { kind: 'new', jid, handled, management: undefined, early: [] }
  const early: Element[] = []
  wire.send(xml('enable', { xmlns: ns.management, resume: 'true' }))
  const answer = await nextManagement(wire, early)
  if (answer.getName() !== 'enabled') {
    return { kind: 'new', jid, handled, management: undefined, early }
  }
  const mayResume = /^(true|1)$/.test(answer.attrs['resume'] ?? '')
  const id = mayResume ? answer.attrs['id'] : undefined
  return { kind: 'new', jid, handled, management: { id }, early }
}
