import { Undeliverable } from '../../src/chat/adapter.ts'
import type { OutgoingMessage } from '../../src/chat/message.ts'
import { type Jid, readJid } from './jid.ts'
import { type Occupant, readUserId } from './occupants.ts'
import type { Room } from './room.ts'

/** Where a message goes, in XMPP's terms. */
export type Target =
  /** To everybody in a room. */
  | { readonly kind: 'room'; readonly room: Room }
  /** To somebody in a room, through the room. */
  | { readonly kind: 'occupant'; readonly room: Room; readonly to: string }
  | { readonly kind: 'person'; readonly to: string }

type Rooms = ReadonlyMap<string, Room>
type User = OutgoingMessage['user']

const nowhere = (channel: string): Undeliverable =>
  new Undeliverable(`"${channel}" is no address in XMPP.`, {
    advice: 'Write room@service for a room of HUBOT_XMPP_ROOMS, or user@domain for a person.',
  })

const notIn = (room: string): Undeliverable =>
  new Undeliverable(`The bot is not in the room ${room}.`, {
    advice: `Add ${room} to HUBOT_XMPP_ROOMS and restart.`,
  })

const nobody = (nick: string, room: Room): Undeliverable =>
  new Undeliverable(`There is nobody called "${nick}" in the room ${room.jid}.`, {
    advice: 'They get it when they are in the room; or name the receiver by address (user@domain).',
  })

const hasLeft = (nick: string, room: Room): Undeliverable =>
  new Undeliverable(
    `"${nick}" has left the room ${room.jid}, and it does not tell whether somebody who has the nick now is the same.`,
    {
      advice:
        'They can ask again. Where the bot is a moderator, or the room shows addresses, it finds them again.',
    },
  )

const through = (room: Room, nick: string): Target => ({
  kind: 'occupant',
  room,
  to: `${room.jid}/${nick}`,
})

/**
 * Somebody who was in a room that did not tell who they are: whoever has their nick, if that one has not come since. Throws
 * `Undeliverable`.
 */
const asKnown = (room: Room, { nick, stay }: Pick<Occupant, 'nick' | 'stay'>): Target => {
  if (!room.isIn()) return through(room, nick)
  const { occupants } = room
  const now = occupants.stayOf(nick)
  if (now !== '' && now !== stay) throw hasLeft(nick, room)
  const address = occupants.addressOf(nick)
  return address === undefined ? through(room, nick) : { kind: 'person', to: address }
}

/** The person that a user's id tells of; undefined where it does not say. Throws `Undeliverable`. */
const byId = (id: string | undefined, rooms: Rooms): Target | undefined => {
  const known = readUserId(id)
  if (known === undefined) return undefined
  if (!('stay' in known)) return { kind: 'person', to: known.bare }
  const room = rooms.get(known.room)
  if (room === undefined) throw notIn(known.room)
  return asKnown(room, known)
}

/** Somebody in a room, through it; by their own address where it is known and they have left. Throws `Undeliverable`. */
const inRoom = (room: Room, nick: string, user: User, rooms: Rooms): Target => {
  const { occupants } = room
  // Whoever wrote from there is meant, and not whoever has the nick by now.
  const asked = user?.name === nick ? byId(user.id, rooms) : undefined
  if (asked !== undefined && asked.kind !== 'person') return asked
  if (!room.isIn() && room.refusal() === undefined) return through(room, nick)
  const address = occupants.addressOf(nick)
  const meant = asked?.to ?? address
  return meant === undefined || (meant === address && occupants.has(nick))
    ? through(room, nick)
    : { kind: 'person', to: meant }
}

const placeOf = (jid: Jid, user: User, rooms: Rooms): Target => {
  const room = rooms.get(jid.bare)
  if (room !== undefined) {
    return jid.resource === '' ? { kind: 'room', room } : inRoom(room, jid.resource, user, rooms)
  }
  const isRoomService = [...rooms.keys()].some((one) => one.endsWith(`@${jid.domain}`))
  if (isRoomService) throw notIn(jid.bare)
  return { kind: 'person', to: jid.full }
}

/** The person that a whisper is for: the address that the room told, or through the room. Throws `Undeliverable`. */
const personIn = (room: Room, user: User, rooms: Rooms): Target => {
  const asked = byId(user?.id, rooms)
  if (asked !== undefined) return asked
  const nick = user?.name ?? ''
  const address = room.occupants.addressOf(nick)
  if (address !== undefined) return { kind: 'person', to: address }
  if (room.occupants.has(nick) || !room.isIn()) return through(room, nick)
  const direct = nick.includes('@') ? readJid(nick) : undefined
  if (direct !== undefined) return { kind: 'person', to: direct.bare }
  throw nobody(nick, room)
}

/**
 * Finds the place of a message, as things are: before the bot is in a room it knows nobody there, and whoever waits for the
 * room asks again. Throws `Undeliverable` for what is no place, and for a person whom nobody knows.
 */
export const targetOf = (message: OutgoingMessage, rooms: Rooms): Target => {
  const { channel, user, whisper } = message
  const jid = readJid(channel)
  if (jid === undefined || (jid.local === '' && !rooms.has(jid.bare))) throw nowhere(channel)
  const place = placeOf(jid, user, rooms)
  return whisper && place.kind === 'room' ? personIn(place.room, user, rooms) : place
}
