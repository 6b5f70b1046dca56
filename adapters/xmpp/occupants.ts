import { type Jid, readJid } from './jid.ts'
import { type Element, ns } from './xml.ts'

/** Who is in a room, and who they are where the room tells. */
export type Occupants = {
  readonly has: (nick: string) => boolean
  /** The bare address of somebody who is or was there. */
  readonly addressOf: (nick: string) => string | undefined
  /**
   * What tells whoever has the nick now from whoever had it before: empty for those who were there when the bot came,
   * undefined for nobody. Somebody who was there before the bot was away, and is there after it, counts as the same.
   */
  readonly stayOf: (nick: string) => string | undefined
  readonly hear: (nick: string, presence: Element) => void
  /** All who were there before the bot have been told: whoever comes now comes anew. */
  readonly complete: () => void
  /** Nobody is known to be there; addresses are remembered. */
  readonly clear: () => void
}

/** So many addresses of people who have been there. */
const rememberAtMost = 2_000

/** `newStay` gives a word that it never gives again, not even in a later life of the bot. */
export const createOccupants = (newStay: () => string): Occupants => {
  const present = new Map<string, string>()
  /** Who was there when the bot was last in the room. */
  const before = new Map<string, string>()
  const addresses = new Map<string, string>()
  let isComplete = false
  let isFirst = true

  const remember = (nick: string, address: string | undefined): void => {
    addresses.delete(nick)
    if (address === undefined) return
    addresses.set(nick, address)
    const oldest = addresses.size > rememberAtMost ? addresses.keys().next().value : undefined
    if (oldest !== undefined) addresses.delete(oldest)
  }

  const enter = (nick: string): void => {
    const wasThere = isComplete ? undefined : before.get(nick)
    present.set(nick, wasThere ?? (isFirst ? '' : newStay()))
  }

  return {
    has: (nick) => present.has(nick),
    addressOf: (nick) => addresses.get(nick),
    stayOf: (nick) => present.get(nick),
    hear: (nick, presence) => {
      if (nick === '') return
      if (presence.attrs['type'] === 'unavailable') {
        present.delete(nick)
        before.delete(nick)
        return
      }
      if (presence.attrs['type'] !== undefined) return
      if (!present.has(nick)) enter(nick)
      // Whoever has the nick now is not who had it before.
      remember(
        nick,
        readJid(presence.getChild('x', ns.mucUser)?.getChild('item')?.attrs['jid'])?.bare,
      )
    },
    complete: () => {
      isComplete = true
      isFirst = false
      before.clear()
    },
    clear: () => {
      for (const [nick, stay] of present) before.set(nick, stay)
      present.clear()
      isComplete = false
    },
  }
}

/** Somebody in a room that does not tell who people are; without a stay, one who was there when the bot came. */
export type Occupant = { readonly room: string; readonly nick: string; readonly stay: string }

/** An occupant as the id of a user: `room@service/nick#stay`. */
export const occupantId = ({ room, nick, stay }: Occupant): string => `${room}/${nick}#${stay}`

/** Reads what `occupantId` gave, or the address of a person; undefined for what is neither. */
export const readUserId = (id: string | undefined): Jid | Occupant | undefined => {
  const [, room, nick, stay = ''] = /^([^/]+)\/(.*)#([^#]*)$/s.exec(id ?? '') ?? []
  if (room !== undefined && nick !== undefined) return { room, nick, stay }
  const jid = readJid(id)
  return jid === undefined || jid.local === '' ? undefined : jid
}
