import { randomUUID } from 'node:crypto'
import type { ChatMessage } from '../../src/chat/message.ts'
import type { Clock } from '../../src/clock.ts'
import type { Log } from '../../src/log.ts'
import type { IrcLine } from './line.ts'
import type { People } from './people.ts'
import type { Session } from './session.ts'
import type { IrcOptions } from './setup.ts'
import { spokenText } from './text.ts'
import { userIdOf } from './user-id.ts'

export type InboundOptions = {
  readonly options: IrcOptions
  readonly people: People
  /** A channel in the spelling in which the bot knows it. */
  readonly roomName: (channel: string) => string
  readonly receive: (message: ChatMessage) => Promise<void>
  readonly clock: Clock
  readonly log: Log
}

/**
 * Hands what people say to the bot. Notices, CTCP requests, its own messages and those of ignored people are nobody's
 * business here: a bot that answers notices talks to other bots for ever.
 */
export const createInbound = (
  { options, people, roomName, receive, clock, log }: InboundOptions,
): (line: IrcLine, session: Session) => void => {
  const series = randomUUID().slice(0, 8)
  let count = 0
  let toldOfAccounts = false

  const isIgnored = (nick: string, { fold }: Session): boolean =>
    (options.HUBOT_IRC_IGNORE_USERS ?? []).some((one) => fold(one) === fold(nick))

  /** Bouncers repeat what was said while nobody was there, on each connection: nobody waits for that any more. */
  const isOld = (at: number | undefined, since: number | undefined): boolean => {
    if (at === undefined || since === undefined || at >= since) return false
    log.debug('What was said before the bot came was not listened to.')
    return true
  }

  /** Whoever is not logged in may call themselves what they like. */
  const isWelcome = (account: string | undefined): boolean => {
    if (account !== undefined || !options.HUBOT_IRC_REQUIRE_ACCOUNT) return true
    if (!toldOfAccounts) {
      log.warn('Somebody who is not logged in to services was not listened to.', {
        advice: 'HUBOT_IRC_REQUIRE_ACCOUNT is on: people log in first (/msg NickServ IDENTIFY).',
      })
    }
    toldOfAccounts = true
    return false
  }

  return function hear({ command, source, params, tags }, session) {
    const [target = '', said = ''] = params
    if (command !== 'PRIVMSG' || source === undefined) return
    const support = session.support()
    const { nick } = source
    if (session.isMe(nick)) return
    // Without the capability a tag of this name is nobody's word.
    const account = session.capabilities().has('account-tag')
      ? tags.account || undefined
      : undefined
    people.spoke(source, account)
    if (isIgnored(nick, session) || source.user === undefined || !isWelcome(account)) return
    const text = spokenText(said)
    if (text === undefined || text === '') return
    const place = target.slice(
      support.statusPrefixes.includes(target[0] ?? ' ') && session.isChannel(target.slice(1))
        ? 1
        : 0,
    )
    const direct = !session.isChannel(place)
    if (direct && options.HUBOT_IRC_PRIVATE) return
    const at = Date.parse(tags.time ?? '') || undefined
    if (isOld(at, session.since())) return
    void receive({
      id: tags.msgid || `${series}-${++count}`,
      channel: direct ? nick : roomName(place),
      user: { id: userIdOf(source, account), name: account ?? nick },
      text,
      direct,
      at: at ?? clock.now(),
    })
  }
}
