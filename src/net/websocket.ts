import { proxyFor } from './proxy.ts'
import type { HttpSettings } from './http.ts'
import { bunTls } from './tls.ts'

/** How a WebSocket came to its end: the code of RFC 6455, 7.4, and what the other side said. */
export type SocketEnd = { readonly code: number; readonly reason: string }

/** One open WebSocket. */
export type Socket = {
  /** Does nothing once the socket has ended. */
  readonly send: (text: string) => void
  /** A ping of the protocol's own; its pong is heard by `onTraffic`. */
  readonly ping: () => void
  /** Says goodbye; `ended` settles when the other side has answered. */
  readonly close: () => void
  /** Ends at once, for a peer that answers no more. */
  readonly terminate: () => void
  /** Never rejects. */
  readonly ended: Promise<SocketEnd>
}

export type SocketOptions = {
  /** Ends the socket, also while it opens. */
  readonly signal: AbortSignal
  /** ms for the handshake. */
  readonly deadline: number
  /** The subprotocol to ask for (RFC 6455, 1.9). */
  readonly protocol?: string
  /** The server's certificate is not verified: only where the operator has asked for it. */
  readonly anyCertificate?: boolean
  /** A text frame; `send` answers on the same socket. */
  readonly onText: (text: string, send: (text: string) => void) => void
  /** Anything came in: a text, a ping, a pong. */
  readonly onTraffic?: () => void
}

/**
 * Opens a WebSocket with our proxy and TLS. Rejects with `SocketProblem` when it cannot be opened, with `ProxyProblem`
 * for a proxy that can never work, with the signal's reason when the caller gives up.
 */
export type OpenSocket = (url: string, options: SocketOptions) => Promise<Socket>

/** A WebSocket could not be opened. The message names the host alone: such an address often holds a ticket. */
export class SocketProblem extends Error {
  override readonly name = 'SocketProblem'
}

/** What Bun's WebSocket has beyond the standard. */
type BunSocket = WebSocket & { readonly ping: () => void; readonly terminate: () => void }

/** Makes the one way out of the process for WebSockets: Bun's own knows no proxy variables. */
export const createOpenSocket = ({ proxy, tls = {} }: HttpSettings): OpenSocket => {
  const ownTls = bunTls(tls)
  return async function openSocket(url, options) {
    const { signal, deadline, protocol, anyCertificate = false, onText, onTraffic = () => {} } =
      options
    signal.throwIfAborted()
    const through = proxyFor(url, proxy)
    const socket = new WebSocket(url, {
      tls: anyCertificate ? { ...ownTls, rejectUnauthorized: false } : ownTls,
      ...(protocol !== undefined && { protocols: [protocol] }),
      ...(through !== undefined && { proxy: through }),
    }) as BunSocket
    const opened = Promise.withResolvers<void>()
    const ended = Promise.withResolvers<SocketEnd>()
    const send = (text: string): void => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text)
    }
    const giveUp = (): void => {
      opened.reject(signal.reason)
      socket.terminate()
    }
    const problem = (why: string): SocketProblem =>
      new SocketProblem(`The WebSocket to ${new URL(url).host} could not be opened: ${why}.`)
    const timer = setTimeout(() => {
      opened.reject(problem(`no answer within ${deadline / 1000} s`))
      socket.terminate()
    }, deadline)
    let failure = 'the connection was refused or cut'

    signal.addEventListener('abort', giveUp, { once: true })
    socket.addEventListener('open', () => opened.resolve())
    socket.addEventListener('message', ({ data }) => {
      onTraffic()
      onText(typeof data === 'string' ? data : new TextDecoder().decode(data), send)
    })
    socket.addEventListener('ping' as 'message', onTraffic)
    socket.addEventListener('pong' as 'message', onTraffic)
    socket.addEventListener('error', (event) => {
      failure = reasonOf(event) ?? failure
    })
    socket.addEventListener('close', ({ code, reason }) => {
      signal.removeEventListener('abort', giveUp)
      opened.reject(problem(reason || failure))
      ended.resolve({ code, reason })
    })
    try {
      await opened.promise
    } finally {
      clearTimeout(timer)
    }
    return {
      send,
      ping: () => {
        if (socket.readyState === WebSocket.OPEN) socket.ping()
      },
      close: () => socket.close(1000),
      terminate: () => socket.terminate(),
      ended: ended.promise,
    }
  }
}

/** Bun words it "WebSocket connection to '<address>' failed: <reason>"; the address stays out of what is told. */
const reasonOf = (event: Event): string | undefined => {
  const message = 'message' in event && typeof event.message === 'string' ? event.message : ''
  return /failed: ([^'"]*)$/.exec(message)?.[1]?.trim().replace(/\.$/, '')
}
