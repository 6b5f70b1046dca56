/** One attachment or block as an author wrote it: Slack checks it, not we. */
export type Part = Readonly<Record<string, unknown>>

/** `extra.slack` of an alias, sorted by where each key belongs. */
export type Extra = {
  /** Arguments of `chat.postMessage`. */
  readonly message: Part
  /** Keys of an attachment. */
  readonly attachment: Part
  /** The author's own attachments: they are the whole message. */
  readonly attachments: readonly Part[] | undefined
  readonly text: string | undefined
  /** `thread_response`: the answer begins a thread below the command. */
  readonly thread: boolean
}

const messageKeys = new Set([
  'icon_emoji',
  'icon_url',
  'metadata',
  'reply_broadcast',
  'unfurl_links',
  'unfurl_media',
  'username',
])
/** They let Slack look for mentions in plain words, `@channel` among them. */
const alerting = new Set(['link_names', 'parse'])

const isPart = (value: unknown): value is Part =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const readExtra = (extra: Part, allowBroadcast: boolean): Extra => {
  const { attachments, text, thread_response: thread, ...rest } = extra
  const message: Record<string, unknown> = {}
  const attachment: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(rest)) {
    if (messageKeys.has(key) || (allowBroadcast && alerting.has(key))) message[key] = value
    else if (!alerting.has(key)) attachment[key] = value
  }
  return {
    message,
    attachment,
    attachments: Array.isArray(attachments) ? attachments.filter(isPart) : undefined,
    text: typeof text === 'string' ? text : undefined,
    thread: thread === true || thread === 'true',
  }
}
