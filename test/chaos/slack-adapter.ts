import { AsyncLocalStorage } from 'node:async_hooks'
import { writeSync } from 'node:fs'
import { slack } from '../../adapters/slack/index.ts'
import type { OutgoingMessage } from '../../src/chat/message.ts'
import type { Http } from '../../src/net/http.ts'

/**
 * The Slack adapter as it is, at the recorder's pace. Beside each call it tells which message it is for, and on its
 * error output which ones were taken, so that the driver can count.
 */
export const slackBeforeRecorder: typeof slack = {
  ...slack,
  limits: { ...slack.limits, perChannelPerSecond: 50 },
  connect: async (context) => {
    const sending = new AsyncLocalStorage<OutgoingMessage>()
    const http: Http = async (url, options = {}) => {
      const message = sending.getStore()
      if (message === undefined) return await context.http(url, options)
      const { key, kind } = message
      const headers = new Headers(options.headers)
      headers.set('x-chaos', JSON.stringify({ key, kind, process: process.pid }))
      const response = await context.http(url, { ...options, headers })
      // Outlives a kill in the next instant: who counts repeated messages learns that the bot had the answer.
      if (response.headers.has('x-chaos-taken')) writeSync(2, `answered: ${key}\n`)
      return response
    }
    const connection = await slack.connect({ ...context, http })
    return {
      get self() {
        return connection.self
      },
      send: (message) => sending.run(message, () => connection.send(message)),
      health: connection.health,
      close: connection.close,
    }
  },
}
