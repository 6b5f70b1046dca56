import { monitorLoop } from './monitor.ts'
import type { AdapterDefinition, Connection } from '../../src/chat/adapter.ts'
import type { OptionTable } from '../../src/config/option.ts'
import { createLines, createSender, type Order, type Report } from '../wire.ts'

const options = [
  { name: 'BENCH_CHAT_PORT', type: 'port', required: true, help: 'Where the script listens.' },
] as const satisfies OptionTable

/** The scripted chat as a service that takes any number of messages a second. */
export const scripted: AdapterDefinition<typeof options> = {
  name: 'scripted',
  aliases: [],
  title: 'Scripted chat',
  options,
  limits: { textUnits: 40_000, unit: 'utf16', partsBeforeUpload: 3, perChannelPerSecond: 1e9 },
  features: {
    threads: true,
    ephemeral: true,
    private: true,
    attachments: false,
    files: false,
    edits: false,
    buttons: false,
  },
  connect: async ({ options: { BENCH_CHAT_PORT: port }, receive, clock }): Promise<Connection> => {
    const since = clock.now()
    const user = { id: 'U1', name: 'alice' }
    const loop = monitorLoop()
    const sender = createSender()
    const report = (one: Report): void => sender.send(`${JSON.stringify(one)}\n`)
    let awaited = 0
    let began = 0
    let floods = 0

    const flooded = (): void => report({ kind: 'flooded', ms: performance.now() - began })

    const flood = ({ text, count, answered }: Order & { readonly kind: 'flood' }): void => {
      const prefix = `flood${++floods}-`
      awaited = answered ? count : 0
      began = performance.now()
      for (let at = 0; at < count; at++) {
        receive({
          id: prefix + at,
          // One answer a minute is all that a channel gets.
          channel: answered ? prefix + at : 'general',
          user,
          text: text.replace('%', String(at)),
          direct: false,
          at: 0,
        })
      }
      if (!answered) flooded()
    }

    const lines = createLines((line) => {
      const order = JSON.parse(line) as Order
      if (order.kind === 'say') {
        const { id, channel, text } = order
        receive({ id, channel, user, text, direct: false, at: 0 })
      } else if (order.kind === 'flood') flood(order)
      else if (order.kind === 'watch') loop.start()
      else report({ kind: 'watched', stall: loop.stop() })
    })
    // The network of Bun itself, as WebSockets and fetch use it: node:net would be loaded for nothing else.
    const socket = await Bun.connect({
      port,
      hostname: '127.0.0.1',
      socket: { data: (_, bytes) => lines(bytes), drain: () => sender.flush() },
    })
    socket.setNoDelay(true)
    sender.open(socket)
    return {
      self: { id: 'BOT', name: 'hubot', mentions: [] },
      send: ({ channel, pretext, text }) => {
        if (awaited > 0 && channel.startsWith('flood')) {
          if (--awaited === 0) flooded()
        } else report({ kind: 'post', channel, text: pretext + text })
        return Promise.resolve({})
      },
      health: () => ({ state: 'connected', since }),
      close: () => {
        socket.end()
        return Promise.resolve()
      },
    }
  },
}
