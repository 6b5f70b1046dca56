import { type Receipt, RetryLater, Undeliverable } from '../../src/chat/adapter.ts'
import type { OutgoingMessage } from '../../src/chat/message.ts'
import { createProgress } from '../../src/chat/progress.ts'
import type { Clock } from '../../src/clock.ts'
import { longestLine } from './command.ts'
import { compose } from './compose.ts'
import { ConnectionLost } from '../../src/chat/connection-failures.ts'
import type { Pace } from './pace.ts'
import { type Confirmed, findTarget } from './find-target.ts'
import type { People } from './people.ts'
import type { Rooms } from './rooms.ts'
import type { Session } from './session.ts'
import { nameOf, wantedBy } from './target.ts'
import { readUserId } from './user-id.ts'
import { createLineWriter } from './write-line.ts'

export type OutboundOptions = {
  /** The connection that is up, waiting a moment for one; undefined when there is none. */
  readonly session: () => Promise<Session | undefined>
  readonly rooms: Rooms
  readonly people: People
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly pace: Pace
  /** The bot's nick and user name. */
  readonly identity: { readonly nick: string; readonly user: string }
  /** `HUBOT_IRC_SEND_NOTICE_MODE`. */
  readonly notices: boolean
}

/** What is done of a message: its lines, as the first attempt made them, and how many the server has taken. */
type Step = {
  lines: readonly string[] | undefined
  taken: number
  confirmed: Confirmed | undefined
}

/**
 * Bytes before a line as others see it, `:nick!user@host `, at the most: networks change each part while the bot is there.
 * Nicks of 31 (NICKLEN on the largest networks is 16 to 30), user names of 10 and a `~`, hosts of 64. A longer user name is cut
 * by servers, to 10 by most and to 20 at the most.
 */
const prefixLength = ({ nick, user }: OutboundOptions['identity']): number =>
  ':!@ '.length + Math.max(31, Buffer.byteLength(nick) + 2) +
  Math.max(11, Math.min(20, Buffer.byteLength(user)) + 1) + 64

/** Less text in a line is none, whatever the names are; bytes. */
const leastRoom = 64

/** Bytes of text that one line to `target` may hold, so that nobody gets more than 512. */
export const roomFor = (
  target: string,
  identity: OutboundOptions['identity'],
  verb = 'PRIVMSG',
): number => {
  const around = '\r\n'.length + prefixLength(identity) + Buffer.byteLength(`${verb} ${target} :`)
  return Math.max(leastRoom, longestLine - around)
}

/**
 * Puts messages into IRC, line by line: each counts as taken when the server has given it back, or has answered the PING behind
 * it, without a refusal. Rejects with `RetryLater` or `Undeliverable`; the next attempt goes on behind the last line that
 * was taken.
 */
export const createOutbound = (
  options: OutboundOptions,
): (message: OutgoingMessage) => Promise<Receipt> => {
  const { rooms, people, clock, signal, pace, identity } = options
  const verb = options.notices ? 'NOTICE' : 'PRIVMSG'
  const progress = createProgress<Step>(() => ({
    lines: undefined,
    taken: 0,
    confirmed: undefined,
  }))
  const writeLine = createLineWriter({ verb, clock, signal })

  const connected = async (): Promise<Session> => {
    const session = await options.session()
    if (session === undefined || !session.wire.isOpen()) {
      throw new RetryLater('IRC is not connected.')
    }
    return session
  }

  const requireRoom = (channel: string): void => {
    const standing = rooms.standing(channel)
    if (standing.kind === 'on the way') {
      throw new RetryLater(`The bot is not in ${channel} yet.`, { after: 1_000 })
    }
    if (standing.kind !== 'refused') return
    const { reason, advice } = standing.refusal
    throw new Undeliverable(`The bot is not in ${channel}: ${reason}.`, { advice })
  }

  const say = async (session: Session, target: string, line: string): Promise<void> => {
    const refusal = await writeLine(session, target, line).catch(asLost)
    if (refusal?.kind === 'later') throw new RetryLater(refusal.reason, { after: refusal.after })
    if (refusal?.kind === 'never') {
      throw new Undeliverable(`${refusal.reason} (${target})`, { advice: refusal.advice })
    }
  }

  const deliver = async (message: OutgoingMessage): Promise<void> => {
    const step = progress.of(message.key)
    for (;;) {
      const { lines } = step
      if (lines !== undefined && step.taken >= lines.length) return
      await connected()
      await pace.turn(async () => {
        const session = await connected()
        const wanted = wantedBy(message, session)
        const channel = wanted.kind === 'channel' ? wanted.channel : undefined
        if (channel !== undefined) requireRoom(channel)
        const found = await findTarget(wanted, session, people, step.confirmed).catch(asLost)
        const target = found.name
        step.confirmed = found.confirmed
        step.lines ??= compose(
          channel === undefined ? withoutName(message) : withNick(message, people),
          roomFor(target, identity, verb),
        )
        const line = step.lines[step.taken]
        if (line !== undefined) {
          await say(session, target, line).catch((error: unknown) => {
            // What was refused because of a kick or a new nick a moment ago will not be the next time.
            if (error instanceof Undeliverable && channel !== undefined) requireRoom(channel)
            const now = nameOf(wanted, people) ?? target
            throw now === target ? error : new RetryLater(`${target} has just changed their nick.`)
          })
        }
        step.taken++
      })
    }
  }

  return async function send(message) {
    try {
      await deliver(message)
      progress.end(message.key)
      return {}
    } catch (error) {
      if (error instanceof Undeliverable) progress.end(message.key)
      throw error
    }
  }
}

/** Whoever is alone with the bot knows whom it speaks to. */
const withoutName = ({ user: _, ...message }: OutgoingMessage): OutgoingMessage => message

/** Whoever is spoken to is called by the nick that they have now, so that their client tells them. */
const withNick = (message: OutgoingMessage, people: People): OutgoingMessage => {
  const { user } = message
  if (user?.id === undefined) return message
  return { ...message, user: { ...user, name: nameOf(readUserId(user.id), people) ?? user.name } }
}

const asLost = (error: unknown): never => {
  if (!(error instanceof ConnectionLost)) throw error
  throw new RetryLater(`The connection to IRC ended: ${error.message}.`, { cause: error })
}
