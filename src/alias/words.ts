import { blankSet, isBlank } from './blanks.ts'
import { foldWord } from './fixed-text.ts'
import type { Node } from './python-regex/nodes.ts'

/** What can be told of a format at a glance, without running a regular expression. */
export type FormatWords = {
  /** Words that every fitting command begins with, in order. */
  readonly leading: readonly string[]
  /** Further words that every fitting command holds, in this order behind the leading ones. */
  readonly later: readonly string[]
}

/** Blanks, and the zero-width ones that part words too. */
const gaps = new RegExp(`[${blankSet.replaceAll('\\x{', '\\u{')}\\u{feff}\\u{200b}]+`, 'u')

/** The words of a text. */
export const splitWords = (text: string): readonly string[] =>
  text.split(gaps).filter((word) => word !== '')

type Piece = { readonly text: string } | { readonly placeholder: 'required' | 'optional' }

const none: readonly string[] = []

/**
 * The fixed words, folded (see `foldWord`), of a format that is nothing but literal text and well-formed placeholders.
 * Gives undefined for any other. The server can still fail at what is well-formed here, as at `{{a}}{{b=1}}`, which it takes for one
 * placeholder: its command then fits no format when it is tried. Linear in the format's length.
 */
export function plainWords(format: string): FormatWords | undefined {
  const pieces = readPieces(foldWord(format))
  if (pieces === undefined) return undefined
  const leading: string[] = []
  let later: string[] | undefined
  for (let at = 0; at < pieces.length; at++) {
    const piece = pieces[at]
    if (piece === undefined || !('text' in piece)) continue
    // Text that begins or ends with a gap has an empty part there.
    const parts = piece.text.split(gaps)
    const last = parts.length - 1
    for (let index = 0; index <= last; index++) {
      const word = parts[index]
      if (word === undefined || word === '') continue
      const opens = index > 0 || at === 0
      const closes = index === last
        ? at === pieces.length - 1
        : index < last - 1 || parts[last] !== '' ||
          !isTrailingGap(piece.text, piece.text.lastIndexOf(word) + word.length) ||
          blankFollows(pieces, at)
      if (!opens || !closes) continue
      if (at === 0 && leading.length === index) leading.push(word)
      else if (later === undefined) later = [word]
      else later.push(word)
    }
  }
  return { leading, later: later ?? none }
}

/**
 * The fixed words of any other format, from its tree: literal text with a blank on both sides, outside
 * of all groups. Everything else about such a format is left to its regular expression.
 */
export function treeWords(nodes: readonly Node[]): FormatWords {
  const later: string[] = []
  let word = ''
  let opened = false
  for (const node of nodes) {
    if (node.op !== 'literal') {
      word = ''
      opened = false
    } else if (isBlank(node.code)) {
      if (opened && word !== '') later.push(...splitWords(word).map(foldWord))
      word = ''
      opened = true
    } else word += String.fromCodePoint(node.code)
  }
  return { leading: [], later }
}

/** What a regular expression gives a meaning. */
const special = /[\\[\](){}*+?.^$|]/

/** The parts of a format between which placeholders stand, taken apart by what is native: this runs before the JIT has had a look. */
function readPieces(format: string): readonly Piece[] | undefined {
  const [first = '', ...others] = format.split('{{')
  if (special.test(first)) return undefined
  const pieces: Piece[] = first === '' ? [] : [{ text: first }]
  const names = new Set<string>()
  for (const other of others) {
    const close = other.indexOf('}')
    if (close === -1 || other.charAt(close + 1) !== '}') return undefined
    const placeholder = readPlaceholder(other.slice(0, close), names)
    const text = other.slice(close + 2)
    if (placeholder === undefined || special.test(text)) return undefined
    pieces.push({ placeholder })
    if (text !== '') pieces.push({ text })
  }
  return pieces
}

/** What kind of placeholder stands between its braces; undefined if it is none that is well-formed. */
function readPlaceholder(
  inside: string,
  names: Set<string>,
): 'required' | 'optional' | undefined {
  if (inside.includes('{') || inside.includes('\n')) return undefined
  const equals = inside.indexOf('=')
  const name = (equals === -1 ? inside : inside.slice(0, equals)).trim()
  const value = equals === -1 ? undefined : inside.slice(equals + 1).trim()
  // Names are unique with their letter case; to take "A" and "a" for one only costs time.
  if (!/^[a-z_][a-z0-9_]*$/.test(name) || names.has(name) || value === '') return undefined
  names.add(name)
  return equals === -1 ? 'required' : 'optional'
}

/** Whether only blanks follow in this text: they belong to the placeholder behind and go with it if it is optional. */
function isTrailingGap(text: string, at: number): boolean {
  for (let index = at; index < text.length; index++) {
    if (!isBlank(text.charCodeAt(index))) return false
  }
  return true
}

/**
 * Whether the blanks at the end of the text `pieces[at]` are there in every fitting command, or a blank or the end comes in their
 * stead: an optional placeholder may be left out together with the blanks in front of it.
 */
function blankFollows(pieces: readonly Piece[], at: number): boolean {
  let index = at + 1
  for (;;) {
    const piece = pieces[index]
    if (piece === undefined || !('placeholder' in piece) || piece.placeholder === 'required') {
      return true
    }
    const next = pieces[index + 1]
    if (next === undefined) return true
    if (!('text' in next) || !isBlank(next.text.charCodeAt(0))) return false
    if (!isTrailingGap(next.text, 0)) return true
    index += 2
  }
}
