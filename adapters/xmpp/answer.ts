import { readJid } from './jid.ts'
import { type Element, ns, xml } from './xml.ts'

const reply = (iq: Element, type: 'result' | 'error', ...children: readonly Element[]): Element =>
  xml('iq', { type, to: iq.attrs['from'], id: iq.attrs['id'] }, ...children)

/** What the bot says to a question of a server or of somebody's client (RFC 6120, section 8.2.3); it answers pings (XEP-0199) alone. */
export const answerIq = (iq: Element): Element | undefined => {
  const { type } = iq.attrs
  if (type !== 'get' && type !== 'set') return undefined
  if (type === 'get' && iq.getChild('ping', ns.ping) !== undefined) return reply(iq, 'result')
  return reply(
    iq,
    'error',
    xml('error', { type: 'cancel' }, xml('service-unavailable', { xmlns: ns.stanzaErrors })),
  )
}

/** Whoever wants to see whether the bot is online may, as ever; whoever asks is told. */
export const answerPresence = (presence: Element): Element | undefined => {
  const from = readJid(presence.attrs['from'])
  if (from === undefined) return undefined
  switch (presence.attrs['type']) {
    case 'subscribe':
      return xml('presence', { type: 'subscribed', to: from.bare })
    case 'probe':
      return xml('presence', { to: from.full })
    default:
      return undefined
  }
}
