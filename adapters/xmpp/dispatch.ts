import type { Log } from '../../src/log.ts'
import { answerIq, answerPresence } from './answer.ts'
import type { Flights } from './flights.ts'
import { readJid } from './jid.ts'
import type { Room } from './room.ts'
import { errorOf, isDelayed } from './stanza.ts'
import { type Element, ns } from './xml.ts'

export type DispatchOptions = {
  readonly rooms: ReadonlyMap<string, Room>
  readonly flights: Flights
  /** Takes messages of people. */
  readonly take: (message: Element) => void
  readonly answer: (stanza: Element) => void
  readonly log: Log
}

/** Brings each stanza to whom it is for. Never throws. */
export const createDispatch = (options: DispatchOptions): (stanza: Element) => void => {
  const { rooms, flights, take, answer, log } = options

  const hearError = (message: Element): void => {
    const error = errorOf(message)
    if (error === undefined || flights.refused(message.attrs['id'] ?? '', error)) return
    log.warn('A message came back.', { from: message.attrs['from'], reason: error.message })
  }

  /** What a room says to everybody in it, and so to us: its subject, and our own words. */
  const hearRoom = (room: Room, message: Element, nick: string): void => {
    const body = message.getChild('body')?.getText()
    if (message.getChild('subject') !== undefined && body === undefined) room.subject()
    const isOld = isDelayed(message)
    if (body === undefined || !(isOld ? room.wasOurs(nick) : nick === room.nick())) return
    const origin = message.getChild('origin-id', ns.stanzaId)?.attrs['id']
    const ids = [message.attrs['id'], origin].filter((id) => id !== undefined)
    flights.reflected({ room: room.jid, ids, body, isOld })
  }

  const hearMessage = (room: Room | undefined, message: Element, nick: string): void => {
    const { type } = message.attrs
    if (type === 'error') return hearError(message)
    if (room !== undefined && type === 'groupchat') hearRoom(room, message, nick)
    take(message)
  }

  const bring = (stanza: Element): void => {
    const from = readJid(stanza.attrs['from'])
    const room = from === undefined ? undefined : rooms.get(from.bare)
    if (stanza.is('message')) return hearMessage(room, stanza, from?.resource ?? '')
    if (room !== undefined && stanza.is('presence')) return room.hear(stanza)
    const reply = stanza.is('iq') ? answerIq(stanza) : answerPresence(stanza)
    if (reply !== undefined) answer(reply)
  }

  return function dispatch(stanza) {
    try {
      bring(stanza)
    } catch (error) {
      log.error('A stanza could not be taken in.', {
        from: stanza.attrs['from'],
        error: error instanceof Error ? error : new Error(String(error)),
      })
    }
  }
}
