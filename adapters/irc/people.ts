import type { Source } from './line.ts'
import { type CaseMapping, fold } from './names.ts'

/** Somebody on the network, for as long as the bot can tell that it is the same one. */
export type Person = {
  /** Under which they were seen last. */
  readonly nick: string
}

/**
 * Who was seen behind which nick. A nick is anybody's, one after the other: what is meant for one person must not reach whoever
 * has their nick now, and not whoever has an account of that name.
 */
export type People = {
  /** They talked, or came into a channel, or the server told who they are. */
  readonly seen: (source: Source) => Person | undefined
  /** The same, and the server vouches for the account; undefined: they are not logged in. */
  readonly spoke: (source: Source, account: string | undefined) => Person | undefined
  readonly renamed: (source: Source, to: string) => void
  readonly left: (source: Source) => void
  /**
   * The nick of whoever was `nick!user@host` once. Who has not been seen since is taken to be there still; undefined for who has
   * left, and where somebody else was seen with the nick.
   */
  readonly nickOf: (mask: string) => string | undefined
  /**
   * Who was seen to be logged in to an account: whoever has `nick`, if it is theirs, else the last one. They may have left where
   * the bot sees nobody.
   */
  readonly ofAccount: (account: string, nick: string) => Person | undefined
  /** How the network compares names. It stays the same from one connection to the next, and so do the people. */
  readonly compareBy: (mapping: CaseMapping) => void
}

/** Of so many people the bot knows who they are; channels of thousands talk all day. */
const rememberAtMost = 5_000
/** Names that one person is remembered by. */
const mostNames = 20

type Known = {
  nick: string
  /** `user@host` */
  place: string
  /** Each `nick!user@host` that they were, folded. */
  masks: string[]
  account: string | undefined
  gone: boolean
}

const placeOf = ({ user, host }: Source): string | undefined =>
  user === undefined || host === undefined ? undefined : `${user}@${host}`

/** Takes a `nick!user@host` apart. */
const split = (mask: string): readonly [nick: string, place: string] => {
  const at = mask.indexOf('!')
  return [mask.slice(0, at), mask.slice(at + 1)]
}

export const createPeople = (): People => {
  let mapping: CaseMapping = 'rfc1459'
  /** Whoever was heard of last is at the end. */
  const all = new Set<Known>()
  const byNick = new Map<string, Known>()
  const byMask = new Map<string, Known>()
  const byAccount = new Map<string, Known>()
  const key = (name: string): string => fold(name, mapping)
  const maskKey = (nick: string, place: string): string => `${key(nick)}!${place}`

  const remove = (map: Map<string, Known>, name: string, person: Known): void => {
    if (map.get(name) === person) map.delete(name)
  }

  const logOut = (person: Known): void => {
    if (person.account !== undefined) remove(byAccount, key(person.account), person)
    person.account = undefined
  }

  /** Their masks stay: whoever has the nick from now on is somebody else. */
  const leave = (person: Known): void => {
    person.gone = true
    remove(byNick, key(person.nick), person)
    logOut(person)
  }

  const forget = (person: Known): void => {
    leave(person)
    for (const mask of person.masks) remove(byMask, mask, person)
    all.delete(person)
  }

  const touch = (person: Known): void => {
    all.delete(person)
    all.add(person)
    const [oldest] = all
    if (all.size > rememberAtMost && oldest !== undefined) forget(oldest)
  }

  const call = (person: Known, nick: string): void => {
    const before = byNick.get(key(nick))
    if (before !== undefined && before !== person) leave(before)
    person.nick = nick
    byNick.set(key(nick), person)
    const mask = maskKey(nick, person.place)
    byMask.set(mask, person)
    person.masks = [...person.masks.filter((one) => one !== mask), mask]
    const spare = person.masks.length > mostNames ? person.masks.shift() : undefined
    if (spare !== undefined) remove(byMask, spare, person)
  }

  const meet = (source: Source): Known | undefined => {
    const place = placeOf(source)
    const holder = byNick.get(key(source.nick))
    if (place === undefined) return holder
    const person = holder?.place === place
      ? holder
      : { nick: source.nick, place, masks: [], account: undefined, gone: false }
    call(person, source.nick)
    touch(person)
    return person
  }

  return {
    seen: meet,
    spoke: (source, account) => {
      const person = meet(source)
      if (person === undefined || person.account === account) return person
      logOut(person)
      person.account = account
      if (account !== undefined) byAccount.set(key(account), person)
      return person
    },
    renamed: (source, to) => {
      const person = meet(source)
      if (person === undefined) return
      remove(byNick, key(source.nick), person)
      call(person, to)
    },
    left: (source) => {
      const person = meet(source)
      if (person !== undefined) leave(person)
    },
    nickOf: (mask) => {
      const [nick, place] = split(mask)
      const person = byMask.get(maskKey(nick, place))
      if (person !== undefined && !person.gone) return person.nick
      const holder = byNick.get(key(nick))
      const isFree = holder === undefined && person === undefined
      return isFree || holder?.place === place ? nick : undefined
    },
    ofAccount: (account, nick) => {
      const holder = byNick.get(key(nick))
      const isTheirs = holder?.account !== undefined && key(holder.account) === key(account)
      return isTheirs ? holder : byAccount.get(key(account))
    },
    compareBy: (next) => {
      if (next === mapping) return
      mapping = next
      for (const one of [...all]) forget(one)
    },
  }
}
