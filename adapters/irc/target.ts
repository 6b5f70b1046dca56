import { Undeliverable } from '../../src/chat/adapter.ts'
import type { OutgoingMessage } from '../../src/chat/message.ts'
import { isWord } from './command.ts'
import type { People } from './people.ts'
import type { Session } from './session.ts'

/** Longer than any network's channels or nicks (CHANNELLEN is 50 to 200); it would leave no room for text. */
const longest = 200

/** Whether a name is one receiver: a comma would make several of it, and `$` all people of a server. */
export const isReceiver = (name: string): boolean =>
  isWord(name) && !name.includes(',') && !name.startsWith('$') && Buffer.byteLength(name) <= longest

/** The nick in an id that we made of `nick!user@host`. */
const nickIn = (id: string | undefined): string | undefined =>
  id?.includes('!') ? id.slice(0, id.indexOf('!')) : undefined

/**
 * Where a message goes: a channel, or the nick that somebody has now. Throws `Undeliverable` for what is neither.
 */
export const targetOf = (
  { channel, whisper, user }: OutgoingMessage,
  session: Session,
  people: People,
): string => {
  const wanted = whisper ? nickIn(user?.id) ?? user?.name ?? '' : channel.replace(/^@(?!#)/, '')
  const name = session.isChannel(wanted) ? wanted : people.nickOf(wanted)
  if (isReceiver(name) && !(whisper && session.isChannel(name))) return name
  throw new Undeliverable(
    whisper
      ? 'It is not known who the private message is for.'
      : `"${channel}" is neither a channel of IRC nor a nick.`,
    { advice: 'Name a channel, such as #ops, or a nick.' },
  )
}
