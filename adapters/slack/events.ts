import * as v from 'valibot'

/** A field without which a message is still a message, whatever Slack makes of it one day. */
const text = v.fallback(v.optional(v.string()), undefined)

const present = v.fallback(v.optional(v.boolean(), false), false)

const attachment = v.object({
  fallback: text,
  'from_url': text,
  'is_msg_unfurl': present,
  'is_share': present,
})

const event = v.object({
  type: v.string(),
  subtype: text,
  channel: text,
  'channel_type': text,
  user: v.fallback(v.optional(v.union([v.string(), v.object({ id: v.string() })])), undefined),
  'bot_id': text,
  text,
  ts: text,
  'thread_ts': text,
  team: text,
  'user_team': text,
  'source_team': text,
  hidden: v.fallback(v.optional(v.boolean()), undefined),
  attachments: v.fallback(v.optional(v.array(attachment)), undefined),
})

const callback = v.object({
  type: v.literal('event_callback'),
  'event_id': text,
  'team_id': text,
  event,
})

/** One message of Slack's, before anybody is looked up. */
export type SlackMessage = {
  readonly channel: string
  readonly ts: string
  readonly thread?: string | undefined
  readonly user?: string | undefined
  readonly bot?: string | undefined
  readonly text: string
  /** Whether the channel is a conversation with the bot alone. */
  readonly direct: boolean
  /** The workspace of whoever wrote it. */
  readonly team?: string | undefined
}

/** What an event means to the bot. */
export type SlackEvent =
  | { readonly kind: 'message'; readonly message: SlackMessage; readonly id: string | undefined }
  | { readonly kind: 'user-changed'; readonly user: string }
  | { readonly kind: 'other' }

/** Edits, deletions, joins and topics are no commands; these are messages. */
const spoken: ReadonlySet<string | undefined> = new Set([
  undefined,
  'bot_message',
  'file_share',
  'me_message',
  'thread_broadcast',
])

type Said = v.InferOutput<typeof event>

/**
 * The text, and what a person has attached to it in words. What a bot attaches are mostly words of somebody whom nobody here
 * knows, such as the titles of a feed, and so are a forwarded message and what Slack shows of a link: none of that is said to
 * the bot.
 */
const textOf = ({ text: words = '', bot_id: bot, subtype, attachments = [] }: Said): string => {
  const isBot = bot !== undefined || subtype === 'bot_message'
  const own = isBot
    ? []
    : attachments.filter((one) =>
      one['from_url'] === undefined && !one['is_msg_unfurl'] && !one['is_share']
    )
  return [words, ...own.map(({ fallback = '' }) => fallback)].filter((line) => line !== '')
    .join('\n')
}

const other: SlackEvent = { kind: 'other' }

/** An event as the RTM API sends it; `team` and `id` come from around it where there is something around it. */
export const readEvent = (
  data: unknown,
  { team, id }: { readonly team?: string | undefined; readonly id?: string | undefined } = {},
): SlackEvent => {
  const read = v.safeParse(event, data)
  if (!read.success) return other
  const said = read.output
  const user = typeof said.user === 'string' ? said.user : said.user?.id
  if (said.type === 'user_change' && user !== undefined) return { kind: 'user-changed', user }
  if (said.type !== 'message' || said.hidden === true || !spoken.has(said.subtype)) return other
  if (!said.channel || !said.ts || Number.isNaN(Number(said.ts))) return other
  const message: SlackMessage = {
    channel: said.channel,
    ts: said.ts,
    thread: said['thread_ts'],
    user,
    bot: said['bot_id'],
    text: textOf(said),
    direct: said['channel_type'] === undefined
      ? said.channel.startsWith('D')
      : said['channel_type'] === 'im',
    team: said['user_team'] ?? said['source_team'] ?? said.team ?? team,
  }
  return { kind: 'message', message, id }
}

/** An event as Socket Mode and the Events API wrap it. */
export const readCallback = (payload: unknown): SlackEvent => {
  const read = v.safeParse(callback, payload)
  if (!read.success) return other
  const { event, event_id: id, team_id: team } = read.output
  return readEvent(event, { id, team })
}
