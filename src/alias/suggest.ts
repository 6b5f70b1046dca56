import type { Alias } from './alias.ts'
import type { Catalog } from './catalog.ts'
import { textWords } from './text-words.ts'
import type { WordIndex } from './word-index.ts'

export type Suggestion = { readonly display: string; readonly alias: Alias }

/** How many formats are compared with the text at most. */
const compared = 100

/** How many known words with the same first letter are compared with the text's first word. */
const spellingsCompared = 300

/** How many words and letters of each side are looked at: enough to tell commands apart, and a bound on the cost. */
const wordsRead = 8
const lettersRead = 40

/** Less than this has no more in common with the text than any word has with any other. */
const chance = 0.3

/** Two words that have less than this in common are no typing errors of each other. */
const half = 0.49

/** Of so many formats for each suggestion, some have the same display text. */
const spare = 4

/**
 * The commands nearest to a text that is none, best first. Formats that share words with the text come first; where too few
 * do, those whose first word is spelt alike. The cost does not grow with the length of the text and hardly with the number of formats.
 */
export async function suggest(
  catalog: Catalog,
  command: string,
  count = 3,
): Promise<readonly Suggestion[]> {
  const { index, entryAt } = await catalog.nearness()
  const words = readWords(command, index)
  const [first] = words
  if (first === undefined) return []
  const find = finderOf(words, index, count * spare)
  const shared = find(words.flatMap(({ number }) => number ?? []))
  const scored = shared.length < count ? find(alike(index, first)) : shared
  const suggestions: Suggestion[] = []
  for (const { format } of scored) {
    for (const { alias, aliasFormat, format: text } of entryAt(format)) {
      const display = aliasFormat.display ?? text
      if (suggestions.some((earlier) => earlier.display === display)) continue
      if (suggestions.push({ display, alias }) === count) return suggestions
    }
  }
  return suggestions
}

/** A word, which letters are in it, a bit for each from a to z and six for all others, and its number if it is a fixed one. */
type Word = {
  readonly text: string
  readonly letters: number
  readonly number?: number | undefined
}

const wordOf = (word: string, number?: number): Word => {
  const text = word.length > lettersRead ? word.slice(0, lettersRead) : word
  let letters = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    letters |= 1 << (code >= 0x61 && code <= 0x7a ? code - 0x61 : 26 + code % 6)
  }
  return { text, letters, number }
}

const readWords = (command: string, index: WordIndex): readonly Word[] =>
  textWords(command.slice(0, wordsRead * lettersRead)).list.slice(0, wordsRead)
    .map((word) => wordOf(word, index.numberOf(word)))

/** The fixed words that are spelt like the text's first word, the best first. */
function alike(index: WordIndex, first: Word): readonly number[] {
  const { text } = first
  // The first letter may be swapped with the second one, but hardly anybody gets both wrong.
  const initials = new Set([text.charAt(0), text.charAt(1)])
  return [...initials]
    .flatMap((initial) =>
      index.beginningWith(initial)
        .filter((word) => Math.abs((index.words[word] ?? '').length - text.length) <= 2)
        .slice(0, spellingsCompared)
    )
    .map((word) => ({
      word,
      score: similarity(first, wordOf(index.words[word] ?? ''), half),
    }))
    .filter(({ score }) => score >= 0.5)
    .sort((left, right) => right.score - left.score)
    .slice(0, 5)
    .map(({ word }) => word)
}

type Scored = { readonly format: number; readonly score: number }

/**
 * Finds the formats with any of `shared` that are most like a text, best first; those with the rarest words are looked at first. A
 * format is not looked at twice.
 */
const finderOf = (words: readonly Word[], index: WordIndex, most: number) => {
  const { all, begins, formatsWith } = index
  const unknown = words.filter(({ number }) => number === undefined)
  const seen = new Uint8Array(begins.length)
  /** How well each fixed word meets any of the text's words; formats share many words, so each is looked at once. */
  const met = new Float32Array(index.words.length).fill(-1)
  for (const { number } of words) if (number !== undefined) met[number] = 1
  const kept: Scored[] = []

  /** How well the text's words meet a format's fixed words, from 0 to 1: the first word counts most. */
  const likeness = (format: number): number => {
    const begin = begins[format] ?? 0
    const fixed = Math.min((begins[format + 1] ?? 0) - begin, wordsRead)
    let sum = 0
    for (let at = 0; at < fixed; at++) {
      const number = all[begin + at] ?? 0
      let best = met[number] ?? 0
      if (best < 0) {
        best = bestMeeting(unknown, wordOf(index.words[number] ?? ''))
        met[number] = best
      }
      sum += at === 0 ? 2 * best : best
    }
    // Words of the text that a short format says nothing of make it a little less likely.
    return sum / (fixed + 1) - Math.abs(words.length - fixed) * 0.02
  }

  const consider = (format: number): void => {
    const score = likeness(format)
    if (score < chance || (kept.length === most && score <= (kept.at(-1)?.score ?? 0))) return
    let place = kept.length
    while (place > 0 && (kept[place - 1]?.score ?? 0) < score) place--
    kept.splice(place, 0, { format, score })
    if (kept.length > most) kept.pop()
  }

  return (shared: readonly number[]): readonly Scored[] => {
    const rarestFirst = [...new Set(shared)].map(formatsWith)
      .sort((left, right) => left.length - right.length)
    let looked = 0
    for (const formats of rarestFirst) {
      for (const format of formats) {
        if (looked === compared) return kept
        if (seen[format] === 1) continue
        seen[format] = 1
        looked++
        consider(format)
      }
    }
    return kept
  }
}

function bestMeeting(words: readonly Word[], word: Word): number {
  let best = 0
  for (const own of words) best = Math.max(best, similarity(own, word, Math.max(best, half)))
  return best
}

/** 1 for equal words, 0 for words with nothing in common: the share of letters that need no change. 0 also for all that is no more than `atMost`. */
function similarity(left: Word, right: Word, atMost: number): number {
  const [one, other] = [left.text, right.text]
  const missing = left.letters & ~right.letters
  if (missing === 0 && one.length > 1 && other.startsWith(one)) {
    return one.length === other.length ? 1 : 0.8
  }
  const longest = Math.max(one.length, other.length)
  // Letters that one word has and the other has not must change: a bound that costs nothing, and settles most.
  const changes = Math.max(
    Math.abs(one.length - other.length),
    bitsOf(missing),
    bitsOf(right.letters & ~left.letters),
  )
  if (1 - changes / longest <= atMost) return 0
  const found = 1 - distance(one, other, longest * (1 - atMost)) / longest
  return found > atMost ? found : 0
}

/** How many bits are set. */
function bitsOf(bits: number): number {
  const pairs = bits - ((bits >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/**
 * Edit distance in which two swapped neighbours count as one change; for words of at most `lettersRead` letters. Where it is
 * `enough` or more, some number that is not less.
 */
function distance(left: string, right: string, enough: number): number {
  const width = right.length + 1
  // Three rows in turn, in one piece: a row for each letter would be most of the cost.
  const rows = new Uint8Array(3 * width)
  for (let column = 0; column < width; column++) rows[column] = column
  let before = 2 * width
  let above = 0
  let current = width
  let leastAbove = 0
  for (let row = 1; row <= left.length; row++) {
    const letter = left.charCodeAt(row - 1)
    const previous = row > 1 ? left.charCodeAt(row - 2) : -1
    rows[current] = row
    let least = row
    for (let column = 1; column < width; column++) {
      const other = right.charCodeAt(column - 1)
      const same = letter === other ? 0 : 1
      let best = Math.min(
        (rows[above + column] ?? 0) + 1,
        (rows[current + column - 1] ?? 0) + 1,
        (rows[above + column - 1] ?? 0) + same,
      )
      if (column > 1 && previous === other && letter === right.charCodeAt(column - 2)) {
        best = Math.min(best, (rows[before + column - 2] ?? 0) + 1)
      }
      rows[current + column] = best
      if (best < least) least = best
    }
    // A row never has less than the lesser of the two before it.
    if (least >= enough && leastAbove >= enough) return least
    leastAbove = least
    const free = before
    before = above
    above = current
    current = free
  }
  return rows[above + right.length] ?? 0
}
