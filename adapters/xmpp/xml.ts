import xml, { Element, Parser } from '@xmpp/xml'

export { Element, xml }

/** Namespaces, under the names that their specifications have. */
export const ns = {
  client: 'jabber:client',
  stream: 'http://etherx.jabber.org/streams',
  streamErrors: 'urn:ietf:params:xml:ns:xmpp-streams',
  stanzaErrors: 'urn:ietf:params:xml:ns:xmpp-stanzas',
  framing: 'urn:ietf:params:xml:ns:xmpp-framing',
  tls: 'urn:ietf:params:xml:ns:xmpp-tls',
  sasl: 'urn:ietf:params:xml:ns:xmpp-sasl',
  bind: 'urn:ietf:params:xml:ns:xmpp-bind',
  session: 'urn:ietf:params:xml:ns:xmpp-session',
  management: 'urn:xmpp:sm:3',
  ping: 'urn:xmpp:ping',
  muc: 'http://jabber.org/protocol/muc',
  mucUser: 'http://jabber.org/protocol/muc#user',
  mucOwner: 'http://jabber.org/protocol/muc#owner',
  data: 'jabber:x:data',
  delay: 'urn:xmpp:delay',
  oldDelay: 'jabber:x:delay',
  stanzaId: 'urn:xmpp:sid:0',
  correction: 'urn:xmpp:message-correct:0',
} as const

/** What XML 1.0 (section 2.2) has no place for. One such character in a message, and the server ends the connection. */
// deno-lint-ignore no-control-regex
const notXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

/** An element as it goes over the wire: without the characters that XML does not allow. */
export const write = (element: Element): string =>
  element.toString().toWellFormed().replace(notXml, '')

/** The parser of one stream. What is no XML ends in `onBroken`, and nothing comes after it. */
export const createParser = (
  { onElement, onEnd, onBroken }: {
    readonly onElement: (element: Element) => void
    readonly onEnd: () => void
    readonly onBroken: () => void
  },
): (text: string) => void => {
  const parser = new Parser()
  let broken = false
  const fail = (): void => {
    if (!broken) onBroken()
    broken = true
  }
  parser.on('element', (element) => {
    if (!broken) onElement(element)
  })
  parser.on('end', onEnd)
  parser.on('error', fail)
  return function parse(text) {
    if (broken) return
    try {
      parser.write(text)
    } catch {
      fail()
    }
  }
}

/** The one element of a WebSocket's frame (RFC 7395, section 3.3); undefined for what is none. */
export const parseFrame = (text: string): Element | undefined => {
  let found: Element | undefined
  // The parser hands over the children of a root: the frame becomes one.
  const parse = createParser({
    onElement: (element) => {
      found = element
    },
    onEnd: () => {},
    onBroken: () => {},
  })
  parse(`<frame>${text.replace(/^\s*<\?xml[^>]*\?>/, '')}</frame>`)
  return found
}
