import type { Clock } from '../../src/clock.ts'
import type { Log } from '../../src/log.ts'
import { fullJitter } from '../../src/net/backoff.ts'
import { joinsOf } from './joins.ts'
import type { IrcLine } from './line.ts'
import { type RoomRefusal, roomRefusalOf } from './refusals.ts'
import type { Session } from './session.ts'
import type { WantedRoom } from './setup.ts'
import { isReceiver } from './target.ts'

/** How the bot stands to a channel. */
export type Standing =
  | { readonly kind: 'in' | 'on the way' | 'not a room of ours' }
  | { readonly kind: 'refused'; readonly refusal: RoomRefusal }

/** The channels that the bot is in or wants to be in; they are the same on each connection. */
export type Rooms = {
  /** Joins all of them on a new connection, and keeps trying there. Settles when each has an answer, or a while has passed. */
  readonly enter: (session: Session) => Promise<void>
  readonly standing: (channel: string) => Standing
  /** The channel in the spelling in which it was joined. */
  readonly nameOf: (channel: string) => string
}

type Room = WantedRoom & {
  name: string
  /** Whoever is shown out of a channel that the operator did not name stays out. */
  readonly wanted: boolean
  joined: boolean
  joinedAt: number
  refusal: RoomRefusal | undefined
  failures: number
  trying: boolean
}

export type RoomsOptions = {
  readonly wanted: readonly WantedRoom[]
  readonly followsInvitations: boolean
  readonly clock: Clock
  readonly log: Log
}

/** From a second after the first kick to five minutes for a ban that stays; ms. */
const retries = { initial: 1_000, cap: 300_000 }
/** Whoever was in for so long was not shown out at once; ms. */
const proof = 60_000
/** How long a start waits for the answers of channels; ms. */
const patience = 10_000
/** A JOIN may be lost without an answer, such as one for more channels than the server reads: they are looked at so often; ms. */
const lookAgain = 60_000
/** Anybody can invite a bot, and go on with it. */
const mostInvitations = 50

const keyFirst = (a: WantedRoom, b: WantedRoom): number =>
  Number(b.key !== undefined) - Number(a.key !== undefined)

export const createRooms = ({ wanted, followsInvitations, clock, log }: RoomsOptions): Rooms => {
  const open = (name: string, key: string | undefined, isWanted: boolean): Room => ({
    name,
    key,
    wanted: isWanted,
    joined: false,
    joinedAt: 0,
    refusal: undefined,
    failures: 0,
    trying: false,
  })
  let fold = (name: string): string => name.toLowerCase()
  let rooms = new Map<string, Room>()
  const find = (name: string | undefined): Room | undefined =>
    name === undefined ? undefined : rooms.get(fold(name))
  const add = (room: Room): Room => {
    const known = find(room.name)
    if (known === undefined) rooms.set(fold(room.name), room)
    return known ?? room
  }
  // A key is for the channel at its place: channels with keys are joined first, and one that is named twice has its key.
  for (const { name, key } of wanted.toSorted(keyFirst)) add(open(name, key, true))

  const remove = (room: Room): void => {
    if (!room.wanted) rooms.delete(fold(room.name))
  }

  const tryAgain = async (session: Session, room: Room): Promise<void> => {
    if (room.trying) return
    room.trying = true
    try {
      await clock.sleep(fullJitter(++room.failures, clock, retries), session.signal)
      if (!room.joined && find(room.name) === room) session.wire.write(...joinsOf([room], 1))
    } catch {
      // The connection is over: the next one joins again.
    } finally {
      room.trying = false
    }
  }

  const lookAfter = async (session: Session): Promise<void> => {
    for (;;) {
      await clock.sleep(lookAgain, session.signal)
      for (const room of rooms.values()) {
        if (room.wanted && !room.joined) void tryAgain(session, room)
      }
    }
  }

  const onRefused = (session: Session, room: Room, refusal: RoomRefusal, words: string): void => {
    const isNews = room.refusal?.reason !== refusal.reason
    room.refusal = refusal
    const { reason, advice } = refusal
    const say = isNews ? log.warn : log.debug
    say(`The bot cannot join a channel: ${reason}.`, { channel: room.name, server: words, advice })
    void tryAgain(session, room)
  }

  /** It does not say for which channels. */
  const onBusy = (session: Session, words: string): void => {
    const refusal = roomRefusalOf('263')
    for (const room of rooms.values()) {
      const isOpen = room.wanted && !room.joined && room.refusal === undefined
      if (isOpen && refusal !== undefined) onRefused(session, room, refusal, words)
    }
  }

  const onOut = (session: Session, room: Room, how: string, words: string | undefined): void => {
    room.joined = false
    if (clock.monotonic() - room.joinedAt >= proof) room.failures = 0
    log.warn(`The bot was ${how} a channel.`, {
      channel: room.name,
      reason: words,
      advice: room.wanted ? 'It joins again.' : 'It joins again when it is invited.',
    })
    if (room.wanted) void tryAgain(session, room)
    else remove(room)
  }

  const onJoined = (name: string): void => {
    const room = add(open(name, undefined, false))
    if (room.refusal !== undefined) log.info('The bot is in the channel now.', { channel: name })
    room.name = name
    room.joined = true
    room.joinedAt = clock.monotonic()
    room.refusal = undefined
  }

  const onInvited = (session: Session, by: string, name: string): void => {
    const known = find(name)
    // Whoever invites writes the name: "0" would be all channels left, a comma several.
    if (known?.joined || !session.isChannel(name) || !isReceiver(name)) return
    if (!followsInvitations) {
      return log.debug('An invitation was not followed.', { by, channel: name })
    }
    if (known === undefined && rooms.size >= wanted.length + mostInvitations) {
      return log.warn('The bot is in too many channels to follow an invitation.', {
        by,
        channel: name,
      })
    }
    log.info('The bot was invited to a channel.', { by, channel: name })
    session.wire.write(...joinsOf([add(open(name, undefined, false))], 1))
  }

  const hear = (session: Session, { command: verb, source, params }: IrcLine): void => {
    const ours = (nick: string | undefined) => nick !== undefined && session.isMe(nick)
    const [first, second, third] = params
    if (verb === 'JOIN' && ours(source?.nick)) return onJoined(first ?? '')
    if (verb === 'INVITE' && ours(first) && second !== undefined) {
      return onInvited(session, source?.nick ?? '', second)
    }
    if (verb === '263' && second === 'JOIN') return onBusy(session, third ?? '')
    const refusal = roomRefusalOf(verb)
    const room = find(verb === 'KICK' || verb === 'PART' ? first : second)
    if (room === undefined) return
    if (verb === 'KICK' && ours(second)) onOut(session, room, 'kicked from', third)
    else if (verb === 'PART' && ours(source?.nick)) onOut(session, room, 'taken out of', second)
    else if (refusal !== undefined && !room.joined) {
      if (room.wanted) onRefused(session, room, refusal, params.at(-1) ?? '')
      else remove(room)
    }
  }

  return {
    enter: async (session) => {
      const before = [...rooms.values()]
      fold = session.fold
      rooms = new Map()
      for (const room of before) {
        room.joined = false
        room.failures = 0
        add(room)
      }
      const { promise: settled, resolve } = Promise.withResolvers<void>()
      const look = (): void => {
        const all = [...rooms.values()]
        if (all.every(({ joined, refusal }) => joined || refusal !== undefined)) resolve()
      }
      session.wire.listen((line) => {
        hear(session, line)
        look()
      })
      session.wire.write(...joinsOf([...rooms.values()], session.support().joinTargets))
      look()
      const waiting = new AbortController()
      const limit = clock.sleep(patience, AbortSignal.any([session.signal, waiting.signal]))
      await Promise.race([settled, limit]).catch(() => {})
      waiting.abort()
      limit.catch(() => {})
      void lookAfter(session).catch(() => {})
    },
    standing: (channel) => {
      const room = find(channel)
      if (room === undefined) return { kind: 'not a room of ours' }
      if (room.joined) return { kind: 'in' }
      const { refusal } = room
      return refusal === undefined || refusal.passing
        ? { kind: 'on the way' }
        : { kind: 'refused', refusal }
    },
    nameOf: (channel) => find(channel)?.name ?? channel,
  }
}
