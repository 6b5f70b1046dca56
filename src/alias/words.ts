import { isBlank } from './blanks.ts'
import { foldWord } from './fixed-text.ts'
import type { Node } from './python-regex/nodes.ts'

/** What can be told of a format at a glance, without running a regular expression. */
export type FormatWords = {
  /** Words that every fitting command begins with, in order. */
  readonly leading: readonly string[]
  /** Further words that every fitting command holds, in this order behind the leading ones. */
  readonly later: readonly string[]
}

type Piece = { readonly text: string } | { readonly placeholder: 'required' | 'optional' }

/**
 * The fixed words, folded (see `foldWord`), of a format that is nothing but literal text and well-formed placeholders.
 * The server cannot fail at such a format. Gives undefined for any other. Linear in the format's length.
 */
export function plainWords(format: string): FormatWords | undefined {
  const pieces = readPieces(foldWord(format))
  if (pieces === undefined) return undefined
  const leading: string[] = []
  const later: string[] = []
  pieces.forEach((piece, at) => {
    if (!('text' in piece)) return
    const { text } = piece
    splitWords(text).forEach(({ word, start, end }, index) => {
      const opens = start > 0 || at === 0
      const closes = end < text.length
        ? !isTrailingGap(text, end) || blankFollows(pieces, at)
        : at === pieces.length - 1
      if (!opens || !closes) return
      if (at === 0 && leading.length === index) leading.push(word)
      else later.push(word)
    })
  })
  return { leading, later }
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
      if (opened && word !== '') later.push(...splitWords(word).map((part) => foldWord(part.word)))
      word = ''
      opened = true
    } else word += String.fromCodePoint(node.code)
  }
  return { leading: [], later }
}

const isSpecial: readonly boolean[] = Array.from(
  { length: 128 },
  (_, code) => '\\[](){}*+?.^$|'.includes(String.fromCharCode(code)),
)

function readPieces(format: string): readonly Piece[] | undefined {
  const pieces: Piece[] = []
  const names = new Set<string>()
  let from = 0
  let at = 0
  const flush = () => {
    if (at > from) pieces.push({ text: format.slice(from, at) })
  }
  while (at < format.length) {
    if (isSpecial[format.charCodeAt(at)] !== true) {
      at++
      continue
    }
    const placeholder = readPlaceholder(format, at, names)
    if (placeholder === undefined) return undefined
    flush()
    pieces.push({ placeholder: placeholder.kind })
    at = from = placeholder.end
  }
  flush()
  return pieces
}

function readPlaceholder(
  format: string,
  at: number,
  names: Set<string>,
): { kind: 'required' | 'optional'; end: number } | undefined {
  if (!format.startsWith('{{', at)) return undefined
  const close = format.indexOf('}', at)
  if (close === -1 || format.charAt(close + 1) !== '}' || format.charAt(close + 2) === '}') {
    return undefined
  }
  const inside = format.slice(at + 2, close)
  if (inside.includes('{') || inside.includes('\n')) return undefined
  const equals = inside.indexOf('=')
  const name = (equals === -1 ? inside : inside.slice(0, equals)).trim()
  const value = equals === -1 ? undefined : inside.slice(equals + 1).trim()
  // Names are unique with their letter case; to take "A" and "a" for one only costs time.
  if (!/^[a-z_][a-z0-9_]*$/.test(name) || names.has(name) || value === '') return undefined
  names.add(name)
  return { kind: equals === -1 ? 'required' : 'optional', end: close + 2 }
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

export type Word = { readonly word: string; readonly start: number; readonly end: number }

const isGap = (code: number): boolean => isBlank(code) || code === 0xfeff || code === 0x200b

/** The words of a text; zero-width blanks part words too. */
export function splitWords(text: string): readonly Word[] {
  const words: Word[] = []
  let start = -1
  for (let at = 0; at <= text.length; at++) {
    const gap = at === text.length || isGap(text.charCodeAt(at))
    if (gap && start !== -1) {
      words.push({ word: text.slice(start, at), start, end: at })
      start = -1
    } else if (!gap && start === -1) start = at
  }
  return words
}
