import type { People, Person } from './people.ts'
import type { Session } from './session.ts'
import { nameOf, notThere, type Wanted } from './target.ts'
import { holderOf } from './whois.ts'

/** Whom the server has said, on this connection, to be logged in to the account that a message is for. */
export type Confirmed = { readonly person: Person; readonly session: Session }

export type Found = { readonly name: string; readonly confirmed?: Confirmed | undefined }

/**
 * What to write to, so that it reaches whom a message is for. About an account the server is asked, once for each message:
 * whoever is in none of the bot's channels leaves, and has their nick taken, unseen. Rejects with `Undeliverable` when it is not
 * known who is meant, with `RetryLater` and `ConnectionLost` as `holderOf` does.
 *
 * @param before what was found for the line before
 */
export const findTarget = async (
  wanted: Wanted,
  session: Session,
  people: People,
  before: Confirmed | undefined,
): Promise<Found> => {
  if (wanted.kind === 'channel' || wanted.kind === 'nick') return { name: wanted.name }
  if (wanted.kind === 'mask') {
    const name = nameOf(wanted, people)
    if (name === undefined) throw notThere(wanted)
    return { name }
  }
  const last = people.ofAccount(wanted.account, wanted.nick)
  if (last !== undefined && before?.person === last && before.session === session) {
    return { name: last.nick, confirmed: before }
  }
  const holder = await holderOf(session, last?.nick ?? wanted.nick)
  const person = holder === undefined ? undefined : people.spoke(holder.source, holder.account)
  const same = holder?.account !== undefined &&
    session.fold(holder.account) === session.fold(wanted.account)
  if (person === undefined || !same) throw notThere(wanted)
  return { name: person.nick, confirmed: { person, session } }
}
