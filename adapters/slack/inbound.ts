import type { Clock } from '../../src/clock.ts'
import type { ChatMessage } from '../../src/chat/message.ts'
import type { Log } from '../../src/log.ts'
import { createBotGuard } from './bot-guard.ts'
import { decodeText, plainKeys } from './decode-text.ts'
import type { Directory } from './directory.ts'
import type { SlackEvent, SlackMessage } from './events.ts'
import type { Self } from './self.ts'
import { placeOf } from './thread.ts'

export type InboundOptions = {
  readonly self: () => Self
  readonly directory: Directory
  readonly receive: (message: ChatMessage) => Promise<void>
  readonly clock: Clock
  readonly log: Log
  /** `INSTALLED_TEAM_ONLY`. */
  readonly installedTeamOnly: boolean
}

/** Slack gives an event up after an hour; so many come again at most. */
const rememberAtMost = 10_000

/** Takes one event in. Settles when the bot has written down what came of it, if anything; never rejects. */
export type Take = (event: SlackEvent) => Promise<void>

/**
 * Takes Slack's events in and hands the messages among them to the bot: once each, in the order of their channel, with
 * names for ids. The bot's own messages are dropped here.
 */
export const createInbound = (options: InboundOptions): Take => {
  const { self, directory, receive, clock, log, installedTeamOnly } = options
  const seen = new Set<string>()
  const lanes = new Map<string, Promise<void>>()
  const guard = createBotGuard(clock)

  const isNew = (key: string): boolean => {
    if (seen.has(key)) return false
    seen.add(key)
    const oldest = seen.size > rememberAtMost ? seen.values().next().value : undefined
    if (oldest !== undefined) seen.delete(oldest)
    return true
  }

  const isOurs = ({ user, bot }: SlackMessage): boolean => {
    const { id, botId } = self()
    return (user !== undefined && user === id) || (bot !== undefined && bot === botId)
  }

  const isWelcome = (message: SlackMessage, id: string | undefined): boolean => {
    if (isOurs(message)) return false
    if (message.user === undefined && message.bot === undefined) return false
    const { team } = message
    if (installedTeamOnly && team !== undefined && team !== self().team) return false
    // Both: Slack sends an event again under its id, and the same message as another event.
    const first = [id ?? '', `${message.channel}:${message.ts}`]
      .filter((key) => key !== '')
      .map(isNew)
    if (first.includes(false)) return false
    const verdict = message.bot === undefined ? 'yes' : guard(message.bot, message.channel)
    if (verdict === 'no, and say so') {
      log.warn('Another bot talks too much; it is not listened to for a minute.', {
        bot: message.bot,
        channel: message.channel,
      })
    }
    return verdict === 'yes'
  }

  const hear = async (message: SlackMessage): Promise<void> => {
    const { channel, ts, thread, user, bot, direct, team } = message
    const toldUs = withoutOwnMention(message.text, self().id)
    const id = user ?? bot ?? ''
    const [known, text] = await Promise.all([
      user !== undefined ? directory.personOf(user, team) : directory.botOf(id, team),
      decodeText(toldUs.text, directory),
    ])
    if (known?.foreign) {
      log.debug('Somebody from another company talks; StackStorm knows them by id.', { id, team })
      if (installedTeamOnly) return
    }
    if (known === undefined) {
      log.warn("A person's handle could not be looked up; StackStorm gets the id instead.", {
        user: id,
        advice: 'Check the scope users:read.',
      })
    }
    await receive({
      id: `${channel}:${ts}`,
      channel,
      thread: placeOf(ts, thread),
      user: { id, name: known?.name ?? id },
      text: plainKeys(text),
      direct,
      mentioned: toldUs.mentioned,
      at: Number(ts) * 1000,
    })
  }

  return async function take(event) {
    if (event.kind === 'user-changed') return directory.forgetUser(event.user)
    if (event.kind === 'other') return
    const { message, id } = event
    const before = lanes.get(message.channel)
    // One that came before may still be on its way into the journal.
    if (!isWelcome(message, id)) return await before
    const lane = (before ?? Promise.resolve())
      .then(() => hear(message))
      .catch((error) => {
        log.error('A message from Slack could not be taken in.', {
          channel: message.channel,
          error: error instanceof Error ? error : new Error(String(error)),
        })
      })
      .finally(() => {
        if (lanes.get(message.channel) === lane) lanes.delete(message.channel)
      })
    lanes.set(message.channel, lane)
    await lane
  }
}

/** `<@U0BOT> help` and `<@U0BOT|st2>: help`: the bot is meant. Further inside a text it is only talked about. */
const withoutOwnMention = (
  text: string,
  bot: string,
): { readonly text: string; readonly mentioned: boolean } => {
  const found = /^\s*<@([A-Z0-9]+)(?:\|[^>]*)?>/.exec(text)
  return found?.[1] === bot
    ? { text: text.slice(found[0].length), mentioned: true }
    : { text, mentioned: false }
}
