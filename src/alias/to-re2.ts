import { blankSet } from './blanks.ts'
import { placeholderAt, placeholderNodes } from './placeholder.ts'
import { flagBits, type Node, type SetItem, type Tree, unlimited } from './python-regex/nodes.ts'
import { firstOf, flagsInside, isNullable, lastOf, quoteBits } from './quotes.ts'

/** A format that RE2 cannot express; `reason` names the construct. */
export class Inexpressible extends Error {
  override readonly name = 'Inexpressible'
}

/** A pattern for re2js, which is to be compiled with DOTALL. */
export type Re2Source = {
  readonly pattern: string
  /** The name of each capturing group. One name may have several groups, of which one takes part. */
  readonly captures: readonly string[]
  readonly lookbehind: boolean
  /** RE2 and Python agree on this pattern for ASCII text only: `\b` and letter case differ beyond. */
  readonly asciiOnly: boolean
}

/** Which characters a text holds that give a placeholder's value a choice. */
export type Marks = { readonly single: boolean; readonly double: boolean; readonly brace: boolean }

/** The marks of a text. */
export const marksOf = (text: string): Marks => ({
  single: text.includes("'"),
  double: text.includes('"'),
  brace: text.includes('{'),
})

/**
 * Writes a tree for RE2 so that it gives Python's answer on every text that has no other marks than `marks`.
 * Fewer marks make a smaller and faster pattern. Throws Inexpressible.
 */
export function toRe2(tree: Tree, marks: Marks): Re2Source {
  const writer: Writer = { captures: [], lookbehind: false, asciiOnly: false, marks }
  const around = { flags: tree.flags | flagBits.s, before: quoteBits.any, after: quoteBits.any }
  const pattern = writeSequence(writer, tree.nodes, around)
  const { captures, lookbehind, asciiOnly } = writer
  return { pattern, captures, lookbehind, asciiOnly }
}

type Writer = {
  readonly captures: string[]
  readonly marks: Marks
  lookbehind: boolean
  asciiOnly: boolean
}

type Around = { readonly flags: number; readonly before: number; readonly after: number }

function writeSequence(writer: Writer, nodes: readonly Node[], around: Around): string {
  let written = ''
  for (let at = 0; at < nodes.length; at++) {
    const name = placeholderAt(nodes, at)
    const width = name === undefined ? 1 : placeholderNodes
    const here = {
      flags: around.flags,
      before: lastOf(nodes.slice(0, at), around.before),
      after: firstOf(nodes.slice(at + width), around.after),
    }
    const node = nodes[at]
    if (name !== undefined) written += writePlaceholder(writer, name, here)
    else if (node !== undefined) written += writeNode(writer, node, here)
    at += width - 1
  }
  return written
}

/**
 * A placeholder as alternatives in the server's order of preference: a quote in front is taken if there is one; the value is the
 * shortest text up to the same quote, else the shortest `{...}`, else the shortest text.
 */
function writePlaceholder(writer: Writer, name: string, around: Around): string {
  const { marks } = writer
  const any = (around.flags & flagBits.s) === 0 ? '[^\\n]' : '.'
  const capture = (value: string) => {
    writer.captures.push(name)
    return `(${value})`
  }
  const quotes = `${marks.double ? '"' : ''}${marks.single ? "'" : ''}`
  const closing = quotes === '' ? '' : `[${quotes}]?`
  const quoted = (quote: '"' | "'") => {
    const bit = quote === '"' ? quoteBits.double : quoteBits.single
    if ((around.after & bit) === 0) return capture(`${any}+?`) + quote
    // Whatever follows begins with this very quote, so the value's own closing quote may be missing.
    if (around.after === bit) return `${capture(`${any}+?`)}${quote}?`
    throw new Inexpressible('a placeholder beside something that may or may not be a quote')
  }
  const unquoted = () => [
    ...(marks.brace ? [`${capture(`\\{${any}+?\\}`)}${closing}`] : []),
    `${capture(`${any}+?`)}${closing}`,
  ]
  const behind = (quote: '"' | "'") => {
    const bit = quote === '"' ? quoteBits.double : quoteBits.single
    if ((around.before & bit) === 0) return []
    if (around.before === bit) return [quoted(quote)]
    writer.lookbehind = true
    return [`(?<=${quote})${quoted(quote)}`]
  }
  const ways: string[] = []
  if (marks.single) ways.push(`'(?:${[quoted("'"), ...unquoted()].join('|')})`)
  if (marks.double) ways.push(`"(?:${[quoted('"'), ...unquoted()].join('|')})`)
  if (marks.single) ways.push(...behind("'"))
  if (marks.double) ways.push(...behind('"'))
  ways.push(...unquoted())
  return ways.length === 1 ? ways.join('') : `(?:${ways.join('|')})`
}

function writeNode(writer: Writer, node: Node, around: Around): string {
  switch (node.op) {
    case 'literal':
      return folded(writer, around.flags, character(node.code))
    case 'any':
      return (around.flags & flagBits.s) === 0 ? '[^\\n]' : '.'
    case 'set':
      return folded(writer, around.flags, writeSet(node.items, node.negated, around.flags))
    case 'at':
      return writePlace(writer, node.place, around.flags)
    case 'repeat':
      return writeRepeat(writer, node, around)
    case 'group': {
      const inside = { ...around, flags: flagsInside(around.flags, node) }
      if (node.name === undefined) return `(?:${writeSequence(writer, node.body, inside)})`
      writer.captures.push(node.name)
      return `(${writeSequence(writer, node.body, inside)})`
    }
    case 'branch':
      return `(?:${node.branches.map((branch) => writeSequence(writer, branch, around)).join('|')})`
    case 'look':
      throw new Inexpressible('look-around, such as (?=...) or (?<!...)')
    case 'backreference':
      throw new Inexpressible('a back-reference')
    case 'conditional':
      throw new Inexpressible('a conditional (?(1)...)')
    case 'atomic':
      throw new Inexpressible('an atomic group (?>...)')
  }
}

function writeRepeat(writer: Writer, node: Node & { op: 'repeat' }, around: Around): string {
  const { min, max, body } = node
  if (node.mode === 'possessive') throw new Inexpressible('a possessive repeat, such as a++')
  // Twice 1000 is RE2's own limit.
  if (min > 1000 || (max !== unlimited && max > 1000)) {
    throw new Inexpressible('a repeat of more than 1000 times')
  }
  if (max > 1 && isNullable(body)) {
    throw new Inexpressible('a repeat of something that may be empty')
  }
  const again = max > 1
    ? {
      flags: around.flags,
      before: around.before | lastOf(body, 0),
      after: around.after | firstOf(body, 0),
    }
    : around
  const inner = `(?:${writeSequence(writer, body, again)})`
  return `${inner}${quantifier(min, max)}${node.mode === 'lazy' ? '?' : ''}`
}

function quantifier(min: number, max: number): string {
  if (min === 0 && max === 1) return '?'
  if (max === unlimited) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`
  return `{${min},${max}}`
}

function writePlace(writer: Writer, place: string, flags: number): string {
  const lines = (flags & flagBits.m) !== 0
  switch (place) {
    case 'beginning':
      return lines ? '(?m:^)' : '\\A'
    case 'end':
      // What is matched always ends with a blank, so Python's "before a final line break" never comes up.
      return lines ? '(?m:$)' : '\\z'
    case 'beginning-string':
      return '\\A'
    case 'end-string':
      return '\\z'
    default:
      if ((flags & flagBits.a) === 0) writer.asciiOnly = true
      return place === 'boundary' ? '\\b' : '\\B'
  }
}

function folded(writer: Writer, flags: number, text: string): string {
  if ((flags & flagBits.i) === 0) return text
  writer.asciiOnly = true
  return `(?i:${text})`
}

const character = (code: number): string =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) ||
    (code > 0xa0 && code < 0xd800)
    ? String.fromCodePoint(code)
    : `\\x{${code.toString(16)}}`

const notBlankSet = '\\x00-\\x08\\x0e-\\x1b!-\\x{84}\\x{86}-\\x{9f}\\x{a1}-\\x{167f}' +
  '\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}' +
  '\\x{2060}-\\x{2fff}\\x{3001}-\\x{10ffff}'

// Python's letters and digits of `\w` are `str.isalnum` and the underscore.
const unicodeClasses = {
  d: '\\p{Nd}',
  D: '\\P{Nd}',
  s: blankSet,
  S: notBlankSet,
  w: '\\p{L}\\p{N}_',
} as const

const asciiClasses = {
  d: '0-9',
  D: '\\x00-/:-\\x{10ffff}',
  s: '\\t-\\r ',
  S: '\\x00-\\x08\\x0e-\\x1f!-\\x{10ffff}',
  w: '0-9A-Za-z_',
} as const

function writeSet(items: readonly SetItem[], negated: boolean, flags: number): string {
  const classes = (flags & flagBits.a) === 0 ? unicodeClasses : asciiClasses
  let inside = ''
  let notWord = false
  for (const item of items) {
    if (item.kind === 'range') {
      inside += item.from === item.to
        ? character(item.from)
        : `${character(item.from)}-${character(item.to)}`
    } else if (item.letter === 'W') notWord = true
    else inside += classes[item.letter]
  }
  if (!notWord) return `[${negated ? '^' : ''}${inside}]`
  if (inside === '') return `[${negated ? '' : '^'}${classes.w}]`
  if (negated) throw new Inexpressible('a set such as [^\\Wx]')
  return `(?:[^${classes.w}]|[${inside}])`
}
