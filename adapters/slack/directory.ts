import * as v from 'valibot'
import type { Clock } from '../../src/clock.ts'
import type { Names } from './decode-text.ts'
import { SlackBusy } from './failures.ts'
import { createMemo } from './memo.ts'
import { isColleague, type Person, personSchema } from './person.ts'
import type { Self } from './self.ts'
import type { SlackWeb } from './web.ts'

/** What StackStorm knows somebody by: the handle of a colleague, the id of everybody else. */
export type Known = { readonly name: string; readonly foreign: boolean }

/** Who and what is behind Slack's ids, and the other way round. Everything is looked up when it is needed. */
export type Directory = Names & {
  /** Who a person is; undefined when that cannot be looked up. `said` is the workspace that the person's message names. */
  readonly personOf: (user: string, said?: string) => Promise<Known | undefined>
  /** Who the user behind a bot is; a bot without one is known by its own id. */
  readonly botOf: (bot: string, said?: string) => Promise<Known>
  /**
   * The id of a colleague, given a handle, or of anybody, given an id; undefined when there is none, or more than one. Rejects
   * as the Web API does.
   */
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
  /** Who the bot is, which tells who its colleagues are. */
  readonly self: () => Self
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

const userAnswer = v.object({ user: personSchema })
const botAnswer = v.object({
  bot: v.object({ 'user_id': v.optional(v.string()) }),
})
const channelSchema = v.object({ id: v.string(), name: v.optional(v.string()) })
const channelAnswer = v.object({ channel: channelSchema })
const pageAnswer = v.pipe(
  v.object({
    members: v.optional(v.array(personSchema), []),
    channels: v.optional(v.array(channelSchema), []),
    'response_metadata': v.optional(v.object({ 'next_cursor': v.optional(v.string(), '') })),
  }),
  v.transform((page) => ({
    members: page.members,
    channels: page.channels,
    cursor: page['response_metadata']?.['next_cursor'] ?? '',
  })),
)

const isUserId = (name: string): boolean => /^[UW][A-Z0-9]{2,}$/.test(name)
const isChannelId = (name: string): boolean => /^[CGD][A-Z0-9]{2,}$/.test(name)

export const createDirectory = (options: DirectoryOptions): Directory => {
  const { web, clock, signal, self, channelsHold } = options
  /** Handles of colleagues who have talked, so that an answer to them needs no list. */
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
    load: async (user) =>
      (await patiently(() => web.call('users.info', { user }, userAnswer))).user,
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
  /** Every entry of a list, page by page, by name. A name that two of them have is nobody's. */
  const listed = async (
    method: string,
    args: Readonly<Record<string, unknown>>,
  ): Promise<ReadonlyMap<string, string | undefined>> => {
    const all = new Map<string, string | undefined>()
    const add = (name: string, id: string): void =>
      void all.set(name, all.has(name) && all.get(name) !== id ? undefined : id)
    let cursor = ''
    do {
      const more = cursor === '' ? {} : { cursor }
      const page = await web.call(method, { ...args, limit: pageSize, ...more }, pageAnswer)
      for (const person of page.members) if (isAround(person)) add(person.handle, person.id)
      for (const { id, name } of page.channels) if (name !== undefined) add(name, id)
      cursor = page.cursor
    } while (cursor !== '')
    return all
  }
  const isAround = (person: Person): boolean => !person.gone && isColleague(self(), person)
  const people = createMemo({
    clock,
    holds: usersHold,
    load: () => {
      if (self().team !== '') return listed('users.list', {})
      return Promise.reject(new SlackBusy('Slack has not yet said which workspace the bot is in'))
    },
  })
  const rooms = createMemo({
    clock,
    holds: channelsHold,
    load: () =>
      listed('conversations.list', {
        types: 'public_channel,private_channel',
        'exclude_archived': true,
      }),
  })

  const personOf: Directory['personOf'] = async (user, said) => {
    const person = await users.get(user).catch(() => undefined)
    if (person === undefined) return undefined
    if (!isColleague(self(), person, said)) return { name: user, foreign: true }
    idsByHandle.set(person.handle, person.id)
    return { name: person.handle, foreign: false }
  }

  /** Whoever had the handle when they talked may have given it up since. */
  const talked = async (handle: string): Promise<string | undefined> => {
    const id = idsByHandle.get(handle)
    if (id === undefined) return undefined
    const person = await users.get(id).catch(() => undefined)
    return person?.handle === handle && isAround(person) ? id : undefined
  }

  return {
    personOf,
    handleOf: async (user) => (await personOf(user))?.name,
    channelNameOf: (channel) => channels.get(channel).catch(() => undefined),
    botOf: async (bot, said) => {
      const user = await bots.get(bot).catch(() => undefined)
      const known = user === undefined ? undefined : await personOf(user, said)
      return known === undefined || known.foreign
        ? { name: bot, foreign: known?.foreign ?? false }
        : known
    },
    userIdOf: async (name) => {
      if (isUserId(name)) return name
      const handle = name.replace(/^@/, '')
      return await talked(handle) ?? (await people.get('all')).get(handle)
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
