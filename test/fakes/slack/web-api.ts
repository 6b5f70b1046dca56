import { URLSearchParams } from 'node:url'
import { bot, bots, channels, directChannel, others, people, strange, team } from './world.ts'

export type Arguments = Readonly<Record<string, unknown>>

/** One call of the Web API, in the order of arrival. */
export type Call = { readonly method: string; readonly token: string; readonly args: Arguments }

/** How the next call of a method fails. */
export type Fault =
  | { readonly error: string; readonly needed?: string }
  | { readonly status: number; readonly retryAfter?: number }
  /** An answer that is none of Slack's, with status 200. */
  | { readonly page: string }
  /** No answer for ever. */
  | { readonly silent: true }

export type WebApi = {
  readonly calls: readonly Call[]
  /** The calls that put a message somewhere. */
  readonly posts: readonly Call[]
  readonly fail: (method: string, fault: Fault, times?: number) => void
  /** Refuses the next post into one channel, and no other. */
  readonly failIn: (channel: string, fault: Fault) => void
  /** Like `fail`, once, behind so many calls that succeed. */
  readonly failAfter: (method: string, calls: number, fault: Fault) => void
  readonly answer: (method: string, request: Request) => Promise<Response>
}

export type WebApiOptions = {
  readonly botToken: string
  readonly appToken: string
  readonly scopes: string
  /** The organisation of the workspace. */
  readonly enterprise?: string | undefined
  readonly newTs: () => string
  /** The address of a new socket. */
  readonly newAddress: (kind: 'socket-mode' | 'rtm') => string
  readonly uploadUrl: string
  /** A message is in a channel now, for all to hear. */
  readonly onPost: (call: Call, ts: string) => void
}

const ok = (more: Arguments = {}) => ({ ok: true, ...more })
const no = (error: string, more: Arguments = {}) => ({ ok: false, error, ...more })

/** Everybody whom Slack tells of, members of the workspace first. */
const everybody: ReadonlyMap<string, Arguments> = new Map([
  ...Object.entries(people).map(([id, name]) =>
    [id, { id, name, 'team_id': team.id, 'real_name': name }] as const
  ),
  ...Object.entries(others).map(([id, more]) => [id, { id, ...more }] as const),
])

/** The methods that the bot uses, as strict as Slack about tokens, channels and arguments. */
export const createWebApi = (options: WebApiOptions): WebApi => {
  const calls: Call[] = []
  const posts: Call[] = []
  const channelFaults = new Map<string, Fault>()
  const faults = new Map<string, { readonly fault: Fault; before: number; left: number }>()
  let files = 0

  const post = (call: Call): Arguments => {
    const { channel, text, attachments, blocks } = call.args
    if (typeof channel !== 'string') return no('channel_not_found')
    if (strange.has(channel)) return no('not_in_channel')
    const known = channel in channels || /^(D|C0MANY\d+$)/.test(channel)
    if (!known) return no('channel_not_found')
    if (!text && attachments === undefined && blocks === undefined) return no('no_text')
    if (typeof text === 'string' && text.length > 40_000) return no('msg_too_long')
    if (Array.isArray(attachments) && attachments.some(({ text }) => text?.length > 40_000)) {
      return no('invalid_attachments')
    }
    const ts = options.newTs()
    if (call.method === 'chat.postEphemeral') {
      if (!everybody.has(String(call.args['user']))) return no('user_not_in_channel')
      posts.push(call)
      return ok({ 'message_ts': ts })
    }
    posts.push(call)
    options.onPost(call, ts)
    return ok({ channel, ts, message: { type: 'message', text, 'bot_id': bot.botId } })
  }

  const methods: Readonly<Record<string, (call: Call) => Arguments>> = {
    'auth.test': () =>
      ok({
        url: 'https://acme.slack.com/',
        team: team.name,
        'team_id': team.id,
        user: bot.handle,
        'user_id': bot.id,
        'bot_id': bot.botId,
        ...(options.enterprise !== undefined && { 'enterprise_id': options.enterprise }),
      }),
    'apps.connections.open': () => ok({ url: options.newAddress('socket-mode') }),
    'rtm.connect': () =>
      ok({ url: options.newAddress('rtm'), self: { id: bot.id, name: bot.handle }, team }),
    'users.info': ({ args }) => {
      const user = everybody.get(String(args['user']))
      return user === undefined ? no('user_not_found') : ok({ user })
    },
    'users.list': () => ok({ members: [...everybody.values()] }),
    'bots.info': ({ args }) => {
      const id = String(args['bot'])
      const user = bots[id]
      return user === undefined
        ? no('bot_not_found')
        : ok({ bot: { id, name: 'some bot', 'user_id': user } })
    },
    'conversations.info': ({ args }) => {
      const id = String(args['channel'])
      return id in channels
        ? ok({ channel: { id, name: channels[id], 'is_channel': true } })
        : no('channel_not_found')
    },
    'conversations.list': ({ args }) => {
      // Two pages, so that nobody forgets that there are pages.
      const all = Object.entries(channels).map(([id, name]) => ({ id, name }))
      return args['cursor'] === undefined
        ? ok({ channels: all.slice(0, 1), 'response_metadata': { 'next_cursor': 'more' } })
        : ok({ channels: all.slice(1), 'response_metadata': { 'next_cursor': '' } })
    },
    'conversations.open': ({ args }) => {
      const user = String(args['users'])
      return everybody.has(user)
        ? ok({ channel: { id: directChannel(user) } })
        : no('user_not_found')
    },
    'chat.postMessage': post,
    'chat.postEphemeral': post,
    'chat.update': ({ args }) =>
      ok({ channel: args['channel'], ts: args['ts'], text: args['text'] }),
    'files.getUploadURLExternal': () =>
      ok({ 'upload_url': options.uploadUrl, 'file_id': `F${++files}` }),
    'files.completeUploadExternal': ({ args }) => ok({ files: args['files'] }),
  }

  const fault = ({ method, args }: Call): Fault | undefined => {
    const channel = String(args['channel'])
    const inChannel = method.startsWith('chat.post') ? channelFaults.get(channel) : undefined
    if (inChannel !== undefined) {
      channelFaults.delete(channel)
      return inChannel
    }
    const found = faults.get(method)
    if (found === undefined) return undefined
    if (found.before-- > 0) return undefined
    if (--found.left === 0) faults.delete(method)
    return found.fault
  }

  const headers = { 'x-oauth-scopes': options.scopes }

  return {
    calls,
    posts,
    fail: (method, fault, times = 1) => void faults.set(method, { fault, before: 0, left: times }),
    failIn: (channel, fault) => void channelFaults.set(channel, fault),
    failAfter: (method, calls, fault) => void faults.set(method, { fault, before: calls, left: 1 }),
    answer: async (method, request) => {
      const token = request.headers.get('authorization')?.replace('Bearer ', '') ?? ''
      const call = { method, token, args: readForm(await request.text()) }
      calls.push(call)
      const failure = fault(call)
      if (failure !== undefined) return await failWith(failure)
      const wanted = method === 'apps.connections.open' ? options.appToken : options.botToken
      if (token !== wanted) return Response.json(no('invalid_auth'), { headers })
      const found = methods[method]
      return Response.json(found === undefined ? no('unknown_method') : found(call), { headers })
    },
  }
}

const failWith = async (fault: Fault): Promise<Response> => {
  if ('silent' in fault) return await new Promise(() => {})
  if ('error' in fault) return Response.json({ ok: false, ...fault })
  if ('page' in fault) {
    return new Response(fault.page, { headers: { 'content-type': 'text/html' } })
  }
  const { status, retryAfter } = fault
  const headers = retryAfter === undefined ? undefined : { 'retry-after': String(retryAfter) }
  return new Response('no', { status, ...(headers !== undefined && { headers }) })
}

/** A form whose nested values are JSON, as Slack takes them. */
const readForm = (body: string): Arguments =>
  Object.fromEntries(
    [...new URLSearchParams(body)].map(([key, value]) => [
      key,
      /^[[{]/.test(value) ? JSON.parse(value) : value,
    ]),
  )
