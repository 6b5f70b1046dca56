import { createLines, type Order, type Report } from './wire.ts'

/** A chat service with one user, the script, and one bot. */
export type Chat = {
  readonly port: number
  readonly tell: (orders: readonly Order[]) => void
  /** `at`: ms of this process's clock. */
  readonly onReport: (listener: (report: Report, at: number) => void) => void
  readonly onBot: (listener: () => void) => void
  readonly stop: () => void
}

type Lines = { feed: (bytes: Uint8Array) => void }

export const startChat = (): Chat => {
  let bot: Bun.Socket<Lines> | undefined
  let onReport: (report: Report, at: number) => void = () => {}
  let onBot: () => void = () => {}
  /** What the socket did not take at once. */
  let backlog = new Uint8Array()
  const encoder = new TextEncoder()

  const flush = (): void => {
    if (bot === undefined || backlog.length === 0) return
    backlog = backlog.subarray(bot.write(backlog))
  }

  const listener = Bun.listen<Lines>({
    port: 0,
    hostname: '127.0.0.1',
    socket: {
      open: (socket) => {
        socket.data = {
          feed: createLines((line) => onReport(JSON.parse(line) as Report, performance.now())),
        }
        socket.setNoDelay(true)
        bot = socket
        backlog = new Uint8Array()
        onBot()
      },
      data: (socket, bytes) => socket.data.feed(bytes),
      drain: flush,
      close: (socket) => {
        if (bot === socket) bot = undefined
      },
    },
  })
  return {
    port: listener.port,
    tell: (orders) => {
      const bytes = encoder.encode(orders.map((order) => `${JSON.stringify(order)}\n`).join(''))
      backlog = backlog.length === 0 ? bytes : Buffer.concat([backlog, bytes])
      flush()
    },
    onReport: (next) => {
      onReport = next
    },
    onBot: (next) => {
      onBot = next
    },
    stop: () => listener.stop(true),
  }
}
