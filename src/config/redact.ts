import type { Option } from './option.ts'

/** What stands in the place of a secret, whatever its length. */
export const masked = '********'

/** Masks what stands before the last `@`: a token stands in the place of the user as often as in that of the password. */
const maskAuthority = (authority: string): string => {
  const end = authority.lastIndexOf('@')
  return end < 0 ? authority : masked + authority.slice(end)
}

/**
 * An address alone, with or without its scheme. What should have been escaped in a password is not taken for its end: all up to the last
 * `@` is masked, even where that belongs to a path.
 */
export const maskAddress = (text: string): string => {
  const [scheme = ''] = /^\s*[a-z][a-z0-9+.-]*:\/\//i.exec(text) ?? []
  return scheme + maskAuthority(text.slice(scheme.length))
}

/**
 * Every address in a text without its user and password: `http://********@host`.
 * Linear in the text: each authority is looked at once, from its `//` to its end.
 */
export const maskUserinfo = (text: string): string => {
  if (!text.includes('://')) return text
  const [first = '', ...others] = text.split('://')
  return [
    first,
    ...others.map((rest) => {
      const end = rest.search(/[\s/?#"'<>]/)
      const authority = end < 0 ? rest : rest.slice(0, end)
      return maskAuthority(authority) + rest.slice(authority.length)
    }),
  ].join('://')
}

const maskBehind = (text: string, mark: RegExp): string =>
  text.split(',').map((raw) => {
    const item = raw.trim()
    const at = item.search(mark)
    return at < 0 ? item : item.slice(0, at + 1) + masked
  }).join(',')

/** A variable's value as it may be shown to anybody. */
export const maskValue = (option: Option, text: string): string => {
  if (option.secret) return masked
  switch (option.secretPart) {
    case 'userinfo':
      return maskAddress(text)
    case 'after-colon':
      return maskBehind(text, /:/)
    case 'after-blank':
      return maskBehind(text, /\s/)
    default:
      return text
  }
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')

/**
 * Replaces each secret in a text by `********`, the longest first, and the passwords in addresses.
 * One alternation of plain texts: a line costs one pass, and its time grows with its length alone.
 */
export const createMask = (secrets: Iterable<string>): (text: string) => string => {
  const longestFirst = [...new Set(secrets)].filter((secret) => secret !== '')
    .sort((one, other) => other.length - one.length)
  if (longestFirst.length === 0) return maskUserinfo
  const pattern = new RegExp(longestFirst.map(escaped).join('|'), 'g')
  return (text) => maskUserinfo(text.replace(pattern, masked))
}
