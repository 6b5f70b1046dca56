import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A wire that can be frozen: connections stay open, and nothing goes through any more. */
export type Relay = AsyncDisposable & {
  readonly port: number
  /** Freezes the connections that are open now; new ones work. */
  readonly freeze: () => void
}

/** Leads to a port on loopback. */
export const startRelay = async (target: number): Promise<Relay> => {
  const sockets = new Set<Socket>()
  const keep = (socket: Socket): Socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    return socket
  }
  const server = createServer((near) => {
    const far = keep(connect(target, '127.0.0.1'))
    keep(near).pipe(far).pipe(near)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    freeze: () => {
      for (const socket of sockets) {
        socket.unpipe()
        socket.pause()
      }
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
