import type { Clock } from '../../src/clock.ts'
import type { Log } from '../../src/log.ts'
import { ConnectionLost, type ServerRefused } from '../../src/chat/connection-failures.ts'
import { StanzaRefused } from './failures.ts'
import { createGate } from './gate.ts'
import { type Jid, readJid } from './jid.ts'
import { createOccupants, type Occupants } from './occupants.ts'
import { instantRoom, joinPresence, nickPresence, statusesOf, whyLeft } from './muc.ts'
import type { Session } from './session.ts'
import { errorOf } from './stanza.ts'
import { stayInRoom } from './stay-in-room.ts'
import { within } from './within.ts'
import { type Element, ns, xml } from './xml.ts'

/** A room as the operator names it. */
export type WantedRoom = { readonly jid: Jid; readonly password: string | undefined }

/** One room that the bot wants to be in. */
export type Room = {
  readonly jid: string
  /** Our nick there: the wanted one, or with a suffix while somebody else has it. */
  readonly nick: () => string
  readonly isIn: () => boolean
  /**
   * Whether a nick is or was ours, also in an earlier life: for what the room tells of the time before. Anybody may be called
   * so; what they say counts as ours only under an id that the bot alone could make.
   */
  readonly wasOurs: (nick: string) => boolean
  readonly occupants: Occupants
  /** Why the room does not let the bot in, when a person must put that right. */
  readonly refusal: () => ServerRefused | undefined
  /** Settles when the bot is in the room and has heard its history. Rejects with `ServerRefused`, or when `signal` aborts. */
  readonly joined: (signal: AbortSignal) => Promise<void>
  /** A presence from the room. */
  readonly hear: (presence: Element) => void
  /** The room's subject came in: its history is over. */
  readonly subject: () => void
  /** Joins, and joins again, until the server has forgotten the bot. Never rejects. */
  readonly stay: (life: AbortSignal) => Promise<void>
  /**
   * Asks the room whether the bot is still in it, and joins again where it is not (XEP-0410). True when it says so; what it
   * has taken before has come back by then. Never rejects.
   */
  readonly check: () => Promise<boolean>
  /** The room says that the bot is not in it. */
  readonly isOut: (why: string) => void
}

export type RoomOptions = {
  readonly wanted: WantedRoom
  readonly nick: string
  readonly session: Session
  readonly clock: Clock
  readonly log: Log
  /** The bot is in, and has heard what was said since it was there the last time. */
  readonly onJoined: () => void
}

/** ms for a room to answer; rooms on other servers may have to be connected to first. */
const joinDeadline = 30_000
/** Seconds of history that a bot that has just started looks through for what it said in an earlier life. */
const firstHistory = 600
/** A dead connection is not noticed at once: so many seconds of history more than it was away. */
const historyMargin = 300
const nicksAtMost = 5

export const createRoom = (options: RoomOptions): Room => {
  const { wanted: { jid: { bare }, password }, nick: wantedNick, session, clock, log } = options
  const occupants = createOccupants(() => Bun.randomUUIDv7())
  const ourNicks = new Set([wantedNick])
  const gate = createGate()
  let nick = wantedNick
  let state: 'out' | 'joining' | 'in' = 'out'
  /** The life that the state belongs to. */
  let during: AbortSignal | undefined
  let refusal: ServerRefused | undefined
  let lastIn: number | undefined
  let entered = Promise.withResolvers<{ readonly isNew: boolean }>()
  let historyOver = Promise.withResolvers<void>()
  let left = Promise.withResolvers<string>()

  const become = (next: string): void => {
    nick = next
    ourNicks.add(next)
  }

  const isIn = (): boolean => state === 'in' && during?.aborted === false

  const isOut = (why: string): void => {
    if (state === 'in') lastIn = during?.aborted ? session.lostAt() : clock.monotonic()
    state = 'out'
    occupants.clear()
    left.resolve(why)
  }

  const refuse = (error: ServerRefused | undefined): void => {
    refusal = error
    if (error !== undefined) gate.refuse(error)
  }

  const hearSelf = (presence: Element, statuses: ReadonlySet<string>, resource: string): void => {
    if (presence.attrs['type'] === 'unavailable') {
      const next = presence.getChild('x', ns.mucUser)?.getChild('item')?.attrs['nick']
      if (statuses.has('303') && next !== undefined) return become(next)
      return isOut(whyLeft(presence, statuses))
    }
    become(resource)
    // XEP-0045, section 7.2.3: our own presence comes behind those of all others.
    occupants.complete()
    entered.resolve({ isNew: statuses.has('201') })
  }

  const hear = (presence: Element): void => {
    const from = readJid(presence.attrs['from'])
    if (from === undefined) return
    const error = errorOf(presence)
    if (error !== undefined) {
      // A nick that could not be had back is no reason to leave.
      if (state === 'joining') entered.reject(error)
      return
    }
    const statuses = statusesOf(presence)
    occupants.hear(from.resource, presence)
    // Status 110 marks our own presence; old servers do without.
    if (statuses.has('110') || from.resource === nick) hearSelf(presence, statuses, from.resource)
  }

  const historySeconds = (): number =>
    lastIn === undefined
      ? firstHistory
      : Math.ceil((clock.monotonic() - lastIn) / 1000) + historyMargin

  const askRoom = (): Promise<Element> =>
    session.ask('get', `${bare}/${nick}`, xml('ping', { xmlns: ns.ping }), joinDeadline)

  const enter = async (life: AbortSignal): Promise<{ readonly isNew: boolean }> => {
    for (let tries = 1;; tries++) {
      entered = Promise.withResolvers()
      session.send(joinPresence({ room: bare, nick, password, seconds: historySeconds() }))
      try {
        const how = await within(entered.promise, joinDeadline, clock, life)
        if (how !== 'late') return how
        throw new ConnectionLost(`The room did not answer within ${joinDeadline / 1000} s.`)
      } catch (error) {
        const taken = error instanceof StanzaRefused && error.condition === 'conflict'
        if (!taken || tries === nicksAtMost) throw error
        become(`${nick}_`)
      }
    }
  }

  /** A room that is new is locked until its settings are accepted. */
  const unlock = async (): Promise<void> => {
    try {
      await session.ask('set', bare, instantRoom(), joinDeadline)
      log.info('The room was not there: the bot has made it.', { room: bare })
    } catch (error) {
      if (!(error instanceof StanzaRefused)) throw error
      log.warn('The bot has made a room, and could not unlock it.', {
        room: bare,
        reason: error.message,
        advice: 'Make the room with an account of your own, and restart the bot.',
      })
    }
  }

  /**
   * Nothing may be said before the room has told what was. Its subject comes behind that, and so does, from rooms that have
   * none, the answer to a question.
   */
  const hearHistory = async (life: AbortSignal): Promise<void> => {
    const answered = askRoom().catch((error) => {
      if (!(error instanceof StanzaRefused)) throw error
    })
    answered.catch(() => {})
    const told = await within(
      Promise.any([historyOver.promise, answered]),
      joinDeadline,
      clock,
      life,
    )
    if (told === 'late') throw new ConnectionLost('The room did not tell its history.')
  }

  const join = async (life: AbortSignal): Promise<void> => {
    life.throwIfAborted()
    isOut('the connection was lost')
    state = 'joining'
    during = life
    nick = wantedNick
    left = Promise.withResolvers()
    historyOver = Promise.withResolvers()
    const { isNew } = await enter(life)
    if (isNew) await unlock()
    await hearHistory(life)
    if (state !== 'joining') throw new ConnectionLost('The bot was sent out at once.')
    state = 'in'
    refuse(undefined)
    options.onJoined()
    gate.open()
  }

  return {
    jid: bare,
    nick: () => nick,
    isIn,
    wasOurs: (other) => ourNicks.has(other) || other.replace(/_+$/, '') === wantedNick,
    occupants,
    refusal: () => refusal,
    joined: async (signal) => {
      await session.opened(signal)
      if (isIn()) return
      if (refusal !== undefined) throw refusal
      await gate.wait(signal)
    },
    hear,
    subject: () => historyOver.resolve(),
    stay: async (life) => {
      await stayInRoom({
        room: bare,
        join: () => join(life),
        left: () => left.promise,
        nick: () => nick,
        wantedNick,
        takeNickBack: () => {
          if (session.isOpen()) session.send(nickPresence(bare, wantedNick))
        },
        onRefused: (error) => {
          refuse(error)
          state = 'out'
        },
        clock,
        log,
      }, life)
      // Another life may have begun.
      if (during === life) isOut('the connection was lost')
    },
    check: async () => {
      if (!isIn() || !session.isOpen()) return false
      try {
        await askRoom()
      } catch (error) {
        if (!(error instanceof StanzaRefused)) return false
        if (saysOut.has(error.condition)) isOut('the room does not know the bot any more')
      }
      return isIn()
    },
    isOut,
  }
}

/** XEP-0410, section 3.2: any other error comes from ourselves, or says nothing about the room. */
const saysOut: ReadonlySet<string> = new Set(['item-not-found', 'not-acceptable', 'not-allowed'])
