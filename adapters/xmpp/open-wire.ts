import { resolveSrv } from 'node:dns/promises'
import { domainToASCII } from 'node:url'
import type { AdapterContext } from '../../src/chat/adapter.ts'
import { doubtfulLast, findServers, nameOf } from './find-server.ts'
import type { xmppOptions } from './options.ts'
import type { Setup } from './setup.ts'
import { createTcpWire } from './tcp-wire.ts'
import { openWebSocketWire } from './websocket-wire.ts'
import type { Wire } from './wire.ts'

export type OpenWireOptions =
  & Pick<AdapterContext<typeof xmppOptions>, 'tunnel' | 'secure' | 'websocket' | 'clock'>
  & {
    readonly setup: Setup
    readonly anyCertificate: boolean
    readonly signal: AbortSignal
    readonly onTraffic: () => void
    /** Servers that took a connection of which nothing came: they are the last to be tried. Gets the one that takes it now. */
    readonly doubtful: Set<string>
  }

/** ms for a connection, and as many for its TLS. */
const deadline = 15_000

/** Connects to the server, or to the first of its servers that takes a connection. Rejects as the ways out do. */
export const openWire = async (options: OpenWireOptions): Promise<Wire> => {
  const { setup: { jid: { domain }, way }, anyCertificate, clock, signal } = options
  const { onTraffic, doubtful } = options
  if (way.kind === 'websocket') {
    const { websocket } = options
    const { url } = way
    return await openWebSocketWire({
      websocket,
      url,
      domain,
      anyCertificate,
      clock,
      signal,
      deadline,
      onTraffic,
    })
  }
  // RFC 6120, section 13.7.2: the certificate is for the domain, whatever host serves it.
  const asciiDomain = domainToASCII(domain) || domain
  const tls = { servername: asciiDomain, rejectUnauthorized: !anyCertificate }
  // XEP-0368: a port may serve more than XMPP.
  const directTls = { ...tls, alpn: ['xmpp-client'] }
  const addresses = way.address === undefined
    ? await findServers(asciiDomain, { resolve: resolveSrv, clock, signal })
    : [way.address]
  let problem: unknown
  for (const address of doubtfulLast(addresses, doubtful)) {
    const { host, port } = address
    try {
      const direct = way.kind === 'tls'
      const socket = await options.tunnel({
        host,
        port,
        signal,
        deadline,
        ...(direct && { tls: directTls }),
      })
      doubtful.add(nameOf(address))
      return createTcpWire({
        socket,
        isSecure: direct,
        domain,
        secure: (plain) => options.secure(plain, { host, tls, signal, deadline }),
        clock,
        onTraffic,
      })
    } catch (error) {
      signal.throwIfAborted()
      problem = error
    }
  }
  throw problem ?? new Error(`The domain ${domain} says that it has no XMPP server.`)
}
