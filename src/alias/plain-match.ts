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

/** Whether no character of a subject takes two UTF-16 units: a value must not end between the two. */
export const isPlainSubject = (subject: string): boolean => !/[\ud800-\udfff]/.test(subject)

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

/** The ways to read a value, in the server's order of preference: in quotes, in braces, and as it stands. */
const ways = ['single', 'double', 'brace', 'bare'] as const
type Way = (typeof ways)[number]

/** What is known of one value; -1 for a place that there is none of. */
type Search = {
  start: number
  end: number
  /** By way: from this place on no end of the value lets the rest fit. */
  readonly hopeless: Record<Way, number>
}

const isQuote = (character: string | undefined): boolean => character === '"' || character === "'"

/**
 * Goes through the parts as a regular expression does, in its order of preference. An end of a value that let the rest not fit
 * does so whatever came before it, so each value tries each end once in each way: time is linear in the subject's length.
 */
function run(
  parts: readonly Part[],
  names: readonly string[],
  subject: string,
): Captures | undefined {
  const searches = names.map((): Search => ({
    start: -1,
    end: -1,
    hopeless: { single: Infinity, double: Infinity, brace: Infinity, bare: Infinity },
  }))
  let first = 0
  while (first < subject.length && isBlank(subject.charCodeAt(first))) first++
  let last = subject.length
  while (last > 0 && isBlank(subject.charCodeAt(last - 1))) last--

  /** Whether the rest fits behind a value that ends here; a quote there may belong to it. */
  const goBehind = (next: number, end: number): boolean =>
    (isQuote(subject[end]) && go(next, end + 1)) || go(next, end)

  /** Whether a value that begins here can be read in one way, its shortest text first. */
  const tryWay = (search: Search, next: number, start: number, way: Way): boolean => {
    if (way === 'single' && subject[start - 1] !== "'") return false
    if (way === 'double' && subject[start - 1] !== '"') return false
    if (way === 'brace' && subject[start] !== '{') return false
    const shortest = way === 'brace' ? start + 3 : start + 1
    const limit = Math.min(subject.length, search.hopeless[way] - 1)
    for (let end = shortest; end <= limit; end++) {
      if (way === 'single' && subject[end] !== "'") continue
      if (way === 'double' && subject[end] !== '"') continue
      if (way === 'brace' && subject[end - 1] !== '}') continue
      if (!goBehind(next, end)) continue
      search.start = start
      search.end = end
      return true
    }
    search.hopeless[way] = Math.min(search.hopeless[way], shortest)
    return false
  }

  const takeValue = ({ at }: Value, next: number, start: number): boolean => {
    const search = searches[at]
    if (search === undefined) return false
    const within = isQuote(subject[start])
    return (within && ways.some((way) => tryWay(search, next, start + 1, way))) ||
      ways.some((way) => tryWay(search, next, start, way))
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
    const { start, end } = searches[at] ?? { start: -1, end: -1 }
    captures.set(name, start < 0 ? null : subject.slice(start, end))
  })
  return captures
}
