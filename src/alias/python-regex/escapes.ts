import type { ClassLetter, Node, SetItem } from './nodes.ts'
import { lengthOf, type PatternError, type Tokens } from './tokens.ts'

const octal = '01234567'
const decimal = '0123456789'
const hexadecimal = '0123456789abcdefABCDEF'

const control: Readonly<Record<string, number>> = {
  '\\a': 7,
  '\\b': 8,
  '\\f': 12,
  '\\n': 10,
  '\\r': 13,
  '\\t': 9,
  '\\v': 11,
  '\\\\': 92,
}

const places: Readonly<Record<string, Node>> = {
  '\\A': { op: 'at', place: 'beginning-string' },
  '\\b': { op: 'at', place: 'boundary' },
  '\\B': { op: 'at', place: 'inside' },
  '\\Z': { op: 'at', place: 'end-string' },
}

const classLetters = 'dDsSwW'

const letterOf = (escape: string): ClassLetter | undefined =>
  classLetters.includes(escape.charAt(1)) ? escape.charAt(1) as ClassLetter : undefined

/** What the escape code needs to know of the groups read so far. */
export type Groups = {
  readonly count: () => number
  readonly isOpen: (index: number) => boolean
  readonly checkLookbehind: (index: number) => void
}

/** An escape outside of a set: a place, a class, a character or a back-reference. Throws PatternError. */
export function readEscape(tokens: Tokens, escape: string, groups: Groups): Node {
  const place = places[escape]
  if (place !== undefined) return place
  const letter = letterOf(escape)
  if (letter !== undefined) {
    return { op: 'set', negated: false, items: [{ kind: 'class', letter }] }
  }
  const code = control[escape] ?? codeEscape(tokens, escape)
  if (code !== undefined) return { op: 'literal', code }
  const first = escape.charAt(1)
  if (first === '0') {
    return { op: 'literal', code: parseInt(first + tokens.takeWhile(2, octal), 8) }
  }
  if (decimal.includes(first)) return readReference(tokens, first, groups)
  return { op: 'literal', code: selfEscape(tokens, escape) }
}

/** An escape inside `[...]`. Throws PatternError. */
export function readSetEscape(tokens: Tokens, escape: string): SetItem {
  const letter = letterOf(escape)
  if (letter !== undefined) return { kind: 'class', letter }
  const code = control[escape] ?? codeEscape(tokens, escape)
  if (code !== undefined) return { kind: 'range', from: code, to: code }
  const first = escape.charAt(1)
  if (octal.includes(first)) {
    const digits = first + tokens.takeWhile(2, octal)
    const value = checkOctal(tokens, digits)
    return { kind: 'range', from: value, to: value }
  }
  if (decimal.includes(first)) throw badEscape(tokens, escape)
  const own = selfEscape(tokens, escape)
  return { kind: 'range', from: own, to: own }
}

/** `\xHH`, `\uHHHH`, `\UHHHHHHHH`, `\N{NAME}`; undefined if it is none of these. */
function codeEscape(tokens: Tokens, escape: string): number | undefined {
  const digits = { '\\x': 2, '\\u': 4, '\\U': 8 }[escape]
  if (digits !== undefined) {
    const value = tokens.takeWhile(digits, hexadecimal)
    const whole = escape + value
    if (value.length !== digits) throw tokens.error(`incomplete escape ${whole}`, whole.length)
    const code = parseInt(value, 16)
    if (code > 0x10ffff) throw badEscape(tokens, whole)
    return code
  }
  if (escape !== '\\N') return undefined
  if (!tokens.match('{')) throw tokens.error('missing {')
  const name = tokens.takeUntil('}', 'character name')
  // The table of Unicode names is megabytes; no known alias uses one.
  throw tokens.error(`undefined character name '${name}'`, lengthOf(name) + 4)
}

function readReference(tokens: Tokens, first: string, groups: Groups): Node {
  let digits = first
  if (tokens.next !== undefined && decimal.includes(tokens.next)) {
    digits += tokens.get()
    const third = tokens.next
    if (
      octal.includes(digits.charAt(0)) && octal.includes(digits.charAt(1)) &&
      third !== undefined && octal.includes(third)
    ) {
      tokens.get()
      return { op: 'literal', code: checkOctal(tokens, digits + third) }
    }
  }
  const index = Number(digits)
  if (index >= groups.count()) {
    throw tokens.error(`invalid group reference ${index}`, digits.length)
  }
  if (groups.isOpen(index)) {
    throw tokens.error('cannot refer to an open group', digits.length + 1)
  }
  groups.checkLookbehind(index)
  return { op: 'backreference', index }
}

function checkOctal(tokens: Tokens, digits: string): number {
  const value = parseInt(digits, 8)
  if (value <= 0o377) return value
  throw tokens.error(
    `octal escape value \\${digits} outside of range 0-0o377`,
    digits.length + 1,
  )
}

function selfEscape(tokens: Tokens, escape: string): number {
  if (/^\\[a-zA-Z]$/.test(escape)) throw badEscape(tokens, escape)
  return escape.codePointAt(1) ?? 0
}

const badEscape = (tokens: Tokens, escape: string): PatternError =>
  tokens.error(`bad escape ${escape}`, lengthOf(escape))
