import * as v from 'valibot'
import type { Clock } from '../../src/clock.ts'
import type { Log } from '../../src/log.ts'
import { readCallback } from './events.ts'
import type { Take } from './inbound.ts'
import { soon } from './soon.ts'
import type { Dialogue } from './open-connection.ts'
import type { SlackWeb } from './web.ts'

const frameSchema = v.object({
  type: v.string(),
  'envelope_id': v.optional(v.string()),
  reason: v.optional(v.string()),
  'retry_attempt': v.optional(v.number()),
  'retry_reason': v.optional(v.string()),
  payload: v.optional(v.unknown()),
})

const addressAnswer = v.object({ url: v.string() })

/** The official client's own numbers are 5 and 30 s; Slack's own pings come every 10 s or so. */
const usualPing = 5_000
const usualSilence = 30_000

export type SocketModeOptions = {
  /** The Web API with the app-level token. */
  readonly web: SlackWeb
  readonly take: Take
  readonly clock: Clock
  readonly log: Log
  /** ms, from `HUBOT_SLACK_SOCKET_MODE_OPTS`. */
  readonly pingEvery?: number | undefined
  readonly silence?: number | undefined
}

/** Socket Mode: events in envelopes, each of which is acknowledged when the bot has written down what came of it. */
export const socketMode = (options: SocketModeOptions): Dialogue => {
  const { web, take, clock, log, pingEvery = usualPing, silence = usualSilence } = options
  return {
    pingEvery,
    silence,
    address: async () => (await web.call('apps.connections.open', {}, addressAnswer)).url,
    ping: (socket) => socket.ping(),
    hear: (data, answer) => {
      const read = v.safeParse(frameSchema, data)
      if (!read.success) {
        log.debug('Slack sent a frame that means nothing.')
        return { kind: 'nothing' }
      }
      const { type, envelope_id: envelope, reason = 'no reason given', payload } = read.output
      if (type === 'hello') return { kind: 'ready' }
      if (type === 'disconnect') return { kind: 'replace', why: reason }
      if (read.output['retry_attempt']) {
        log.debug('Slack sent an event again.', {
          attempt: read.output['retry_attempt'],
          reason: read.output['retry_reason'],
        })
      }
      const taken = type === 'events_api' ? take(readCallback(payload)) : Promise.resolve()
      if (envelope !== undefined) {
        void soon(taken, clock).then(() => answer({ 'envelope_id': envelope }))
      }
      return { kind: 'nothing' }
    },
  }
}
