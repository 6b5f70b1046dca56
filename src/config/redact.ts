import type { Option } from './option.ts'

/** What stands in the place of a secret, whatever its length. */
export const masked = '********'

/** Masks the password of `user:password@host`. */
const maskAuthority = (authority: string): string => {
  const end = authority.lastIndexOf('@')
  const colon = authority.indexOf(':')
  return end < 0 || colon < 0 || colon > end
    ? authority
    : `${authority.slice(0, colon)}:${masked}${authority.slice(end)}`
}

/**
 * Every address in a text without its password: `http://user:********@host`.
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
      // A proxy may be written without its scheme.
      return text.includes('://') ? maskUserinfo(text) : maskAuthority(text)
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
