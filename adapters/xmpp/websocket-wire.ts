import { URL } from 'node:url'
import type { Clock } from '../../src/clock.ts'
import type { OpenSocket } from '../../src/net/websocket.ts'
import { ConnectionLost } from '../../src/chat/connection-failures.ts'
import { createRation } from './ration.ts'
import { createInbox, streamError, type Wire } from './wire.ts'
import { within } from './within.ts'
import { type Element, ns, parseFrame, write, xml } from './xml.ts'

export type WebSocketWireOptions = {
  readonly websocket: OpenSocket
  readonly url: string
  readonly domain: string
  /** `HUBOT_XMPP_ACCEPT_ANY_CERTIFICATE`. */
  readonly anyCertificate: boolean
  readonly clock: Clock
  readonly signal: AbortSignal
  /** ms for the handshake. */
  readonly deadline: number
  readonly onTraffic: () => void
}

/** ms for the server to say goodbye as well. */
const farewell = 1_000

const framing = (name: 'open' | 'close', attributes: Readonly<Record<string, string>>): Element =>
  xml(name, { xmlns: ns.framing, ...attributes })

/** A stream of RFC 7395. Rejects as `websocket` does. */
export const openWebSocketWire = async (options: WebSocketWireOptions): Promise<Wire> => {
  const { url, domain, clock, signal, deadline, onTraffic } = options
  const inbox = createInbox()
  const ration = createRation()
  let isOver = false
  const ending = new AbortController()

  const cut = (why: Error): void => {
    isOver = true
    inbox.end(why)
    ending.abort(why)
  }
  const hear = (text: string): void => {
    const tooMuch = ration.take(Buffer.byteLength(text))
    if (tooMuch !== undefined) return cut(tooMuch)
    ration.renew()
    const element = parseFrame(text)
    if (element === undefined) return cut(new ConnectionLost('What the server sends is no XML.'))
    if (element.is('open', ns.framing)) return
    if (element.is('close', ns.framing)) {
      return cut(new ConnectionLost('The server ended the stream.'))
    }
    if (element.is('error', ns.stream)) return cut(streamError(element))
    inbox.put(element)
  }
  const socket = await options.websocket(url, {
    signal: AbortSignal.any([signal, ending.signal]),
    deadline,
    protocol: 'xmpp',
    ...(options.anyCertificate && { anyCertificate: true }),
    onTraffic,
    onText: hear,
  })
  void socket.ended.then(({ code, reason }) =>
    cut(
      new ConnectionLost(
        `The server closed the connection (${[code, reason].filter(Boolean).join(' ')}).`,
      ),
    )
  )
  const send = (element: Element): void => {
    if (isOver) return
    element.attrs['xmlns'] ??= ns.client
    socket.send(write(element))
  }

  return {
    isSecure: () => new URL(url).protocol === 'wss:',
    begin: async () => {
      send(framing('open', { to: domain, version: '1.0', 'xml:lang': 'en' }))
      return await inbox.next()
    },
    send,
    next: inbox.next,
    listen: (hear) => {
      ration.raise()
      inbox.listen(hear)
    },
    secure: () =>
      Promise.reject(new ConnectionLost('A WebSocket has its TLS in its address (wss).')),
    close: async () => {
      if (isOver) return
      send(framing('close', {}))
      await within(inbox.ended, farewell, clock)
      cut(new ConnectionLost('The bot closed the connection.'))
    },
    cut,
    ended: inbox.ended,
  }
}
