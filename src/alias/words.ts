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

/** Of a format that has no fixed words, or none that can be told at a glance. */
export const noWords: FormatWords = { leading: none, later: none }

const letter = '[ !"#%&\',/0-9:;<=>@_a-z~-]'
const placeholder = '\\{\\{ ?([a-z_][a-z0-9_]*) ?(?:= ?[!-z|~][ -z|~]*)?\\}\\}(?= |$)'
const onlyOnce = '(?!.*\\{\\{ ?\\1[ =}])'

/** A format as nearly all are: letters without a meaning, single blanks, placeholders that each have their own name and nothing glued to their end. */
const usual = new RegExp(`^(?! )(?!.*  )${letter}*(?:${placeholder}${onlyOnce}${letter}*)*$`)

/** The usual format is short; the time that a long one takes grows with the square of its length. */
const usualLength = 400

/**
 * The leading words of `plainWords`, a blank between two, and empty if there are none. Undefined for a format that is not as nearly all are.
 * The time for ten thousand formats at every start goes in here.
 */
export const leadingText = (format: string): string | undefined => {
  if (format.length > usualLength) return undefined
  const folded = format.toLowerCase()
  if (!usual.test(folded)) return undefined
  const open = folded.indexOf('{{')
  if (open === -1) return folded.trimEnd()
  // A word that touches the placeholder is not fixed.
  return folded.slice(0, Math.max(0, folded.lastIndexOf(' ', open)))
}

/** The words outside the placeholders of a format that `leadingText` reads, in lower case, with nothing where two blanks meet. */
export const literalWords = (format: string): readonly string[] =>
  format.toLowerCase().replace(/\{\{[^}]*\}\}/g, '').split(' ')

/**
 * The fixed words, folded (see `foldWord`), of a format that is nothing but literal text and well-formed placeholders.
 * Gives undefined for any other, and so for the formats at which the server fails. Linear in the format's length.
 */
export function plainWords(format: string): FormatWords | undefined {
  const pieces = readPieces(foldWord(format))
  if (pieces === undefined) return undefined
  const leading: string[] = []
  let later: string[] | undefined
  for (let at = 0; at < pieces.length; at++) {
    const piece = pieces[at]
    if (piece === undefined || !('text' in piece)) continue
    const { text } = piece
    let isLeading = at === 0
    for (let start = 0, end = 0; start < text.length; start = end + 1) {
      end = text.indexOf(' ', start)
      if (end === -1) end = text.length
      if (end === start) continue
      const opens = start > 0 || at === 0
      const closes = end === text.length
        ? at === pieces.length - 1
        : !isTrailingGap(text, end) || blankFollows(pieces, at)
      if (!opens || !closes) {
        isLeading = false
        continue
      }
      const word = text.slice(start, end)
      if (isLeading) leading.push(word)
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

/** Text without any character of `special`, and with no other gap than a blank: nearly all there is. */
const plain = /^[ !"#%&',/0-9:;<=>@A-Z_`a-z~-]*$/

/** What a regular expression gives a meaning. */
const special = /[\\[\](){}*+?.^$|]/

/** Literal text with each gap as one blank; undefined if it is not literal. */
const literal = (text: string): string | undefined =>
  plain.test(text) ? text : special.test(text) ? undefined : text.split(gaps).join(' ')

/** Placeholders, and the literal text between them. Native searches do the work: most of it is done before the JIT has had a look. */
function readPieces(format: string): readonly Piece[] | undefined {
  const pieces: Piece[] = []
  const names: string[] = []
  for (let at = 0;;) {
    const open = format.indexOf('{{', at)
    const text = literal(open === -1 ? format.slice(at) : format.slice(at, open))
    if (text === undefined) return undefined
    if (text !== '') pieces.push({ text })
    if (open === -1) return pieces
    // The server takes "{{a}}{{b=1}}" for one placeholder of an odd name, and fails.
    if (at > 0 && !text.includes(' ')) return undefined
    const close = format.indexOf('}}', open)
    if (close === -1) return undefined
    const placeholder = readPlaceholder(format.slice(open + 2, close), names)
    if (placeholder === undefined) return undefined
    pieces.push({ placeholder })
    at = close + 2
  }
}

/** What kind of placeholder stands between its braces; undefined if it is none that is well-formed. */
function readPlaceholder(
  inside: string,
  names: string[],
): 'required' | 'optional' | undefined {
  if (/[{}\n]/.test(inside)) return undefined
  const equals = inside.indexOf('=')
  const name = (equals === -1 ? inside : inside.slice(0, equals)).trim()
  const value = equals === -1 ? undefined : inside.slice(equals + 1).trim()
  // Names are unique with their letter case; to take "A" and "a" for one only costs time.
  if (!/^[a-z_][a-z0-9_]*$/.test(name) || names.includes(name) || value === '') return undefined
  names.push(name)
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
