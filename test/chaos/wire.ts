import { connect, createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'

/** What the network does to those who talk over it. */
export type WireMode =
  | { readonly kind: 'through' }
  /** Nobody listens: connections are refused, open ones are cut. */
  | { readonly kind: 'refused' }
  /** Connections are accepted and cut at once, open ones are cut. */
  | { readonly kind: 'reset' }
  /** Everything stays open and nothing arrives, in either direction. */
  | { readonly kind: 'silent' }
  /** Each piece of data waits for so many ms. */
  | { readonly kind: 'slow'; readonly delay: number }
  /** Somebody in between answers each request: `answer` gives the bytes for a request's path. */
  | { readonly kind: 'answered'; readonly answer: (path: string) => string }

/** A stretch of network between the bot and a server: the bot gets its address, the driver breaks it. */
export type Wire = {
  /** `http://127.0.0.1:<port>`, the same for the wire's whole life. */
  readonly url: string
  readonly set: (mode: WireMode) => Promise<void>
  readonly close: () => Promise<void>
}

type Line = { readonly client: Socket; readonly server: Socket | undefined }

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })

const end = (server: Server): Promise<void> =>
  new Promise((resolve) => server.close(() => resolve()))

/** A port that was given back may be taken for a moment; each attempt waits this many ms. */
const portWait = 50

/** Opens a wire to a server on this host. */
export const openWire = async (target: { readonly port: number }): Promise<Wire> => {
  let mode: WireMode = { kind: 'through' }
  const lines = new Set<Line>()
  let server: Server | undefined

  const carry = (from: Socket, to: Socket): void => {
    let last = Promise.resolve()
    from.on('data', (bytes) => {
      if (mode.kind === 'slow') {
        const { delay } = mode
        last = last.then(() => Bun.sleep(delay)).then(() => {
          if (!to.destroyed) to.write(bytes)
        })
      } else last = last.then(() => void (to.destroyed || to.write(bytes)))
    })
    from.on('end', () => void last.then(() => to.end()))
    from.on('error', () => to.destroy())
    from.on('close', () => void last.then(() => to.end()))
  }

  const accept = (client: Socket): void => {
    client.on('error', () => {})
    if (mode.kind === 'reset' || mode.kind === 'refused') return void client.destroy()
    if (mode.kind === 'answered') {
      const { answer } = mode
      client.once('data', (bytes) => {
        const path = bytes.toString('latin1').split(' ', 2)[1] ?? '/'
        client.end(answer(path))
      })
      return hold({ client, server: undefined })
    }
    if (mode.kind === 'silent') return hold({ client: client.pause(), server: undefined })
    const upstream = connect({ host: '127.0.0.1', port: target.port })
    upstream.on('error', () => client.destroy())
    carry(client, upstream)
    carry(upstream, client)
    hold({ client, server: upstream })
  }

  const hold = (line: Line): void => {
    lines.add(line)
    line.client.once('close', () => lines.delete(line))
  }

  const cut = (): void => {
    for (const { client, server } of lines) {
      client.destroy()
      server?.destroy()
    }
    lines.clear()
  }

  const open = async (port: number): Promise<number> => {
    for (;;) {
      const next = createServer(accept)
      try {
        const bound = await listen(next, port)
        server = next
        return bound
      } catch (error) {
        if (port === 0) throw error
        await Bun.sleep(portWait)
      }
    }
  }

  const stop = async (): Promise<void> => {
    const last = server
    server = undefined
    cut()
    if (last !== undefined) await end(last)
  }

  const port = await open(0)
  return {
    url: `http://127.0.0.1:${port}`,
    set: async (next) => {
      const before = mode
      mode = next
      if (next.kind === 'silent') {
        for (const { client, server } of lines) {
          client.pause()
          server?.pause()
        }
      } else if (next.kind === 'refused') await stop()
      else if (next.kind === 'reset' || next.kind === 'answered') cut()
      // What hung in a silent network is lost with its connections.
      else if (before.kind === 'silent' || before.kind === 'answered') cut()
      if (next.kind !== 'refused' && server === undefined) await open(port)
    },
    close: stop,
  }
}

const jsonAnswer = (status: string, body: unknown): string => {
  const text = JSON.stringify(body)
  return `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n` +
    `Connection: close\r\n\r\n${text}`
}

/** What nginx says while StackStorm's services are down: 503, but 200 and an empty event stream for the stream. */
export const nginxAlone = (path: string): string =>
  path.startsWith('/stream')
    ? 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\nretry: 1000\n\n'
    : jsonAnswer('503 Service Unavailable', {
      faultstring: 'Nginx is unable to reach st2api. Make sure service is running.',
    })

/** What StackStorm says to credentials that it does not take, on every path. */
export const unauthorized = (): string =>
  jsonAnswer('401 Unauthorized', { faultstring: 'Unauthorized' })
