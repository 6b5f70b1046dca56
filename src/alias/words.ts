import { isBlank } from './blanks.ts'
import { foldWord } from './fixed-text.ts'

/** What can be told of a format at a glance, without a regular expression. */
export type FormatWords = {
  /** Words that every fitting command begins with, in order. */
  readonly leading: readonly string[]
  /** Further words that every fitting command holds, in this order behind the leading ones. */
  readonly later: readonly string[]
  /** Only literal text and well-formed placeholders: the server cannot fail at it. */
  readonly plain: boolean
}

type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'required' | 'optional' }

const special = '\\[](){}*+?.^$|'

/** Reads a format's fixed words, folded (see `foldWord`). Linear in the format's length. */
export function formatWords(format: string): FormatWords {
  const { pieces, plain } = readPieces(format)
  const words = wholeWords(pieces, plain)
  return { ...words, plain }
}

/**
 * Splits a format into text and placeholders, up to the first thing that is neither. What stands
 * before that is still fixed, unless there are alternatives or anchors somewhere.
 */
function readPieces(format: string): { pieces: readonly Piece[]; plain: boolean } {
  const pieces: Piece[] = []
  const names = new Set<string>()
  let text = ''
  let at = 0
  const flush = () => {
    if (text !== '') pieces.push({ kind: 'text', text })
    text = ''
  }
  while (at < format.length) {
    const letter = format.charAt(at)
    if (letter === '{') {
      const placeholder = readPlaceholder(format, at, names)
      if (placeholder === undefined) break
      flush()
      pieces.push({ kind: placeholder.kind })
      at = placeholder.end
    } else if (special.includes(letter)) break
    else {
      text += letter
      at++
    }
  }
  if (at === format.length) {
    flush()
    return { pieces, plain: true }
  }
  if (/[|^]|\\A/.test(format)) return { pieces: [], plain: false }
  // A quantifier takes the character before it away.
  if ('?*{'.includes(format.charAt(at))) {
    text = text.slice(0, -1)
    if (text === '' && pieces.at(-1)?.kind !== 'text') pieces.pop()
  }
  flush()
  return { pieces, plain: false }
}

function readPlaceholder(
  format: string,
  at: number,
  names: Set<string>,
): { kind: 'required' | 'optional'; end: number } | undefined {
  if (format.charAt(at + 1) !== '{') return undefined
  const close = format.indexOf('}', at)
  if (close === -1 || format.charAt(close + 1) !== '}' || format.charAt(close + 2) === '}') {
    return undefined
  }
  const inside = format.slice(at + 2, close)
  if (/[{\n]/.test(inside)) return undefined
  const equals = inside.indexOf('=')
  const name = (equals === -1 ? inside : inside.slice(0, equals)).trim()
  const value = equals === -1 ? undefined : inside.slice(equals + 1).trim()
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || names.has(name) || value === '') return undefined
  names.add(name)
  return { kind: equals === -1 ? 'required' : 'optional', end: close + 2 }
}

/** Words with a blank or the format's end on both sides, which are whole words of every fitting command as well. */
function wholeWords(
  pieces: readonly Piece[],
  plain: boolean,
): { leading: readonly string[]; later: readonly string[] } {
  const leading: string[] = []
  const later: string[] = []
  pieces.forEach((piece, at) => {
    if (piece.kind !== 'text') return
    const last = at === pieces.length - 1
    const words = splitWords(piece.text)
    words.forEach(({ word, start, end }) => {
      const opens = start > 0 || at === 0
      const closes = end < piece.text.length
        ? !isTrailingGap(piece.text, end) || blankFollows(pieces, at, plain)
        : last && plain
      if (!opens || !closes) return
      const target = at === 0 && leading.length === words.findIndex((w) => w.start === start)
        ? leading
        : later
      target.push(foldWord(word))
    })
  })
  return { leading, later }
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
function blankFollows(pieces: readonly Piece[], at: number, plain: boolean): boolean {
  let index = at + 1
  while (pieces[index]?.kind === 'optional') {
    const next = pieces[index + 1]
    if (next === undefined) return plain
    if (next.kind !== 'text' || !isBlank(next.text.charCodeAt(0))) return false
    if (!isTrailingGap(next.text, 0)) return true
    index += 2
  }
  return true
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
