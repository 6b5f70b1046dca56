import type { Source } from './line.ts'

/** Whom an id means: the holder of an account, or whoever was `nick!user@host`. */
export type UserId =
  | { readonly kind: 'account'; readonly account: string; readonly nick: string }
  | { readonly kind: 'mask'; readonly mask: string; readonly nick: string }

/**
 * The id of whoever spoke. Behind an account stands the nick that they spoke under: there they are looked for first, and by
 * that a private message to it is known to be for them.
 */
export const userIdOf = (source: Source, account: string | undefined): string =>
  account === undefined
    ? `${source.nick}!${source.user ?? ''}@${source.host ?? ''}`
    : `${account} ${source.nick}`

/** Reads such an id; one of an account may be without the nick. */
export const readUserId = (id: string): UserId => {
  const [account = '', nick = account] = id.split(' ')
  const at = id.indexOf('!')
  return at < 0
    ? { kind: 'account', account, nick }
    : { kind: 'mask', mask: id, nick: id.slice(0, at) }
}
