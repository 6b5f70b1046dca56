import { type CaseMapping, fold } from './names.ts'

/**
 * Who is behind a nick, as long as the bot sees them. StackStorm knows a person by account or by the nick that they had: their
 * answer must find them under the nick that they have now.
 */
export type People = {
  /** Somebody has talked to the bot, or near it. */
  readonly spoke: (nick: string, account: string | undefined) => void
  readonly renamed: (from: string, to: string) => void
  readonly left: (nick: string) => void
  /** The nick of whoever was called so: by account, or by a nick that they have changed since. */
  readonly nickOf: (name: string) => string
  /** A new connection begins with nobody; `mapping` says which names are the same. */
  readonly forget: (mapping: CaseMapping) => void
}

/** Channels of thousands talk all day: of so many people the bot knows who they are. */
const rememberAtMost = 5_000

export const createPeople = (): People => {
  let mapping: CaseMapping = 'rfc1459'
  const nicksByAccount = new Map<string, string>()
  /** A nick of before, and the one that replaced it. */
  const nicksByFormer = new Map<string, string>()
  const spoken = new Set<string>()
  const key = (name: string): string => fold(name, mapping)
  const forgetAll = (): void => {
    nicksByAccount.clear()
    nicksByFormer.clear()
    spoken.clear()
  }
  const pointing = (map: ReadonlyMap<string, string>, nick: string): readonly string[] =>
    [...map].filter(([, one]) => key(one) === key(nick)).map(([name]) => name)

  return {
    spoke: (nick, account) => {
      if (spoken.size >= rememberAtMost) forgetAll()
      spoken.add(key(nick))
      // Somebody else has this nick now.
      nicksByFormer.delete(key(nick))
      if (account !== undefined) nicksByAccount.set(key(account), nick)
    },
    renamed: (from, to) => {
      nicksByFormer.delete(key(to))
      if (!spoken.delete(key(from))) return
      spoken.add(key(to))
      for (const account of pointing(nicksByAccount, from)) nicksByAccount.set(account, to)
      for (const former of pointing(nicksByFormer, from)) nicksByFormer.set(former, to)
      if (key(from) !== key(to)) nicksByFormer.set(key(from), to)
    },
    left: (nick) => {
      if (!spoken.delete(key(nick))) return
      for (const account of pointing(nicksByAccount, nick)) nicksByAccount.delete(account)
      for (const former of pointing(nicksByFormer, nick)) nicksByFormer.delete(former)
    },
    nickOf: (name) => nicksByAccount.get(key(name)) ?? nicksByFormer.get(key(name)) ?? name,
    forget: (next) => {
      mapping = next
      forgetAll()
    },
  }
}
