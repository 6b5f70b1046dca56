import type { Socket } from 'node:net'
import { URL } from 'node:url'
import { ProxyProblem } from './proxy.ts'
import { TunnelProblem } from './tunnel-problem.ts'

/** Where the proxy is asked to connect to. */
export type Target = { readonly host: string; readonly port: number }

/** The longest answer of a proxy to CONNECT, in bytes; real ones are a few hundred. */
const longestAnswer = 16_384

/** IPv6 addresses stand in brackets (RFC 3986). */
export const authority = ({ host, port }: Target): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`

/** The user and password of a proxy's address. Throws `ProxyProblem` for a "%" that begins no code of a character. */
const credentialsOf = (proxy: URL): { readonly user: string; readonly password: string } => {
  try {
    return {
      user: decodeURIComponent(proxy.username),
      password: decodeURIComponent(proxy.password),
    }
  } catch (cause) {
    throw new ProxyProblem(
      `the user or password of the proxy ${proxy.host} has a "%" that is no code: write %25 for it in HTTPS_PROXY or ALL_PROXY.`,
      { cause },
    )
  }
}

/** There is no connection to the proxy itself. */
export const proxyAway = (target: Target, proxy: URL, cause: TunnelProblem): TunnelProblem =>
  new TunnelProblem(
    authority(target),
    `the proxy ${proxy.host} takes no connection${
      cause.code && ` (${cause.code})`
    }. Check HTTPS_PROXY and ALL_PROXY, or add the host to NO_PROXY`,
    'proxy',
  )

const refusal = (proxy: URL, target: Target, what: string): TunnelProblem =>
  new TunnelProblem(
    authority(target),
    `the proxy ${proxy.host} ${what}. Ask for that port to be allowed, or add the host to NO_PROXY`,
    'proxy',
  )

/**
 * Asks an HTTP proxy by CONNECT (RFC 9110, 9.3.6) for a connection to `target`; settles when it has said yes. `socket` is
 * connected to the proxy. Rejects with TunnelProblem when the proxy refuses or hangs up.
 */
export const connectThrough = async (socket: Socket, proxy: URL, target: Target): Promise<void> => {
  const { user, password } = credentialsOf(proxy)
  const to = authority(target)
  const authorization = user === '' && password === ''
    ? ''
    : `Proxy-Authorization: Basic ${Buffer.from(`${user}:${password}`).toString('base64')}\r\n`
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let answer = Buffer.alloc(0)
  const hear = (chunk: Buffer): void => {
    answer = Buffer.concat([answer, chunk])
    const end = answer.indexOf('\r\n\r\n')
    if (end === -1) {
      if (answer.length > longestAnswer) reject(refusal(proxy, target, 'gives no HTTP answer'))
      return
    }
    const status = /^HTTP\/1\.[01] (\d{3})/.exec(answer.toString('latin1', 0, end))?.[1]
    if (status?.startsWith('2') !== true) {
      const wrong = status === '407' ? 'wants another user or password' : 'refuses the connection'
      return reject(refusal(proxy, target, `${wrong} (${status ?? 'no HTTP answer'})`))
    }
    socket.off('data', hear)
    socket.pause()
    // Some servers speak first, and their first words may be here already.
    if (answer.length > end + 4) socket.unshift(answer.subarray(end + 4))
    resolve()
  }
  const hungUp = (): void => reject(refusal(proxy, target, 'hung up'))
  socket.on('data', hear).once('close', hungUp)
  socket.write(`CONNECT ${to} HTTP/1.1\r\nHost: ${to}\r\n${authorization}\r\n`)
  try {
    await promise
  } finally {
    socket.off('data', hear).off('close', hungUp)
  }
}

/** The same with a SOCKS proxy (RFC 1928), which looks the host's name up itself. */
export const socksThrough = async (socket: Socket, proxy: URL, target: Target): Promise<void> => {
  const { SocksClient } = await import('socks')
  const { user, password } = credentialsOf(proxy)
  try {
    await SocksClient.createConnection({
      command: 'connect',
      destination: { host: target.host, port: target.port },
      proxy: {
        host: proxy.hostname,
        port: Number(proxy.port || 1080),
        type: /^socks4/i.test(proxy.protocol) ? 4 : 5,
        ...(user !== '' && { userId: user, password }),
      },
      'existing_socket': socket,
    })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw refusal(proxy, target, `refuses the connection (${reason})`)
  }
}
