/**
 * Slack's face before the recorder, as a process of its own: the Web API and Socket Mode on the bot's side, the recorder's
 * own paths behind. What goes wrong at the recorder goes wrong here in Slack's words.
 * Takes the recorder's port as its argument, prints its own as one line of JSON, and ends with its input.
 */
import console from 'node:console'
import { URLSearchParams } from 'node:url'
import * as v from 'valibot'
import { channels } from './plan.ts'

const recorder = `http://127.0.0.1:${Number(process.argv[2])}`

const idOf = (channel: string): string => `C${Buffer.from(channel).toString('hex').toUpperCase()}`
const channelOf = (id: string): string =>
  /^C[0-9A-F]+$/.test(id) ? Buffer.from(id.slice(1), 'hex').toString() : id

const ok = (more: Readonly<Record<string, unknown>> = {}) => Response.json({ ok: true, ...more })
const refuse = (error: string) => Response.json({ ok: false, error })

const authorSchema = v.object({ key: v.string(), kind: v.string(), process: v.number() })
const attachmentsSchema = v.array(v.object({ text: v.optional(v.string(), '') }))
const eventsSchema = v.array(v.object({
  id: v.string(),
  channel: v.string(),
  thread: v.string(),
  text: v.string(),
}))

/** The words of a message, without whom it is for. */
const wordsOf = (args: URLSearchParams): string => {
  const attachments = v.parse(attachmentsSchema, JSON.parse(args.get('attachments') ?? '[]'))
  const texts = attachments.map(({ text }) => text)
  return [args.get('text')?.replace(/^<@U1>: /, '') ?? '', ...texts].join('')
}

/** What is left of an answer whose connection was cut. */
const broken = (): Response => new Response('{"ok":tr')

const post = async (args: URLSearchParams, headers: Headers): Promise<Response> => {
  const channel = channelOf(args.get('channel') ?? '')
  let answer: Response
  try {
    answer = await fetch(`${recorder}/posts`, {
      method: 'POST',
      keepalive: false,
      body: JSON.stringify({
        ...v.parse(authorSchema, JSON.parse(headers.get('x-chaos') ?? 'null')),
        channel,
        text: wordsOf(args),
        ...(args.has('thread_ts') && { thread: args.get('thread_ts') }),
      }),
    })
  } catch {
    return broken()
  }
  const { status } = answer
  if (status === 404) return refuse('channel_not_found')
  if (!answer.ok) {
    return new Response('', {
      status,
      headers: { 'retry-after': answer.headers.get('retry-after') ?? '1' },
    })
  }
  const taken = ok({ ts: `${(await answer.json() as { id: string }).id}.0`, channel })
  taken.headers.set('x-chaos-taken', 'yes')
  return taken
}

const methods: Readonly<
  Record<string, (args: URLSearchParams, request: Request) => Response | Promise<Response>>
> = {
  'auth.test': () =>
    ok({ user: 'st2bot', 'user_id': 'UBOT', 'bot_id': 'BBOT', team: 'Acme', 'team_id': 'T1' }),
  'apps.connections.open': (_, { headers }) => ok({ url: `ws://${headers.get('host')}/socket` }),
  'users.info': (args) => ok({ user: { id: args.get('user'), name: 'alice' } }),
  'conversations.list': () => ok({ channels: channels.map((name) => ({ id: idOf(name), name })) }),
  'chat.postMessage': (args, { headers }) => post(args, headers),
}

const sockets = new Set<Bun.ServerWebSocket<undefined>>()
const times = new Map<string, string>()

/** A message keeps its time, however often it is delivered. */
const timeOf = (id: string): string => {
  const time = times.get(id) ?? `${1_700_000_000 + times.size}.000100`
  times.set(id, time)
  return time
}

const deliver = (
  { id, channel, thread, text }: v.InferOutput<typeof eventsSchema>[number],
): void => {
  const [socket] = [...sockets].toReversed()
  const event = {
    type: 'message',
    channel: idOf(channel),
    'channel_type': 'channel',
    user: 'U1',
    text,
    ts: timeOf(id),
    'thread_ts': thread,
  }
  socket?.send(JSON.stringify({
    type: 'events_api',
    'envelope_id': id,
    payload: { type: 'event_callback', 'event_id': id, 'team_id': 'T1', event },
  }))
}

const acknowledge = async (id: string): Promise<void> => {
  await fetch(`${recorder}/acknowledge`, {
    method: 'POST',
    keepalive: false,
    body: JSON.stringify([id]),
  })
}

/** Takes events from the recorder for as long as somebody listens. */
const pump = async (): Promise<void> => {
  for (;;) {
    if (sockets.size === 0) {
      await Bun.sleep(20)
      continue
    }
    try {
      const answer = await fetch(`${recorder}/events`, { keepalive: false })
      for (const event of v.parse(eventsSchema, await answer.json())) deliver(event)
    } catch {
      await Bun.sleep(100)
    }
  }
}
void pump()

const server = Bun.serve<undefined>({
  hostname: '127.0.0.1',
  port: 0,
  idleTimeout: 0,
  fetch: async (request, listener) => {
    const { pathname } = new URL(request.url)
    if (pathname === '/socket') {
      return listener.upgrade(request) ? undefined : new Response('', { status: 400 })
    }
    const method = methods[pathname.replace('/api/', '')]
    if (method === undefined) return refuse('unknown_method')
    return await method(new URLSearchParams(await request.text()), request)
  },
  websocket: {
    sendPings: false,
    open: (socket) => {
      sockets.add(socket)
      socket.send('{"type":"hello"}')
    },
    message: (_, text) => {
      const frame: unknown = JSON.parse(String(text))
      if (typeof frame === 'object' && frame !== null && 'envelope_id' in frame) {
        void acknowledge(String(frame.envelope_id)).catch(() => {})
      }
    },
    close: (socket) => void sockets.delete(socket),
  },
})
console.log(JSON.stringify({ port: server.port }))
for await (const _ of Bun.stdin.stream()) { /* Whoever started us still lives. */ }
process.exit(0)
