import { writeSync } from 'node:fs'
import * as v from 'valibot'
import {
  type AdapterContext,
  type AdapterDefinition,
  type Connection,
  type Health,
  type Receipt,
  RetryLater,
  Undeliverable,
} from '../../src/chat/adapter.ts'
import type { OutgoingMessage } from '../../src/chat/message.ts'
import type { OptionTable } from '../../src/config/option.ts'

const options = [
  {
    name: 'RECORDER_URL',
    type: 'url',
    required: true,
    help: 'Where the recorder listens.',
  },
] as const satisfies OptionTable

const typedSchema = v.array(v.object({
  id: v.string(),
  channel: v.string(),
  thread: v.string(),
  text: v.string(),
}))
const receiptSchema = v.object({ id: v.string() })

/** ms for one answer; a poll is answered after 2 s at the latest. */
const deadline = 5_000
/** ms between two attempts to reach the service. */
const pause = 200

type Context = AdapterContext<typeof options>

const post = async (url: string, body: unknown, signal?: AbortSignal): Promise<Response> => {
  const limit = AbortSignal.timeout(deadline)
  return await fetch(url, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
    keepalive: false,
    signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
  })
}

const send = async (base: string, message: OutgoingMessage): Promise<Receipt> => {
  const { key, kind, channel, thread, pretext, text } = message
  let response: Response
  let body: unknown
  try {
    response = await post(`${base}/posts`, {
      key,
      kind,
      channel,
      thread,
      text: pretext + text,
      process: process.pid,
    })
    body = await response.json()
  } catch (cause) {
    throw new RetryLater('The recorder did not answer.', { cause })
  }
  if (response.ok) {
    // Outlives a kill in the next instant: who counts repeated messages learns that the bot had the answer.
    writeSync(2, `answered: ${key}\n`)
    return v.parse(receiptSchema, body)
  }
  if (response.status === 404) {
    throw new Undeliverable(`The recorder has no channel "${channel}".`, {
      advice: 'Create it, or name another one.',
    })
  }
  const after = Number(response.headers.get('retry-after') ?? 0) * 1000
  throw new RetryLater(`The recorder answered ${response.status}.`, { after })
}

/**
 * Fetches events for as long as the bot runs and acknowledges each as soon as the bot has taken it in, before any work is
 * done, as chat services demand. An acknowledgement that fails is not repeated: the event comes again.
 */
const listen = async (
  { options: { RECORDER_URL: base }, signal, receive, clock }: Context,
  onHealth: (health: Health) => void,
): Promise<void> => {
  let since = clock.now()
  let state: Health['state'] = 'connecting'
  const tell = (next: Health['state'], error?: unknown): void => {
    if (next !== state) since = clock.now()
    state = next
    onHealth({
      state,
      since,
      ...(next === 'connected' && { lastTraffic: clock.now() }),
      ...(error !== undefined && { error: String(error) }),
    })
  }
  while (!signal.aborted) {
    try {
      const limit = AbortSignal.timeout(deadline)
      const response = await fetch(`${base}/events`, {
        keepalive: false,
        signal: AbortSignal.any([signal, limit]),
      })
      const events = v.parse(typedSchema, await response.json())
      tell('connected')
      await Promise.all(
        events.map((event) =>
          receive({ ...event, user: { id: 'U1', name: 'alice' }, direct: false, at: clock.now() })
        ),
      )
      if (events.length > 0) await post(`${base}/acknowledge`, events.map(({ id }) => id), signal)
    } catch (error) {
      if (signal.aborted) return
      tell('connecting', error)
      await clock.sleep(pause, signal).catch(() => {})
    }
  }
}

/** The recorder as a chat service: a service that is quick, strict and forgets nothing. */
export const recorder: AdapterDefinition<typeof options> = {
  name: 'recorder',
  aliases: [],
  title: 'Recorder',
  options,
  limits: { textUnits: 4_000, unit: 'utf16', partsBeforeUpload: 3, perChannelPerSecond: 50 },
  features: {
    threads: true,
    ephemeral: true,
    private: true,
    attachments: true,
    files: false,
    edits: false,
    buttons: false,
  },
  connect: (context): Promise<Connection> => {
    const base = context.options.RECORDER_URL
    let health: Health = { state: 'connecting', since: context.clock.now() }
    const listening = listen(context, (next) => {
      health = next
    })
    return Promise.resolve({
      self: { id: 'BOT', name: 'st2bot', mentions: [] },
      send: (message) => send(base, message),
      health: () => health,
      close: () => listening,
    })
  },
}
