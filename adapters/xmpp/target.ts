import { Undeliverable } from '../../src/chat/adapter.ts'
import type { OutgoingMessage } from '../../src/chat/message.ts'
import { type Jid, readJid } from './jid.ts'
import type { Room } from './room.ts'

/** Where a message goes, in XMPP's terms. */
export type Target =
  /** To everybody in a room. */
  | { readonly kind: 'room'; readonly room: Room }
  /** To somebody in a room, through the room. */
  | { readonly kind: 'occupant'; readonly room: Room; readonly to: string }
  | { readonly kind: 'person'; readonly to: string }

const nowhere = (channel: string): Undeliverable =>
  new Undeliverable(`"${channel}" is no address in XMPP.`, {
    advice: 'Write room@service for a room of HUBOT_XMPP_ROOMS, or user@domain for a person.',
  })

/** Somebody in a room: by their own address where it is known and they have left, else through the room. */
const inRoom = (room: Room, nick: string): Target => {
  const address = room.occupants.addressOf(nick)
  return !room.occupants.has(nick) && address !== undefined
    ? { kind: 'person', to: address }
    : { kind: 'occupant', room, to: `${room.jid}/${nick}` }
}

const placeOf = (jid: Jid, rooms: ReadonlyMap<string, Room>): Target => {
  const room = rooms.get(jid.bare)
  if (room !== undefined) {
    return jid.resource === '' ? { kind: 'room', room } : inRoom(room, jid.resource)
  }
  const isRoomService = [...rooms.keys()].some((one) => one.endsWith(`@${jid.domain}`))
  if (isRoomService) {
    throw new Undeliverable(`The bot is not in the room ${jid.bare}.`, {
      advice: `Add ${jid.bare} to HUBOT_XMPP_ROOMS and restart.`,
    })
  }
  return { kind: 'person', to: jid.full }
}

/** The person that a whisper is for: the address that the room told, or through the room. */
const personIn = (room: Room, { user }: OutgoingMessage): Target => {
  const { id, name } = user ?? { name: '' }
  const known = readJid(id)
  if (known !== undefined && known.bare !== room.jid) return { kind: 'person', to: known.bare }
  const nick = known?.resource || name
  const address = room.occupants.addressOf(nick)
  if (address !== undefined) return { kind: 'person', to: address }
  if (room.occupants.has(nick)) return { kind: 'occupant', room, to: `${room.jid}/${nick}` }
  const direct = nick.includes('@') ? readJid(nick) : undefined
  if (direct !== undefined) return { kind: 'person', to: direct.bare }
  throw new Undeliverable(`There is nobody called "${nick}" in the room ${room.jid}.`, {
    advice: 'They get it when they are in the room; or name the receiver by address (user@domain).',
  })
}

/** Finds the place of a message. Throws `Undeliverable` for what is no place, and for a person whom nobody knows. */
export const targetOf = (message: OutgoingMessage, rooms: ReadonlyMap<string, Room>): Target => {
  const jid = readJid(message.channel)
  if (jid === undefined || (jid.local === '' && !rooms.has(jid.bare))) {
    throw nowhere(message.channel)
  }
  const place = placeOf(jid, rooms)
  return message.whisper && place.kind === 'room' ? personIn(place.room, message) : place
}
