import { StanzaRefused } from './failures.ts'
import { type Element, ns } from './xml.ts'

/** Whether an element is a stanza, which both sides count (XEP-0198). */
export const isStanza = (element: Element): boolean =>
  ['message', 'presence', 'iq'].includes(element.getName())

/** What kind of error a stanza is; undefined for one that is none. */
export const errorOf = (stanza: Element): StanzaRefused | undefined => {
  if (stanza.attrs['type'] !== 'error') return undefined
  const error = stanza.getChild('error')
  const condition = error?.getChildElements()
    .find((child) => child.getNS() === ns.stanzaErrors && child.getName() !== 'text')
  const words = error?.getChild('text', ns.stanzaErrors)?.getText()
  return new StanzaRefused(
    condition?.getName() ?? 'undefined-condition',
    error?.attrs['type'] ?? '',
    words,
  )
}

/** Whether the server kept a stanza for us: history of a room, or of the time when nobody was there. */
export const isDelayed = (stanza: Element): boolean =>
  stanza.getChild('delay', ns.delay) !== undefined ||
  stanza.getChild('x', ns.oldDelay) !== undefined
