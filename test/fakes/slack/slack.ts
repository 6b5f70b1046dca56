import { randomUUID } from 'node:crypto'
import type { Certificate } from '../certificate.ts'
import { type Acknowledged, type Connected, createSockets, type Link } from './sockets.ts'
import { type Arguments, type Call, createWebApi, type Fault } from './web-api.ts'
import { bot, scopes as allScopes, team } from './world.ts'

export const botToken = 'xoxb-2222-secretbottoken'
export const appToken = 'xapp-1-A0APP-secretapptoken'

/** What somebody says. */
export type Said = {
  readonly text: string
  readonly user?: string
  readonly channel?: string
  readonly thread?: string
  /** Further keys of the event. */
  readonly more?: Arguments
}

export type FakeSlack = AsyncDisposable & {
  readonly port: number
  readonly apiUrl: string
  readonly calls: readonly Call[]
  /** The calls that post: `chat.postMessage` and `chat.postEphemeral`, without those that were refused by a fault. */
  readonly posts: readonly Call[]
  readonly uploads: readonly string[]
  readonly fail: (method: string, fault: Fault, times?: number) => void
  readonly failIn: (channel: string, fault: Fault) => void
  readonly failAfter: (method: string, calls: number, fault: Fault) => void
  /** Somebody writes a message; gives its timestamp. */
  readonly say: (said: Said) => string
  /** The payload that `say` sends, for other ways to bring it. */
  readonly payload: (said: Said) => { readonly payload: Arguments; readonly ts: string }
  readonly deliver: (payload: Arguments) => void
  readonly raw: (text: string) => void
  /** Asks all connections to be replaced, as Slack does every few hours. */
  readonly refresh: (reason?: string) => void
  /** Cuts all connections without a word. */
  readonly cut: () => void
  /** New sockets are opened at this port, which leads here. */
  readonly via: (port: number) => void
  /** Whether new sockets are greeted, from now on. */
  readonly greet: (yes: boolean) => void
  readonly connections: () => number
  readonly totalConnections: () => number
  readonly deafMoments: () => number
  readonly reached: (count: number) => Promise<void>
  readonly acknowledged: readonly Acknowledged[]
}

export type FakeSlackOptions = {
  /** ms without an acknowledgement after which an event is sent again. */
  readonly patience?: number
  /** What the bot token may do, with commas between; everything when left out. */
  readonly scopes?: string
  /** The organisation of the workspace (Enterprise Grid); none when left out. */
  readonly enterprise?: string
  /** Behind TLS, and under this name. */
  readonly secure?: { readonly host: string; readonly certificate: Certificate }
}

/** Slack on loopback: the Web API, Socket Mode and RTM. */
export const startFakeSlack = async (
  { patience = 3_000, scopes = allScopes, enterprise, secure }: FakeSlackOptions = {},
): Promise<FakeSlack> => {
  const tickets = new Map<string, Link>()
  const uploads: string[] = []
  let greeting = true
  let socketPort: number | undefined
  let clock = 1_700_000_000
  let number = 0
  const newTs = () => `${++clock}.000100`
  const sockets = createSockets({ patience, hello: () => greeting })

  const payloadOf = (
    { text, user = 'U0ALICE', channel = 'C0OPS', thread, more }: Said,
    ts: string,
  ) => ({
    token: 'verification',
    'team_id': team.id,
    'api_app_id': 'A0APP',
    type: 'event_callback',
    'event_id': `Ev${randomUUID()}`,
    'event_time': clock,
    event: {
      type: 'message',
      channel,
      'channel_type': channel.startsWith('D')
        ? 'im'
        : channel.startsWith('G')
        ? 'group'
        : 'channel',
      user,
      text,
      ts,
      'event_ts': ts,
      team: team.id,
      ...(thread !== undefined && { 'thread_ts': thread }),
      ...more,
    },
  })

  const onPost = (call: Call, ts: string): void => {
    if (sockets.open().length === 0) return
    // Slack tells the bot of its own messages as well.
    const more = { 'bot_id': bot.botId, 'app_id': 'A0APP' }
    const { channel, text = '' } = call.args
    sockets.deliver(
      payloadOf({ text: String(text), user: bot.id, channel: String(channel), more }, ts),
    )
  }

  const base = (protocol: string, port = server.port): string =>
    `${protocol}${secure === undefined ? '' : 's'}://${secure?.host ?? `127.0.0.1:${port}`}`
  const api = createWebApi({
    botToken,
    appToken,
    scopes,
    enterprise,
    newTs,
    newAddress: (kind) => {
      const ticket = randomUUID()
      tickets.set(ticket, { kind, number: ++number })
      return `${base('ws', socketPort)}/link/?ticket=${ticket}&app_id=A0APP`
    },
    get uploadUrl() {
      return `${base('http')}/upload`
    },
    onPost,
  })

  const server = Bun.serve<Link>({
    hostname: '127.0.0.1',
    port: 0,
    idleTimeout: 0,
    ...(secure !== undefined && { tls: secure.certificate }),
    fetch: async (request, listener) => {
      const { pathname, searchParams } = new URL(request.url)
      if (pathname.startsWith('/link')) {
        const ticket = searchParams.get('ticket') ?? ''
        const link = tickets.get(ticket)
        // A ticket is good for one connection.
        tickets.delete(ticket)
        const upgraded = link !== undefined && listener.upgrade(request, { data: link })
        return upgraded ? undefined : new Response('no such ticket', { status: 401 })
      }
      if (pathname === '/upload') {
        uploads.push(await request.text())
        return new Response('OK')
      }
      return await api.answer(pathname.replace('/api/', ''), request)
    },
    websocket: sockets.websocket,
  })

  const payload: FakeSlack['payload'] = (said) => {
    const ts = newTs()
    return { payload: payloadOf(said, ts), ts }
  }
  const each = (act: (socket: Connected) => void): void => sockets.open().forEach(act)

  return {
    port: server.port ?? 0,
    apiUrl: `${base('http')}/api/`,
    calls: api.calls,
    posts: api.posts,
    uploads,
    fail: api.fail,
    failIn: api.failIn,
    failAfter: api.failAfter,
    payload,
    say: (said) => {
      const { payload: event, ts } = payload(said)
      sockets.deliver(event)
      return ts
    },
    deliver: sockets.deliver,
    raw: sockets.raw,
    refresh: (reason = 'refresh_requested') =>
      each((socket) => {
        const isRtm = socket.data.kind === 'rtm'
        socket.send(JSON.stringify(isRtm ? { type: 'goodbye' } : { type: 'disconnect', reason }))
      }),
    cut: () => each((socket) => socket.terminate()),
    via: (port) => {
      socketPort = port
    },
    greet: (yes) => {
      greeting = yes
    },
    connections: () => sockets.open().length,
    totalConnections: sockets.total,
    deafMoments: sockets.deaf,
    reached: sockets.reached,
    acknowledged: sockets.acknowledged,
    [Symbol.asyncDispose]: async () => {
      sockets.stop()
      await server.stop(true)
    },
  }
}
