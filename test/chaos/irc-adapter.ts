import { AsyncLocalStorage } from 'node:async_hooks'
import { writeSync } from 'node:fs'
import { irc } from '../../adapters/irc/index.ts'
import type { OutgoingMessage } from '../../src/chat/message.ts'
import type { OpenTunnel } from '../../src/net/tunnel.ts'

/**
 * The IRC adapter as it is, at the recorder's pace. Before each message it tells in a line of its own which one it is, behind
 * each that it has taken in that it has, and on its error output which ones were taken, so that the driver can count. IRC has no
 * threads: the word that was typed travels in their place.
 */
export const ircBeforeRecorder: typeof irc = {
  ...irc,
  limits: { ...irc.limits, perChannelPerSecond: 50 },
  connect: async (context) => {
    const sending = new AsyncLocalStorage<OutgoingMessage>()
    let acknowledge: (id: string) => void = () => {}
    const tunnel: OpenTunnel = async (to) => {
      const socket = await context.tunnel(to)
      const write = socket.write.bind(socket) as (text: string) => boolean
      acknowledge = (id) => {
        if (!socket.destroyed) write(`CHAOS-TAKEN ${id}\r\n`)
      }
      const marked = (text: string): boolean => {
        const message = sending.getStore()
        if (message === undefined || !text.startsWith('PRIVMSG')) return write(text)
        const { key, kind, thread } = message
        return write(
          `CHAOS ${JSON.stringify({ key, kind, thread, process: process.pid })}\r\n${text}`,
        )
      }
      return Object.assign(socket, { write: marked })
    }
    const connection = await irc.connect({
      ...context,
      tunnel,
      receive: async (message) => {
        const word = /\bc-\d{6}\b/.exec(message.text)?.[0]
        await context.receive({ ...message, ...(word !== undefined && { thread: word }) })
        acknowledge(message.id)
      },
    })
    return {
      get self() {
        return connection.self
      },
      send: async (message) => {
        const receipt = await sending.run(message, () => connection.send(message))
        // Outlives a kill in the next instant: who counts repeated messages learns that the bot had the answer.
        writeSync(2, `answered: ${message.key}\n`)
        return receipt
      },
      health: connection.health,
      close: connection.close,
    }
  },
}
