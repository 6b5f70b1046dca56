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
  const read = readParts(format)
  if (read === undefined) return undefined
  const { parts, names, defaults } = read
  return { names, defaults, match: (subject) => run(parts, names, subject) }
}

const placeholder = /\{\{ *([A-Za-z_][A-Za-z0-9_]*) *(?:= *([^ "'{}=\t-\r][^"'{}=\t-\r]*))?\}\}/y

/**
 * ASCII without what a regular expression gives a meaning, and with no other blank than the usual one; it begins with neither a blank nor
 * a placeholder.
 */
const plainText = /^(?:[!"#%&',/0-9:;<=>@A-Z_`a-z~-][ !"#%&',/0-9:;<=>@A-Z_`a-z{}~-]*)?$/

type Read = {
  readonly parts: readonly Part[]
  readonly names: readonly string[]
  readonly defaults: readonly (readonly [name: string, value: string])[]
}

/** Native searches do the work: each format is read once, and the JIT has never seen this. */
function readParts(format: string): Read | undefined {
  if (!plainText.test(format)) return undefined
  const parts: Part[] = []
  const names: string[] = []
  const defaults: [string, string][] = []
  let from = 0
  while (from < format.length) {
    const open = format.indexOf('{', from)
    const text = format.slice(from, open === -1 ? format.length : open)
    if (text.includes('}') || text.includes('=')) return undefined
    // The server takes "{{a}}{{b=1}}" for one placeholder of an odd name.
    if (from > 0 && open !== -1 && !text.includes(' ')) return undefined
    if (open === -1) {
      parts.push({ kind: 'text', text })
      break
    }
    placeholder.lastIndex = open
    const found = placeholder.exec(format)
    const name = found?.[1]
    if (found === null || name === undefined || names.includes(name)) return undefined
    const value: Value = { kind: 'value', name, at: names.push(name) - 1 }
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
  return { parts, names, defaults }
}

/** The ways to read a value, in the server's order of preference: in quotes, in braces, and as it stands. */
type Way = 'single' | 'double' | 'brace' | 'bare'

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

  /**
   * The first place from `from` on at which a value may end so that what stands next could follow, a quote between the two included: a
   * native search, where the tries themselves would each be a step of ours. -1: there is none.
   */
  const nextEnd = (next: number, from: number): number => {
    const part = parts[next]
    if (part === undefined) return Math.max(from, last - 1)
    // Every value is followed by text, be it the empty one, which fits everywhere.
    if (part.kind !== 'text' || part.text === '') return from
    const place = subject.indexOf(part.text, from)
    return place > from && isQuote(subject[place - 1]) ? place - 1 : place
  }

  /** Whether a value that begins here can be read in one way, its shortest text first. */
  const tryWay = (search: Search, next: number, start: number, way: Way): boolean => {
    if (way === 'single' && subject[start - 1] !== "'") return false
    if (way === 'double' && subject[start - 1] !== '"') return false
    if (way === 'brace' && subject[start] !== '{') return false
    const shortest = way === 'brace' ? start + 3 : start + 1
    const limit = Math.min(subject.length, search.hopeless[way] - 1)
    let end = shortest <= limit ? nextEnd(next, shortest) : -1
    for (; end !== -1 && end <= limit; end = nextEnd(next, end + 1)) {
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

  const tryWays = (search: Search, next: number, start: number): boolean =>
    tryWay(search, next, start, 'single') || tryWay(search, next, start, 'double') ||
    tryWay(search, next, start, 'brace') || tryWay(search, next, start, 'bare')

  const takeValue = ({ at }: Value, next: number, start: number): boolean => {
    const search = searches[at]
    if (search === undefined) return false
    const within = isQuote(subject[start])
    return (within && tryWays(search, next, start + 1)) || tryWays(search, next, start)
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
  for (const [at, name] of names.entries()) {
    const { start, end } = searches[at] ?? { start: -1, end: -1 }
    captures.set(name, start < 0 ? null : subject.slice(start, end))
  }
  return captures
}
