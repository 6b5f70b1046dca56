import { placeholder } from './checks.ts'
import type { Option } from './option.ts'

/** Shorter ones occur in ordinary words by chance: to mask them would make the log unreadable. */
const leastLength = 4

const partsOf = (option: Option, text: string): readonly string[] => {
  if (option.secret) return [text]
  if (option.secretPart === 'userinfo') {
    // The user may be written without a scheme, and the password without escaping what ends it elsewhere.
    const password = /^(?:[^/?#@]*:\/\/)?[^/?#@:]*:([^]*)@/.exec(text)?.[1]
    return password === undefined ? [] : [password]
  }
  const mark = option.secretPart === 'after-colon' ? /:(.*)$/ : /^\S+\s+(.*)$/
  return option.secretPart === undefined
    ? []
    : text.split(',').flatMap((item) => mark.exec(item.trim())?.[1] ?? [])
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/**
 * The secrets inside one value, also as they look in a URL. Those under 4 characters are left out, and so is what the template
 * has in their place: the message about it names it.
 */
export const secretsOf = (option: Option, text: string): readonly string[] =>
  partsOf(option, text)
    .flatMap((part) => [part, part.trim(), decoded(part), encodeURIComponent(decoded(part))])
    .filter((part) => part.length >= leastLength && !part.includes(placeholder))
