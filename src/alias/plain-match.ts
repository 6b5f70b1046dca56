import type { Captures } from './backtrack.ts'
import { isBlank } from './blanks.ts'

/** Matches texts against one plain format. */
export type PlainMatcher = {
  readonly names: readonly string[]
  /** Optional placeholders with their defaults, in the format's order. */
  readonly defaults: readonly (readonly [name: string, value: string])[]
  /** The values of the first match, or undefined where there is none. For subjects that `isPlainSubject` only. */
  readonly match: (subject: string) => Captures | undefined
}

type Text = { readonly kind: 'text'; readonly text: string }
type Value = { readonly kind: 'value'; readonly name: string; readonly at: number }
/** A placeholder that may be left out, together with the blanks in front of it. */
type Optional = { readonly kind: 'optional'; readonly blanks: string; readonly value: Value }
type Part = Text | Value | Optional

/**
 * Whether a subject has nothing that gives a placeholder's value a choice, and no character in two UTF-16 units: then
 * a value is simply the shortest text that lets the rest fit.
 */
export const isPlainSubject = (subject: string): boolean => !/["'{\ud800-\udfff]/.test(subject)

/**
 * Reads a format of literal text and `{{name}}` or `{{name=default}}` in their simplest spelling, beginning with
 * literal text. Gives undefined for any other: those take the long way, by a regular expression.
 */
export function plainMatcher(format: string): PlainMatcher | undefined {
  const parts = readParts(format)
  if (parts === undefined) return undefined
  const values = parts.parts.flatMap((part) =>
    part.kind === 'value' ? [part] : part.kind === 'optional' ? [part.value] : []
  )
  const names = values.map(({ name }) => name)
  if (new Set(names).size !== names.length) return undefined
  return {
    names,
    defaults: parts.defaults,
    match: (subject) => run(parts.parts, names, subject),
  }
}

const placeholder = /\{\{ *([A-Za-z_][A-Za-z0-9_]*) *(?:= *([^ "'{}=\t-\r][^"'{}=\t-\r]*))?\}\}/y

const specials = '\\[]()*+?.^$|'

/** ASCII without what a regular expression gives a meaning, and with no other blank than the usual one. */
const isPlainText = (format: string): boolean => {
  for (const character of format) {
    if (character < ' ' || character > '~' || specials.includes(character)) return false
  }
  return true
}

type Parts = { readonly parts: readonly Part[]; readonly defaults: [string, string][] }

function readParts(format: string): Parts | undefined {
  if (!isPlainText(format) || isBlank(format.charCodeAt(0)) || format.startsWith('{')) {
    return undefined
  }
  const parts: Part[] = []
  const defaults: [string, string][] = []
  let values = 0
  let from = 0
  while (from < format.length) {
    const open = format.indexOf('{', from)
    const text = format.slice(from, open === -1 ? format.length : open)
    if (/[}=]/.test(text)) return undefined
    // The server takes "{{a}}{{b=1}}" for one placeholder of an odd name.
    if (from > 0 && open !== -1 && !text.includes(' ')) return undefined
    if (open === -1) {
      parts.push({ kind: 'text', text })
      break
    }
    placeholder.lastIndex = open
    const found = placeholder.exec(format)
    const name = found?.[1]
    if (found === null || name === undefined) return undefined
    const value: Value = { kind: 'value', name, at: values++ }
    const written = found[2]?.trimEnd()
    if (written === undefined) parts.push({ kind: 'text', text }, value)
    else {
      const kept = text.trimEnd()
      parts.push({ kind: 'text', text: kept }, {
        kind: 'optional',
        blanks: text.slice(kept.length),
        value,
      })
      defaults.push([name, written])
    }
    from = open + found[0].length
  }
  return { parts, defaults }
}

/** Where a value lies; -1 for one that took no part. */
type Places = { readonly starts: number[]; readonly ends: number[] }

/**
 * Goes through the parts as a regular expression does, in its order of preference. From a place at which a value has led nowhere,
 * and from all behind it, it leads nowhere again: so each value tries each end once, and time is linear in the subject's length.
 */
function run(
  parts: readonly Part[],
  names: readonly string[],
  subject: string,
): Captures | undefined {
  const places: Places = {
    starts: new Array(names.length).fill(-1),
    ends: new Array(names.length).fill(-1),
  }
  const hopeless: number[] = new Array(names.length).fill(Infinity)
  let first = 0
  while (first < subject.length && isBlank(subject.charCodeAt(first))) first++
  let last = subject.length
  while (last > 0 && isBlank(subject.charCodeAt(last - 1))) last--

  const takeValue = ({ at }: Value, next: number, start: number): boolean => {
    const limit = Math.min(subject.length, hopeless[at] ?? Infinity)
    for (let end = start + 1; end <= limit; end++) {
      if (go(next, end)) {
        places.starts[at] = start
        places.ends[at] = end
        return true
      }
    }
    hopeless[at] = Math.min(hopeless[at] ?? Infinity, start)
    return false
  }

  const go = (index: number, start: number): boolean => {
    const part = parts[index]
    if (part === undefined) return start >= last
    if (part.kind === 'text') {
      return subject.startsWith(part.text, start) && go(index + 1, start + part.text.length)
    }
    if (part.kind === 'value') return takeValue(part, index + 1, start)
    const { blanks, value } = part
    const taken = subject.startsWith(blanks, start) &&
      takeValue(value, index + 1, start + blanks.length)
    return taken || go(index + 1, start)
  }

  if (!go(0, first)) return undefined
  const captures = new Map<string, string | null>()
  names.forEach((name, at) => {
    const start = places.starts[at] ?? -1
    captures.set(name, start < 0 ? null : subject.slice(start, places.ends[at]))
  })
  return captures
}
