import * as v from 'valibot'
import type { Clock } from '../../src/clock.ts'
import type { Names } from './decode-text.ts'
import { SlackBusy } from './failures.ts'
import { createMemo } from './memo.ts'
import type { SlackWeb } from './web.ts'

/** Who and what is behind Slack's ids, and the other way round. Everything is looked up when it is needed. */
export type Directory = Names & {
  /** The handle of the user behind a bot, or the bot's id. */
  readonly botHandleOf: (bot: string) => Promise<string>
  /** The id of a person, given a handle or an id; undefined when there is none. */
  readonly userIdOf: (name: string) => Promise<string | undefined>
  /** The id of a channel as people write it: an id, `#name`, `name`. What is unknown comes back as it was. */
  readonly channelIdOf: (channel: string) => Promise<string>
  /** The channel for messages to one person alone. Rejects as the Web API does. */
  readonly directChannelOf: (user: string) => Promise<string>
  /** What was known of a person has changed. */
  readonly forgetUser: (user: string) => void
}

export type DirectoryOptions = {
  readonly web: SlackWeb
  readonly clock: Clock
  readonly signal: AbortSignal
  /** ms for which a channel's name holds: `HUBOT_SLACK_CONVERSATION_CACHE_TTL_MS`. */
  readonly channelsHold: number
}

/** People rarely change their handle; ms. */
const usersHold = 60 * 60_000
/** A call that Slack cannot take now is tried so often, so many ms apart, if Slack asks for no longer pause. */
const mostTries = 3
const pause = 500
const longestPause = 10_000
/** The most that Slack gives in one page, so that a large workspace costs few calls. */
const pageSize = 1_000

const userSchema = v.object({ id: v.string(), name: v.string() })
const userAnswer = v.object({ user: userSchema })
const botAnswer = v.object({
  bot: v.object({ 'user_id': v.optional(v.string()) }),
})
const channelSchema = v.object({ id: v.string(), name: v.optional(v.string()) })
const channelAnswer = v.object({ channel: channelSchema })
const pageAnswer = v.pipe(
  v.object({
    members: v.optional(v.array(userSchema), []),
    channels: v.optional(v.array(channelSchema), []),
    'response_metadata': v.optional(v.object({ 'next_cursor': v.optional(v.string(), '') })),
  }),
  v.transform((page) => ({
    entries: [...page.members, ...page.channels],
    cursor: page['response_metadata']?.['next_cursor'] ?? '',
  })),
)

const isUserId = (name: string): boolean => /^[UW][A-Z0-9]{2,}$/.test(name)
const isChannelId = (name: string): boolean => /^[CGD][A-Z0-9]{2,}$/.test(name)

export const createDirectory = (options: DirectoryOptions): Directory => {
  const { web, clock, signal, channelsHold } = options
  /** Handles that were seen, so that an answer to somebody who has just talked needs no list. */
  const idsByHandle = new Map<string, string>()

  /** A person's name decides what they may do: it is worth a little patience. */
  const patiently = async <Answer>(call: () => Promise<Answer>): Promise<Answer> => {
    for (let tries = 1;; tries++) {
      try {
        return await call()
      } catch (error) {
        const passes = error instanceof SlackBusy && error.after <= longestPause
        if (!passes || tries === mostTries) throw error
        await clock.sleep(Math.max(error.after, pause), signal)
      }
    }
  }

  const users = createMemo({
    clock,
    holds: usersHold,
    load: async (user) => {
      const answer = await patiently(() => web.call('users.info', { user }, userAnswer))
      idsByHandle.set(answer.user.name, answer.user.id)
      return answer.user.name
    },
  })
  const bots = createMemo({
    clock,
    holds: usersHold,
    load: async (bot) => (await web.call('bots.info', { bot }, botAnswer)).bot['user_id'],
  })
  const channels = createMemo({
    clock,
    holds: channelsHold,
    load: async (channel) =>
      (await web.call('conversations.info', { channel }, channelAnswer)).channel.name,
  })
  const direct = createMemo({
    clock,
    holds: usersHold,
    load: async (user) =>
      (await web.call('conversations.open', { users: user }, channelAnswer)).channel.id,
  })
  /** Every entry of a list, page by page, by name. */
  const listed = async (
    method: string,
    args: Readonly<Record<string, unknown>>,
  ): Promise<ReadonlyMap<string, string>> => {
    const all = new Map<string, string>()
    let cursor = ''
    do {
      const more = cursor === '' ? {} : { cursor }
      const page = await web.call(method, { ...args, limit: pageSize, ...more }, pageAnswer)
      for (const { id, name } of page.entries) if (name !== undefined) all.set(name, id)
      cursor = page.cursor
    } while (cursor !== '')
    return all
  }
  const people = createMemo({ clock, holds: usersHold, load: () => listed('users.list', {}) })
  const rooms = createMemo({
    clock,
    holds: channelsHold,
    load: () =>
      listed('conversations.list', {
        types: 'public_channel,private_channel',
        'exclude_archived': true,
      }),
  })

  const handleOf: Directory['handleOf'] = (user) => users.get(user).catch(() => undefined)

  return {
    handleOf,
    channelNameOf: (channel) => channels.get(channel).catch(() => undefined),
    botHandleOf: async (bot) => {
      const user = await bots.get(bot).catch(() => undefined)
      return user === undefined ? bot : await handleOf(user) ?? bot
    },
    userIdOf: async (name) => {
      if (isUserId(name)) return name
      const handle = name.replace(/^@/, '')
      return idsByHandle.get(handle) ?? (await people.get('all')).get(handle)
    },
    channelIdOf: async (channel) => {
      if (isChannelId(channel)) return channel
      const known = await rooms.get('all').catch(() => undefined)
      return known?.get(channel.replace(/^#/, '')) ?? channel
    },
    directChannelOf: direct.get,
    forgetUser: users.forget,
  }
}
