import { Undeliverable } from '../../src/chat/adapter.ts'
import type { OutgoingMessage } from '../../src/chat/message.ts'
import { isWord } from './command.ts'
import type { People } from './people.ts'
import type { Session } from './session.ts'
import { readUserId, type UserId } from './user-id.ts'

/** Longer than any network's channels or nicks (CHANNELLEN is 50 to 200); it would leave no room for text. */
const longest = 200

/** Whether a name is one receiver: a comma would make several of it, and `$` all people of a server. */
export const isReceiver = (name: string): boolean =>
  isWord(name) && !name.includes(',') && !name.startsWith('$') && Buffer.byteLength(name) <= longest

/** Whom a message is for. */
export type Wanted =
  /** `name` is what is written to: `@#ops` are the operators of the channel `#ops`. */
  | { readonly kind: 'channel'; readonly name: string; readonly channel: string }
  /** Whoever has this nick. */
  | { readonly kind: 'nick'; readonly name: string }
  | UserId

type Names = Pick<Session, 'isChannel' | 'support' | 'fold'>

/** A channel, also behind signs that mean only some of its people (STATUSMSG of RPL_ISUPPORT); undefined for all else. */
export const channelIn = (name: string, { isChannel, support }: Names): string | undefined => {
  let at = 0
  while (at < name.length && support().statusPrefixes.includes(name[at] as string)) at++
  for (const rest of [name, name.slice(at)]) if (isChannel(rest)) return rest
  return undefined
}

/** What stands in no nick, and makes another kind of receiver of a name: a server's users, a mask, the people of a channel. */
const otherThanNick = /^[#&+~$]|[!@%*?]/

const isNick = (name: string, names: Names): boolean =>
  isReceiver(name) && !otherThanNick.test(name) && channelIn(name, names) === undefined

const nobody = (reason: string): Undeliverable =>
  new Undeliverable(reason, { advice: 'Name a channel, such as #ops, or a nick.' })

/**
 * Reads whom a message is for. A name alone is that nick, whoever has it; a person who talked to the bot is meant by their id,
 * also in the private conversation that they began. Throws `Undeliverable` for what is neither a channel nor a person.
 */
export const wantedBy = ({ channel, whisper, user }: OutgoingMessage, names: Names): Wanted => {
  const person = user?.id === undefined ? undefined : readUserId(user.id)
  const place = channel.replace(/^@(?![#&+!])/, '')
  const room = whisper ? undefined : channelIn(place, names)
  if (room !== undefined && isReceiver(place)) {
    return { kind: 'channel', name: place, channel: room }
  }
  const name = whisper ? person?.nick ?? user?.name ?? '' : place
  if (isNick(name, names)) {
    return person !== undefined && names.fold(person.nick) === names.fold(name)
      ? person
      : { kind: 'nick', name }
  }
  throw nobody(
    whisper
      ? 'It is not known who the private message is for.'
      : `"${channel}" is neither a channel of IRC nor a nick.`,
  )
}

/** What to write to, as far as it is known without asking the server; undefined where it is not known who is meant. */
export const nameOf = (wanted: Wanted, people: People): string | undefined => {
  if (wanted.kind === 'account') return people.ofAccount(wanted.account, wanted.nick)?.nick
  return wanted.kind === 'mask' ? people.nickOf(wanted.mask) : wanted.name
}

/** It is not known who is meant, or it is known that they are away. */
export const notThere = ({ nick }: UserId): Undeliverable =>
  new Undeliverable(
    `Whom the private message is for has left, or somebody else has the nick ${nick} now.`,
    { advice: 'They run the command again, or somebody tells them.' },
  )
