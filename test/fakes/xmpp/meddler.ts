import { connect, createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'

/** Somebody on the way to a server who lets all through, and adds to it. */
export type Meddler = AsyncDisposable & {
  readonly port: number
  /** How often something was added. */
  readonly added: () => number
}

/** Adds `words` behind each piece of the server's that holds `after`. */
export const startMeddler = async (
  { port, after, words }: { readonly port: number; readonly after: string; readonly words: string },
): Promise<Meddler> => {
  const sockets = new Set<Socket>()
  let added = 0
  const keep = (socket: Socket, other: Socket): void => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => {
      sockets.delete(socket)
      other.destroy()
    })
  }
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1')
    keep(client, upstream)
    keep(upstream, client)
    client.on('data', (bytes) => upstream.write(bytes))
    upstream.on('data', (bytes: Buffer) => {
      const isHere = bytes.includes(after)
      if (isHere) added++
      client.write(isHere ? Buffer.concat([bytes, Buffer.from(words)]) : bytes)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    added: () => added,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
