import { readJid } from './jid.ts'
import { type Element, ns } from './xml.ts'

/** Who is in a room, and who they are where the room tells. */
export type Occupants = {
  readonly has: (nick: string) => boolean
  /** The bare address of somebody who is or was there. */
  readonly addressOf: (nick: string) => string | undefined
  readonly hear: (nick: string, presence: Element) => void
  /** Nobody is known to be there; addresses are remembered. */
  readonly clear: () => void
}

/** So many addresses of people who have been there. */
const rememberAtMost = 2_000

export const createOccupants = (): Occupants => {
  const present = new Set<string>()
  const addresses = new Map<string, string>()

  const remember = (nick: string, address: string | undefined): void => {
    addresses.delete(nick)
    if (address === undefined) return
    addresses.set(nick, address)
    const oldest = addresses.size > rememberAtMost ? addresses.keys().next().value : undefined
    if (oldest !== undefined) addresses.delete(oldest)
  }

  return {
    has: (nick) => present.has(nick),
    addressOf: (nick) => addresses.get(nick),
    hear: (nick, presence) => {
      if (nick === '') return
      if (presence.attrs['type'] === 'unavailable') return void present.delete(nick)
      if (presence.attrs['type'] !== undefined) return
      present.add(nick)
      // Whoever has the nick now is not who had it before.
      remember(
        nick,
        readJid(presence.getChild('x', ns.mucUser)?.getChild('item')?.attrs['jid'])?.bare,
      )
    },
    clear: () => present.clear(),
  }
}
