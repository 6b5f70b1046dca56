import { writeSync } from 'node:fs'
import type { Socket } from 'node:net'
import { xmpp } from '../../adapters/xmpp/index.ts'
import type { OpenTunnel } from '../../src/net/tunnel.ts'
import { roomOf } from './xmpp-rooms.ts'

/**
 * The XMPP adapter as it is, at the recorder's pace and with the recorder's names for rooms. In front of each message it tells
 * which one it is, behind each that it has taken in that it has, and on its error output which ones were taken, so that the
 * driver can count. XMPP has no threads: the word that was typed travels in their place.
 */
export const xmppBeforeRecorder: typeof xmpp = {
  ...xmpp,
  limits: { ...xmpp.limits, perChannelPerSecond: 50 },
  connect: async (context) => {
    let open: Socket | undefined
    const tunnel: OpenTunnel = async (to) => open = await context.tunnel(to)
    const connection = await xmpp.connect({
      ...context,
      tunnel,
      receive: async (message) => {
        const word = /\bc-\d{6}\b/.exec(message.text)?.[0]
        const [channel = ''] = message.channel.split('@')
        const thread = word === undefined ? {} : { thread: word }
        await context.receive({ ...message, channel, ...thread })
        const id = message.id.split(':').at(-1)
        if (open?.writable) open.write(`<taken xmlns="of:chaos" id="${id}"/>`)
      },
    })
    return {
      get self() {
        return connection.self
      },
      send: async (message) => {
        const { key, kind, thread, channel, pretext } = message
        const mark = `[[${JSON.stringify({ key, kind, thread, process: process.pid })}]]`
        const receipt = await connection.send({
          ...message,
          channel: roomOf(channel),
          pretext: `${mark}${pretext}`,
        })
        // Outlives a kill in the next instant: who counts repeated messages learns that the bot had the answer.
        writeSync(2, `answered: ${key}\n`)
        return receipt
      },
      health: connection.health,
      close: connection.close,
    }
  },
}
