import type { Features, Limits } from '../../src/chat/adapter.ts'
import { layOut } from '../../src/chat/long-output.ts'
import { split } from '../../src/chat/split.ts'
import type { OutgoingMessage } from '../../src/chat/message.ts'
import { spread } from './attachments.ts'
import { defuse, defuseAll, showEntities, showTags } from './defuse.ts'
import { type Extra, type Part, readExtra } from './extra.ts'

/** What one call of `chat.postMessage` says, without where. */
export type Post = {
  readonly text: string
  readonly attachments?: readonly Part[]
  /** Name and icon of the message, and the like. */
  readonly more: Part
}

/** A message in Slack's own words: its posts in order, and what is too long for them as a file. */
export type Composed = {
  readonly posts: readonly Post[]
  readonly file: string | undefined
  readonly thread: boolean
}

export type ComposeOptions = {
  readonly limits: Limits
  readonly features: Pick<Features, 'files'>
  readonly colours: { readonly succeeded: string; readonly failed: string }
  /** Mentions whoever is spoken to, such as `<@U1>: `, or an empty string. */
  readonly prefix: string
  readonly allowBroadcast: boolean
}

/** docs.slack.dev, "Blocks": so many in one message. */
const blocksAtMost = 50

/**
 * Dresses a message: a result becomes a coloured attachment with the author's keys laid over it, or the author's own
 * attachments; what the bot says by itself is plain text. The addressee stands in the text of the message, because Slack
 * notifies nobody who is mentioned in an attachment.
 */
export const compose = (message: OutgoingMessage, options: ComposeOptions): Composed => {
  const { allowBroadcast } = options
  const quiet = allowBroadcast ? (text: string) => text : defuse
  const safe = (text: string) => showTags(quiet(showEntities(text)))
  const given = allowBroadcast ? message.extra : defuseAll(message.extra) as Part
  const extra = readExtra(given, allowBroadcast)
  const { message: more, thread } = extra
  if (extra.attachments !== undefined) {
    const [first = [], ...others] = spread(extra.attachments)
    const posts = [
      { text: extra.text ?? '', attachments: first, more },
      ...others.map((attachments) => ({ text: '', attachments, more })),
    ]
    return { posts, file: undefined, thread }
  }
  const head = options.prefix + safe(message.pretext)
  // StackStorm's default result begins and ends with line breaks.
  const body = safe(message.text).replace(/^\n+/, '').trimEnd()
  const isPlain = Object.keys(extra.attachment).length === 0 && message.kind !== 'result'
  return body.trim() === '' || isPlain
    ? plain([head, body].filter((part) => part.trim() !== '').join('\n'), message, options, extra)
    : coloured(head, body, message, options, extra)
}

/** Without attachments; an addressee stays on the line of what is said to them. */
const plain = (
  text: string,
  { link, pretext, text: raw }: OutgoingMessage,
  { limits, features }: ComposeOptions,
  { message: more, thread }: Extra,
): Composed => {
  const layout = layOut(text, { limits, features, link })
  const parts = layout.kind === 'file' ? [layout.beginning] : layout.parts
  return {
    posts: parts.map((part) => ({ text: part, more })),
    file: layout.kind === 'file' ? fileOf(pretext, raw) : undefined,
    thread,
  }
}

const coloured = (
  head: string,
  body: string,
  { status = 'succeeded', text, link }: OutgoingMessage,
  { limits, features, colours }: ComposeOptions,
  { message: more, attachment: { blocks, ...keys }, thread }: Extra,
): Composed => {
  const base = {
    color: colours[status],
    'mrkdwn_in': ['text', 'pretext'],
    ...keys,
    ...(typeof keys['color'] === 'string' && { color: hexColour(keys['color']) }),
  }
  const layout = layOut(body, { limits, features, link })
  const parts = layout.kind === 'file' ? [layout.beginning] : layout.parts
  const attachments: readonly Part[] = Array.isArray(blocks)
    ? groupsOf(blocks).map((group) => ({ ...base, blocks: group, fallback: parts[0] }))
    : parts.map((part) => ({ ...base, text: part, fallback: part }))
  // Nearly always one; a head that is longer than a message comes in messages of its own.
  const heads = split(head, limits)
  const posts = [
    ...heads.slice(0, -1).map((part) => ({ text: part, more })),
    ...attachments.map((one, index) => ({
      text: index === 0 ? heads.at(-1) ?? '' : '',
      attachments: [one],
      more,
    })),
  ]
  const isFile = layout.kind === 'file' && !Array.isArray(blocks)
  return { posts, file: isFile ? text : undefined, thread }
}

/** A file shows what it holds: nothing in it needs the escapes of a message. */
const fileOf = (pretext: string, text: string): string =>
  [pretext, text].filter((part) => part.trim() !== '').join('\n')

const groupsOf = (blocks: readonly unknown[]): readonly (readonly unknown[])[] =>
  Array.from(
    { length: Math.ceil(blocks.length / blocksAtMost) },
    (_, index) => blocks.slice(index * blocksAtMost, (index + 1) * blocksAtMost),
  )

/** Slack wants the `#` that the old default left out. */
export const hexColour = (colour: string): string =>
  /^[0-9a-f]{6}$/i.test(colour) ? `#${colour}` : colour
