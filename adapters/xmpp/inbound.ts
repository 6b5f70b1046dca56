import type { ChatMessage } from '../../src/chat/message.ts'
import type { Clock } from '../../src/clock.ts'
import type { Log } from '../../src/log.ts'
import { type Jid, readJid } from './jid.ts'
import { occupantId } from './occupants.ts'
import type { Room } from './room.ts'
import { isDelayed } from './stanza.ts'
import { type Element, ns } from './xml.ts'

export type InboundOptions = {
  readonly rooms: ReadonlyMap<string, Room>
  /** Our own bare address. */
  readonly own: () => string | undefined
  readonly receive: (message: ChatMessage) => Promise<void>
  readonly clock: Clock
  readonly log: Log
}

/** Who wrote a message, and where. */
type Author = Pick<ChatMessage, 'channel' | 'user' | 'direct'>

/** In a room, people are known by their nick; who they are is known where the room tells it. */
const inRoom = (room: Room, from: Jid): Author['user'] => ({
  id: room.occupants.addressOf(from.resource) ?? occupantId({
    room: room.jid,
    nick: from.resource,
    stay: room.occupants.stayOf(from.resource) ?? '',
  }),
  name: from.resource,
})

const authorOf = (
  from: Jid,
  type: string | undefined,
  { rooms, own }: InboundOptions,
): Author | undefined => {
  const room = rooms.get(from.bare)
  if (type === 'groupchat') {
    if (room === undefined || from.resource === '' || from.resource === room.nick()) {
      return undefined
    }
    return { channel: room.jid, user: inRoom(room, from), direct: false }
  }
  if (type !== 'chat' && type !== 'direct') return undefined
  if (room !== undefined) {
    if (from.resource === '' || from.resource === room.nick()) return undefined
    return { channel: from.full, user: inRoom(room, from), direct: true }
  }
  if (from.local === '' || from.bare === own()) return undefined
  return { channel: from.bare, user: { id: from.bare, name: from.local }, direct: true }
}

/**
 * The id that the room gave the message; one that names somebody else as its author says nothing. A server that gives none
 * may leave one in that the sender wrote (XEP-0359, section 7): it harms their own message alone, which counts as one that
 * was there before. Nobody can guess the id that somebody else's message will get.
 */
const roomsId = (stanza: Element, room: string): string | undefined =>
  stanza.getChildren('stanza-id', ns.stanzaId)
    .find(({ attrs }) => readJid(attrs['by'])?.bare === room)?.attrs['id']

/**
 * Takes messages in and hands those to the bot that somebody has written just now. History, messages that waited for the
 * bot, corrections, subjects and the bot's own messages are none of them. Never throws.
 */
export const createInbound = (options: InboundOptions): (stanza: Element) => void => {
  const { receive, clock, log } = options
  let last = Promise.resolve()
  return function take(stanza) {
    const { from: sender, type } = stanza.attrs
    const from = readJid(sender)
    const text = stanza.getChild('body')?.getText() ?? ''
    if (from === undefined || text === '') return
    const author = authorOf(from, type, options)
    if (author === undefined || stanza.getChild('replace', ns.correction) !== undefined) return
    if (isDelayed(stanza)) {
      log.debug('A message that waited for the bot is not run.', { channel: author.channel })
      return
    }
    // The sender's own id proves nothing: programs begin to count anew, and people choose what they like.
    const id = roomsId(stanza, from.bare) ?? Bun.randomUUIDv7()
    const message = { id: `${from.bare}:${id}`, text, at: clock.now(), ...author }
    last = last.then(() => receive(message)).catch((error) => {
      log.error('A message could not be taken in.', {
        channel: author.channel,
        error: error instanceof Error ? error : new Error(String(error)),
      })
    })
  }
}
