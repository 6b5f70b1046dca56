import {
  type Features,
  type Limits,
  type Receipt,
  RetryLater,
  Undeliverable,
} from '../../src/chat/adapter.ts'
import { layOut } from '../../src/chat/long-output.ts'
import type { OutgoingMessage } from '../../src/chat/message.ts'
import { plainText } from '../../src/chat/plain.ts'
import { createProgress } from '../../src/chat/progress.ts'
import type { Clock } from '../../src/clock.ts'
import { ServerRefused } from '../../src/chat/connection-failures.ts'
import { StanzaRefused } from './failures.ts'
import { type Flights, stanzaId } from './flights.ts'
import type { Room } from './room.ts'
import type { Session } from './session.ts'
import { type Target, targetOf } from './target.ts'
import { within, withLimit } from './within.ts'
import { type Element, ns, xml } from './xml.ts'

export type OutboundOptions = {
  readonly session: Session
  readonly rooms: ReadonlyMap<string, Room>
  readonly flights: Flights
  readonly clock: Clock
  /** Aborts when the bot stops: nothing new is sent. */
  readonly signal: AbortSignal
  /** Aborts when the connection is closed: until then, what is out may still be confirmed. */
  readonly closed: AbortSignal
  readonly limits: Limits
  readonly features: Features
}

/** ms that one attempt waits for the connection and the room; the outbox tries again. */
const patience = 20_000
/** ms for a message to come back from its room, or to be acknowledged; servers slow their clients down. */
const confirmation = 20_000
/** ms for a server to object to a message that it has acknowledged. */
const objections = 5_000
/** ms until a message that the server refuses to take now is sent again, where it does not say. */
const pauseAfterRefusal = 2_000

const stanzaFor = (target: Target, id: string, body: string): Element => {
  const to = target.kind === 'room' ? target.room.jid : target.to
  return xml(
    'message',
    { to, id, type: target.kind === 'room' ? 'groupchat' : 'chat' },
    xml('body', {}, body),
    xml('origin-id', { xmlns: ns.stanzaId, id }),
    target.kind === 'occupant' ? xml('x', { xmlns: ns.mucUser }) : undefined,
  )
}

const advices: ReadonlyMap<string, string> = new Map([
  [
    'forbidden',
    'The room is moderated: an owner can give the bot a voice (the role of a participant).',
  ],
  [
    'item-not-found',
    'They have left, or the address is wrong: name the receiver by address (user@domain).',
  ],
  ['not-acceptable', 'The server does not take such messages; its log may say why.'],
  [
    'not-allowed',
    'The room allows no private messages, or only from moderators: an owner can change that.',
  ],
  ['policy-violation', 'The server takes no message of this size or kind; its log may say why.'],
  ['recipient-unavailable', 'They are not online, and their server keeps nothing for them.'],
  ['remote-server-not-found', 'There is no server for the domain: correct the address.'],
  [
    'service-unavailable',
    'There is no such account, or they are not online and their server keeps nothing for them.',
  ],
])

/** A room that says these does not have the bot in it, whatever the bot thinks. */
const saysOut: ReadonlySet<string> = new Set(['not-acceptable', 'item-not-found'])

/**
 * Puts messages into XMPP. A room's copy back to us, or the server's acknowledgement, is what counts. Rejects with
 * `RetryLater` or `Undeliverable`; parts of a long message that are out are not sent again by the next attempt.
 */
export const createOutbound = (
  outbound: OutboundOptions,
): (message: OutgoingMessage) => Promise<Receipt> => {
  const { session, rooms, flights, clock, signal, closed, limits, features } = outbound
  const progress = createProgress<{ done: number }>(() => ({ done: 0 }))

  /** Where a message goes, once it can go there. */
  const reach = async (message: OutgoingMessage): Promise<Target> => {
    const target = targetOf(message, rooms)
    const there = (limited: AbortSignal) =>
      target.kind === 'person' ? session.opened(limited) : target.room.joined(limited)
    try {
      await withLimit(there, patience, clock, signal)
    } catch (error) {
      if (error instanceof ServerRefused) throw error
      const where = target.kind === 'person' ? 'its XMPP server' : `the room ${target.room.jid}`
      throw new RetryLater(`The bot is not connected to ${where}.`, { cause: error })
    }
    // While the bot waited, people came and went.
    return targetOf(message, rooms)
  }

  /** Some servers acknowledge a message before they look whom it is for: their objections come before an answer to this. */
  const hearObjections = async (target: Target): Promise<void> => {
    const asked = target.kind === 'person' ? session.ping() : target.room.check()
    await within(asked.catch(() => {}), objections, clock)
  }

  const sendPart = async (target: Target, id: string, body: string): Promise<void> => {
    if (flights.hasLanded(id)) return
    const stanza = stanzaFor(target, id, body)
    const room = target.kind === 'room' ? target.room : undefined
    const landed = flights.follow({ id, room: room?.jid, body }, async () => {
      if (target.kind === 'room') return session.send(stanza)
      await session.deliver(stanza, target.kind === 'occupant')
      await hearObjections(target)
    })
    if (await within(landed, confirmation, clock, closed) !== 'late') return
    if (room !== undefined && await room.check()) flights.settle(room.jid)
    throw new RetryLater('The XMPP server has not confirmed a message.')
  }

  const explain = (
    error: unknown,
    target: Target | undefined,
    message: OutgoingMessage,
  ): unknown => {
    if (error instanceof RetryLater || error instanceof Undeliverable) return error
    if (error instanceof ServerRefused) {
      return new Undeliverable(error.message, { advice: error.advice, cause: error })
    }
    if (!(error instanceof StanzaRefused)) {
      const reason = error instanceof Error ? error.message : String(error)
      return new RetryLater(reason, { cause: error })
    }
    const words = `The XMPP server refused a message for ${message.channel}: ${error.message}.`
    if (target?.kind === 'room' && saysOut.has(error.condition)) {
      target.room.isOut(error.message)
      return new RetryLater(words, { cause: error })
    }
    return error.passing
      ? new RetryLater(words, { after: pauseAfterRefusal, cause: error })
      : new Undeliverable(words, {
        advice: advices.get(error.condition) ??
          'Check the address and what the server logs about it.',
        cause: error,
      })
  }

  return async function send(message) {
    const text = Bun.stripANSI(plainText(message))
    const layout = layOut(text, { limits, features, link: message.link })
    const parts = layout.kind === 'parts' ? layout.parts : [layout.beginning]
    const step = progress.of(message.key)
    let target: Target | undefined
    try {
      for (const [index, body] of parts.entries()) {
        if (index < step.done) continue
        target = await reach(message)
        await sendPart(target, stanzaId(message.key, index), body)
        step.done = index + 1
      }
    } catch (error) {
      const told = explain(error, target, message)
      if (told instanceof Undeliverable) progress.end(message.key)
      throw told
    }
    progress.end(message.key)
    return { id: stanzaId(message.key, 0) }
  }
}
