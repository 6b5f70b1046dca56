import { createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { URLSearchParams } from 'node:url'

/** A request as it stood on the wire. */
export type RawRequest = {
  readonly head: string
  readonly body: string
  /** The connection's number, from 1. */
  readonly connection: number
}

/** A server that hands over whole requests and lets the test answer with any bytes, or none. */
export type RawServer = AsyncDisposable & {
  readonly origin: string
  readonly port: number
  readonly requests: readonly RawRequest[]
}

const bodyLength = (head: string): number =>
  Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? '0')

/** A server of one's own bytes on loopback: for what no well-behaved server does. */
export const startRawServer = async (
  answer: (socket: Socket, request: RawRequest) => void,
): Promise<RawServer> => {
  const requests: RawRequest[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer((socket) => {
    const connection = ++connections
    let received = ''
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    socket.on('data', (bytes) => {
      received += bytes.toString('latin1')
      const end = received.indexOf('\r\n\r\n')
      if (end === -1) return
      const head = received.slice(0, end)
      const length = bodyLength(head)
      if (received.length < end + 4 + length) return
      const request = { head, body: received.slice(end + 4, end + 4 + length), connection }
      received = received.slice(end + 4 + length)
      requests.push(request)
      answer(socket, request)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    requests,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** What a test's server answers; `headers` and `body` as they are, anything but a string as JSON. */
export type Reply = {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** A request that a `JsonServer` was sent. */
export type Seen = {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Headers
  readonly body: string
}

export type JsonServer = AsyncDisposable & {
  readonly origin: string
  readonly seen: readonly Seen[]
}

/** A well-behaved server on loopback; it remembers what it was asked. */
export const startJsonServer = async (
  answer: (request: Seen, count: number) => Reply | Response | Promise<Reply | Response>,
): Promise<JsonServer> => {
  const seen: Seen[] = []
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    idleTimeout: 0,
    fetch: async (request) => {
      const { pathname, searchParams } = new URL(request.url)
      const one = {
        method: request.method,
        path: pathname,
        query: searchParams,
        headers: request.headers,
        body: await request.text(),
      }
      seen.push(one)
      const reply = await answer(one, seen.length)
      if (reply instanceof Response) return reply
      const { status = 200, headers = {}, body = '' } = reply
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      return new Response(text, {
        status,
        headers: { 'content-type': 'application/json', ...headers },
      })
    },
  })
  return {
    origin: server.url.origin,
    seen,
    [Symbol.asyncDispose]: () => server.stop(true),
  }
}
