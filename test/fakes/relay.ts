import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A wire that can be frozen or cut. */
export type Relay = AsyncDisposable & {
  readonly port: number
  readonly connections: () => number
  /** Freezes the connections that are open now: they stay open, and nothing goes through any more. New ones work. */
  readonly freeze: () => void
  /** What the server says on the connections that are open now gets lost; what it is told arrives. */
  readonly muffle: () => void
  /** Cuts the connections that are open now. */
  readonly cut: () => void
}

/** Leads to a port on loopback. */
export const startRelay = async (target: number): Promise<Relay> => {
  const sockets = new Set<Socket>()
  const pairs = new Set<{ readonly near: Socket; readonly far: Socket }>()
  const keep = (socket: Socket): Socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    return socket
  }
  const server = createServer((near) => {
    const far = keep(connect(target, '127.0.0.1'))
    keep(near).pipe(far).pipe(near)
    const pair = { near, far }
    pairs.add(pair)
    near.on('close', () => {
      pairs.delete(pair)
      far.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => pairs.size,
    freeze: () => {
      for (const socket of sockets) {
        socket.unpipe()
        socket.pause()
      }
    },
    muffle: () => {
      for (const { near, far } of pairs) far.unpipe(near).resume()
    },
    cut: () => {
      for (const { near, far } of pairs) {
        near.destroy()
        far.destroy()
      }
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
