import * as v from 'valibot'
import type { Log } from '../../src/log.ts'
import { readEvent } from './events.ts'
import type { Take } from './inbound.ts'
import type { Dialogue } from './open-connection.ts'
import type { SlackWeb } from './web.ts'

const frameSchema = v.object({
  type: v.string(),
  error: v.optional(v.object({ code: v.optional(v.number()), msg: v.optional(v.string()) })),
})

const addressAnswer = v.object({ url: v.string() })

/** docs.slack.dev asks for a ping "every few seconds" on a quiet connection. */
const pingEvery = 10_000
const silence = 30_000

export type RtmOptions = {
  readonly web: SlackWeb
  readonly take: Take
  readonly log: Log
  /** `HUBOT_SLACK_RTM_START_OPTS`. */
  readonly startOptions: Readonly<Record<string, unknown>>
}

/** The RTM API of classic apps: flat events, pings in JSON, nothing to acknowledge. */
export const rtm = ({ web, take, log, startOptions }: RtmOptions): Dialogue => {
  let pings = 0
  return {
    pingEvery,
    silence,
    address: async () => (await web.call('rtm.connect', startOptions, addressAnswer)).url,
    ping: (socket) => socket.send(JSON.stringify({ id: ++pings, type: 'ping' })),
    hear: (data) => {
      const read = v.safeParse(frameSchema, data)
      if (!read.success) return { kind: 'nothing' }
      const { type, error } = read.output
      if (type === 'hello') return { kind: 'ready' }
      if (type === 'goodbye') return { kind: 'replace', why: 'goodbye' }
      if (type === 'error') {
        log.warn('Slack reports an error on the connection.', {
          code: error?.code,
          reason: error?.msg,
        })
      } else void take(readEvent(data))
      return { kind: 'nothing' }
    },
  }
}
