import type { Socket } from 'node:net'
import { StringDecoder } from 'node:string_decoder'
import type { Clock } from '../../src/clock.ts'
import { ConnectionLost, ServerRefused } from '../../src/chat/connection-failures.ts'
import { createRation } from './ration.ts'
import { createInbox, streamError, type Wire } from './wire.ts'
import { within } from './within.ts'
import { createParser, ns, write, xml } from './xml.ts'

export type TcpWireOptions = {
  readonly socket: Socket
  readonly isSecure: boolean
  /** Whom the stream is for. */
  readonly domain: string
  /** TLS on the open socket. */
  readonly secure: (socket: Socket) => Promise<Socket>
  readonly clock: Clock
  readonly onTraffic: () => void
}

/** ms for the server to say goodbye as well. */
const farewell = 1_000

const hearNothing = (): void => {}

/** RFC 6120, section 5.4.3.3: what came before TLS has no say in what comes after it. */
const meddled = (): ServerRefused =>
  new ServerRefused(
    'The server sent something between <proceed/> and TLS: somebody on the way may have put it there.',
    'Find out who is on the way to the server, or use HUBOT_XMPP_LEGACYSSL, which has TLS from the first byte.',
  )

/** A stream of RFC 6120 over TCP. */
export const createTcpWire = (options: TcpWireOptions): Wire => {
  const { domain, clock, onTraffic } = options
  const inbox = createInbox()
  const ration = createRation()
  let { socket, isSecure } = options
  let parse: (text: string) => void = hearNothing
  let isOver = false

  const cut = (why: Error): void => {
    isOver = true
    inbox.end(why)
    socket.destroy()
  }
  const onError = (error: Error): void => {
    const code = 'code' in error ? ` (${error.code})` : ''
    cut(new ConnectionLost(`The connection was cut${code}.`, { cause: error }))
  }
  const onClose = (): void => cut(new ConnectionLost('The server closed the connection.'))

  /** A character may lie across the border of two pieces. */
  let decoder = new StringDecoder('utf8')
  const onData = (bytes: Uint8Array): void => {
    onTraffic()
    const tooMuch = ration.take(bytes.byteLength)
    if (tooMuch !== undefined) return cut(tooMuch)
    parse(decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)))
  }
  const attach = (): void => {
    decoder = new StringDecoder('utf8')
    // A socket that comes out of a proxy waits.
    socket.on('data', onData).on('error', onError).on('close', onClose).resume()
  }
  const send = (text: string): void => {
    if (!isOver && socket.writable) socket.write(text)
  }
  attach()

  return {
    isSecure: () => isSecure,
    begin: async () => {
      parse = createParser({
        onElement: (element) => {
          ration.renew()
          if (element.is('error', ns.stream)) return cut(streamError(element))
          inbox.put(element)
        },
        onEnd: () => {
          send('</stream:stream>')
          cut(new ConnectionLost('The server ended the stream.'))
        },
        onBroken: () => cut(new ConnectionLost('What the server sends is no XML.')),
      })
      const header = xml('stream:stream', {
        xmlns: ns.client,
        'xmlns:stream': ns.stream,
        to: domain,
        version: '1.0',
        'xml:lang': 'en',
      })
      send(`<?xml version='1.0'?>${write(header).replace(/\/>$/, '>')}`)
      return await inbox.next()
    },
    send: (element) => send(write(element)),
    next: inbox.next,
    listen: (hear) => {
      ration.raise()
      inbox.listen(hear)
    },
    secure: async () => {
      parse = hearNothing
      if (!inbox.isEmpty()) {
        const why = meddled()
        cut(why)
        throw why
      }
      socket.off('data', onData).off('error', onError).off('close', onClose)
      try {
        socket = await options.secure(socket)
      } catch (error) {
        cut(error instanceof Error ? error : new ConnectionLost(String(error)))
        throw error
      }
      isSecure = true
      attach()
    },
    close: async () => {
      if (isOver) return
      send('</stream:stream>')
      await within(inbox.ended, farewell, clock)
      cut(new ConnectionLost('The bot closed the connection.'))
    },
    cut,
    ended: inbox.ended,
  }
}
