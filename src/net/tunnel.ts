import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { URL } from 'node:url'
import { isGoodButExpired } from './expired.ts'
import type { HttpSettings } from './http.ts'
import { tunnelProxyFor } from './proxy.ts'
import { type TlsTrust, trusted } from './tls.ts'
import { TunnelProblem } from './tunnel-problem.ts'
import { authority, connectThrough, proxyAway, socksThrough, type Target } from './tunnel-proxy.ts'

/** TLS on a connection that is not HTTP. Certificates are verified unless it says otherwise. */
export type TunnelTls = TlsTrust & {
  /** A certificate that is good but for its age is accepted. */
  readonly allowExpired?: boolean | undefined
  /** PEM of our own certificate and its key, for servers that know their clients by it. */
  readonly cert?: string | undefined
  readonly key?: string | undefined
  /** The name that the certificate must carry, where it is not the host that is connected to. */
  readonly servername?: string | undefined
  /** Protocols to offer (RFC 7301), the best first. */
  readonly alpn?: readonly string[] | undefined
}

type Patience = {
  /** Gives up, also on a connection that is open. */
  readonly signal: AbortSignal
  /** ms until the connection is usable. */
  readonly deadline: number
}

/** Where a tunnel goes, and how long that may take. */
export type TunnelTo = Patience & {
  readonly host: string
  readonly port: number
  /** TLS from the first byte; without it the connection is readable on its way. */
  readonly tls?: TunnelTls | undefined
}

/**
 * Opens a byte stream to a server that does not speak HTTP, by the configured proxy. Rejects with `TunnelProblem`, with
 * `ProxyProblem` for a proxy that can never work, with the signal's reason when the caller gives up. Whoever opens it
 * listens for `error` and `close`, and destroys it.
 */
export type OpenTunnel = (to: TunnelTo) => Promise<Socket>

/** TLS on an open stream, for protocols that begin without (STARTTLS). Rejects as `OpenTunnel` does, and ends the stream then. */
export type SecureTunnel = (
  socket: Socket,
  options: Patience & {
    readonly host: string
    /** Only for the words of an error. */
    readonly port?: number
    readonly tls: TunnelTls
  },
) => Promise<TLSSocket>

/** The brackets of an IPv6 address are a URL's matter. */
const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '')

/**
 * Gives what `work` gives, or rejects with what goes wrong with the stream before that. The stream is destroyed then, and
 * also later when the signal aborts.
 */
const within = async <Value>(
  work: Promise<Value>,
  stream: Socket,
  where: string,
  { signal, deadline }: Patience,
): Promise<Value> => {
  const { promise: trouble, reject } = Promise.withResolvers<never>()
  const giveUp = (): void => {
    reject(signal.reason)
    stream.destroy()
  }
  const end = (): void => reject(new TunnelProblem(where, 'the connection was closed'))
  const timer = setTimeout(() => {
    reject(new TunnelProblem(where, `no answer within ${deadline / 1000} s`))
  }, deadline)
  signal.addEventListener('abort', giveUp, { once: true })
  stream.once('close', () => signal.removeEventListener('abort', giveUp))
  // It stays when the work is done: an error that nobody hears would end the process.
  stream.on('error', (error) => reject(new TunnelProblem(where, error))).once('close', end)
  if (signal.aborted) giveUp()
  try {
    return await Promise.race([work, trouble])
  } catch (error) {
    stream.destroy()
    throw error
  } finally {
    clearTimeout(timer)
    stream.off('close', end)
  }
}

const until = async <Stream extends Socket>(
  stream: Stream,
  event: 'connect' | 'secureConnect',
  where: string,
  patience: Patience,
): Promise<Stream> => {
  const ready = new Promise<void>((resolve) => stream.once(event, () => resolve()))
  await within(ready, stream, where, patience)
  return stream
}

/** See `SecureTunnel`. */
export const secureTunnel: SecureTunnel = async (socket, { host, port, tls, ...patience }) => {
  const where = port === undefined ? host : authority({ host, port })
  const { rejectUnauthorized = true, allowExpired = false, ca, cert, key, alpn } = tls
  const name = tls.servername ?? host
  const secured = connectTls({
    socket,
    host: name,
    // A name is sent to servers of many; an address must not be (RFC 6066, section 3).
    ...(isIP(name) === 0 && { servername: name }),
    rejectUnauthorized: rejectUnauthorized && !allowExpired,
    ...(ca !== undefined && { ca: trusted(ca) }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(alpn !== undefined && { ALPNProtocols: [...alpn] }),
  })
  await until(secured, 'secureConnect', where, patience)
  const fine = !rejectUnauthorized || secured.authorized ||
    (allowExpired && isGoodButExpired(secured, name, trusted(ca)))
  if (fine) return secured
  secured.destroy()
  throw new TunnelProblem(
    where,
    Object.assign(new Error('its certificate is not to be trusted'), {
      code: `${secured.authorizationError}`,
    }),
  )
}

/** Where a proxy listens when its address names no port. */
const proxyPorts: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 }
const socksPort = 1080

/** A stream to the other side of a proxy. */
const throughProxy = async (
  proxy: URL,
  target: Target,
  patience: Patience,
): Promise<Socket> => {
  const host = bare(proxy.hostname)
  const port = Number(proxy.port) || (proxyPorts[proxy.protocol] ?? socksPort)
  const where = `the proxy ${proxy.host}`
  const dial = async (): Promise<Socket> => {
    const socket = await until(connectPlain({ host, port }), 'connect', where, patience)
    if (proxy.protocol !== 'https:') return socket
    return await secureTunnel(socket, { host, tls: {}, ...patience })
  }
  const socket = await dial().catch((error) => {
    throw error instanceof TunnelProblem ? proxyAway(target, proxy, error) : error
  })
  const ask = proxy.protocol.startsWith('socks') ? socksThrough : connectThrough
  return await within(ask(socket, proxy, target).then(() => socket), socket, where, patience)
}

/** Makes the one way out of the process for connections that are not HTTP. */
export const createOpenTunnel =
  ({ proxy }: Pick<HttpSettings, 'proxy'>): OpenTunnel => async (to) => {
    const { host, port, tls, signal, deadline } = to
    const patience = { signal, deadline }
    signal.throwIfAborted()
    const by = tunnelProxyFor(host, port, proxy)
    const socket = by === undefined
      ? await until(connectPlain({ host, port }), 'connect', `${host}:${port}`, patience)
      : await throughProxy(new URL(by), { host, port }, patience)
    return tls === undefined ? socket : await secureTunnel(socket, { host, port, tls, ...patience })
  }
