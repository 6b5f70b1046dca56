import { fixedText, forgivingText } from './fixed-text.ts'
import { placeholderAt, placeholderNodes } from './placeholder.ts'
import { flagBits, type Node, type Tree, unlimited } from './python-regex/nodes.ts'
import { character, Inexpressible, writeSet } from './re2-set.ts'
import { lengthOf } from './python-regex/tokens.ts'
import { firstOf, flagsInside, isNullable, lastOf, quoteBits } from './quotes.ts'

export { Inexpressible }

/** A named value, or a stretch of the format's own text (forgiving patterns only). */
export type Capture = { readonly name: string } | { readonly fixed: string }

/** A pattern for re2js, which is to be compiled with DOTALL. */
export type Re2Source = {
  readonly pattern: string
  /** What each capturing group holds. One name may have several groups, of which one takes part. */
  readonly captures: readonly Capture[]
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
 * Fewer marks make a smaller and faster pattern. A forgiving pattern takes the format's fixed text in any letter case, with any
 * blanks between its words and any quotes, and captures it. Throws Inexpressible.
 */
export function toRe2(tree: Tree, marks: Marks, forgiving = false): Re2Source {
  const writer: Writer = { captures: [], lookbehind: false, asciiOnly: false, marks, forgiving }
  const around = { flags: tree.flags | flagBits.s, before: quoteBits.any, after: quoteBits.any }
  const pattern = writeSequence(writer, tree.nodes, around)
  const { captures, lookbehind, asciiOnly } = writer
  return { pattern, captures, lookbehind, asciiOnly }
}

type Writer = {
  readonly captures: Capture[]
  readonly forgiving: boolean
  readonly marks: Marks
  lookbehind: boolean
  asciiOnly: boolean
}

type Around = { readonly flags: number; readonly before: number; readonly after: number }

function writeSequence(writer: Writer, nodes: readonly Node[], around: Around): string {
  const afters = aftersOf(nodes, around.after)
  let { before } = around
  let written = ''
  for (let at = 0; at < nodes.length;) {
    const fixed = writer.forgiving ? fixedText(nodes, at) : ''
    const name = fixed === '' ? placeholderAt(nodes, at) : undefined
    const width = fixed !== '' ? lengthOf(fixed) : name === undefined ? 1 : placeholderNodes
    const here = { flags: around.flags, before, after: afters[at + width] ?? around.after }
    const node = nodes[at]
    if (fixed !== '') {
      writer.captures.push({ fixed })
      written += `(${forgivingText(fixed)})`
    } else if (name !== undefined) written += writePlaceholder(writer, name, here)
    else if (node !== undefined) written += writeNode(writer, node, here)
    for (const passed of nodes.slice(at, at + width)) before = lastOf([passed], before)
    at += width
  }
  return written
}

/** What may stand first from each node on. */
function aftersOf(nodes: readonly Node[], after: number): readonly number[] {
  const afters: number[] = new Array(nodes.length + 1).fill(after)
  for (let at = nodes.length - 1; at >= 0; at--) {
    afters[at] = firstOf(nodes.slice(at, at + 1), afters[at + 1] ?? after)
  }
  return afters
}

/**
 * A placeholder as alternatives in the server's order of preference: a quote in front is taken if there is one; the value is the
 * shortest text up to the same quote, else the shortest `{...}`, else the shortest text.
 */
function writePlaceholder(writer: Writer, name: string, around: Around): string {
  const { marks } = writer
  const any = (around.flags & flagBits.s) === 0 ? '[^\\n]' : '.'
  const capture = (value: string) => {
    writer.captures.push({ name })
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
      writer.captures.push({ name: node.name })
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
