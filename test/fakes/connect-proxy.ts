import { connect, createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'

/** What a proxy was asked for. */
export type ProxyRequest = {
  /** `CONNECT st2.test:443` or `GET http://st2.test/`. */
  readonly target: string
  readonly authorization: string | undefined
}

export type ConnectProxy = AsyncDisposable & {
  readonly port: number
  readonly requests: readonly ProxyRequest[]
}

export type ConnectProxyOptions = {
  /** The port on loopback behind each `host`; only the proxy knows these names. */
  readonly hosts: Readonly<Record<string, number>>
  /** `user:password` that it demands. */
  readonly credentials?: string
}

/** An HTTP proxy of few words: tunnels by CONNECT, and forwards one plain request a connection. */
export const startConnectProxy = async (
  { hosts, credentials }: ConnectProxyOptions,
): Promise<ConnectProxy> => {
  const requests: ProxyRequest[] = []
  const sockets = new Set<Socket>()
  const keep = (socket: Socket): Socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    return socket
  }
  const wanted = credentials === undefined
    ? undefined
    : `Basic ${Buffer.from(credentials).toString('base64')}`

  const serve = (socket: Socket, head: string): void => {
    const [method = '', target = ''] = head.split(' ')
    const authorization = /^proxy-authorization: *(.*?)\r?$/im.exec(head)?.[1]
    requests.push({ target: `${method} ${target}`, authorization })
    if (wanted !== undefined && authorization !== wanted) {
      const needs = 'HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n'
      return void socket.end(needs)
    }
    const { hostname } = new URL(method === 'CONNECT' ? `http://${target}` : target)
    const port = hosts[hostname]
    if (port === undefined) {
      return void socket.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n')
    }
    const behind = keep(connect(port, '127.0.0.1'))
    if (method === 'CONNECT') socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    else behind.write(head.replace(/^proxy-.*\r\n/gim, ''))
    socket.pipe(behind).pipe(socket)
  }

  const server = createServer((socket) => {
    keep(socket)
    let received = ''
    const read = (bytes: Buffer) => {
      received += bytes.toString('latin1')
      if (!received.includes('\r\n\r\n')) return
      socket.off('data', read)
      serve(socket, received)
    }
    socket.on('data', read)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
