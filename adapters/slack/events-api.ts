import * as v from 'valibot'
import type { Route } from '../../src/chat/adapter.ts'
import type { Clock } from '../../src/clock.ts'
import type { Log } from '../../src/log.ts'
import { readCallback } from './events.ts'
import type { Take } from './inbound.ts'
import { eventsPath } from './manifest.ts'
import { judgeHeaders, judgeSignature } from './signature.ts'
import { soon } from './soon.ts'

/** Slack's messages hold 40,000 characters at most; blocks and a workspace's details come on top. */
const longest = 1024 * 1024

const bodySchema = v.variant('type', [
  v.object({ type: v.literal('url_verification'), challenge: v.string() }),
  v.looseObject({ type: v.literal('event_callback') }),
  v.object({ type: v.literal('app_rate_limited'), 'minute_rate_limited': v.optional(v.number()) }),
])

export type EventsApiOptions = {
  readonly secret: string
  readonly take: Take
  /** Whether the bot knows who it is; before that it takes nothing, and Slack comes again. */
  readonly ready: () => boolean
  readonly traffic: () => void
  readonly clock: Clock
  readonly log: Log
}

/** The Events API: Slack calls us, and is answered when the bot has written down what came of it. */
export const eventsApi = (options: EventsApiOptions): Route => {
  const { secret, take, ready, traffic, clock, log } = options
  const refusal = (reason: string): Response => {
    log.warn('Refused a request to /slack/events.', { reason })
    return Response.json({ error: reason }, { status: 401 })
  }
  return {
    path: eventsPath,
    longest,
    refuse: (headers) => {
      const verdict = judgeHeaders({ headers, now: clock.now() })
      return verdict.good ? undefined : refusal(verdict.reason)
    },
    answer: async (request) => {
      const body = new Uint8Array(await request.arrayBuffer())
      const verdict = judgeSignature({ headers: request.headers, body, secret, now: clock.now() })
      if (!verdict.good) return refusal(verdict.reason)
      traffic()
      const read = v.safeParse(bodySchema, readJson(body))
      if (!read.success) return new Response(null, { status: 200 })
      const { output } = read
      if (output.type === 'url_verification') {
        return new Response(output.challenge, { headers: { 'content-type': 'text/plain' } })
      }
      if (!ready()) return new Response(null, { status: 503 })
      if (output.type === 'app_rate_limited') {
        log.error('Slack holds back events: there were more than 30,000 in an hour.', {
          advice: 'Invite the bot to fewer busy channels, or use Socket Mode.',
        })
      } else {
        const again = request.headers.get('x-slack-retry-num')
        if (again !== null) {
          const reason = request.headers.get('x-slack-retry-reason')
          log.debug('Slack sent an event again.', { attempt: again, reason })
        }
        await soon(take(readCallback(output)), clock)
      }
      return new Response(null, { status: 200 })
    },
  }
}

const readJson = (body: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    return undefined
  }
}
