import type { Alias } from './alias.ts'
import type { Catalog, Nearness } from './catalog.ts'
import { textWords } from './text-words.ts'
import type { FormatWords } from './words.ts'

export type Suggestion = { readonly display: string; readonly alias: Alias }

/** How many formats are compared letter by letter at most. */
const compared = 60

/** How many known words with the same first letter are compared with the text's first word. */
const spellingsCompared = 300

/** How many words and letters of each side are looked at: enough to tell commands apart, and a bound on the cost. */
const wordsRead = 8
const lettersRead = 40

/**
 * The commands nearest to a text that is none, best first. Formats that share words with the text come first; where too few
 * do, those whose first word is spelt alike. The cost does not grow with the length of the text and hardly with the number of formats.
 */
export async function suggest(
  catalog: Catalog,
  command: string,
  count = 3,
): Promise<readonly Suggestion[]> {
  const text = textWords(command.slice(0, wordsRead * lettersRead))
  const words = text.list.slice(0, wordsRead).map(shorten)
  if (words.length === 0) return []
  const nearness = await catalog.nearness()
  const shared = nearness.near(words, compared)
  const near = shared.length < count ? [...shared, ...alike(nearness, words[0] ?? '')] : shared
  const best = bestOf(words)
  const scored = near.map((entry) => ({ entry, score: likeness(words, entry, best) }))
  scored.sort((left, right) => right.score - left.score)
  const seen = new Set<string>()
  const suggestions: Suggestion[] = []
  for (const { entry, score } of scored) {
    const display = entry.aliasFormat.display ?? entry.format
    // Less than this has no more in common with the text than any word has with any other.
    if (score < 0.3 || seen.has(display) || suggestions.length >= count) continue
    seen.add(display)
    suggestions.push({ display, alias: entry.alias })
  }
  return suggestions
}

const shorten = (word: string): string => word.slice(0, lettersRead)

/** Entries with a fixed word that is spelt like the text's first word. */
function alike(nearness: Nearness, first: string): ReturnType<Nearness['near']> {
  // The first letter may be swapped with the second one, but hardly anybody gets both wrong.
  const initials = new Set([first.charAt(0), first.charAt(1)])
  const words = [...initials]
    .flatMap((initial) =>
      nearness.wordsWith(initial)
        .filter((word) => Math.abs(word.length - first.length) <= 2)
        .slice(0, spellingsCompared)
    )
    .map((word) => ({ word, score: similarity(first, shorten(word)) }))
    .filter(({ score }) => score >= 0.5)
    .toSorted((left, right) => right.score - left.score)
    .slice(0, 5)
    .map(({ word }) => word)
  return nearness.near(words, compared)
}

/** How well a text's words meet a format's fixed words, from 0 to 1: the first word counts most. */
function likeness(
  words: readonly string[],
  entry: { readonly words: FormatWords },
  best: (word: string) => number,
): number {
  const { leading, later } = entry.words
  const fixed = Math.min(leading.length + later.length, wordsRead)
  if (fixed === 0) return 0
  let sum = 0
  for (let at = 0; at < fixed; at++) {
    const word = leading[at] ?? later[at - leading.length] ?? ''
    sum += (at === 0 ? 2 : 1) * best(word)
  }
  // Words of the text that a short format says nothing of make it a little less likely.
  return sum / (fixed + 1) - Math.abs(words.length - fixed) * 0.02
}

/** How well a fixed word meets any of the text's words; formats share many words, so each is looked at once. */
function bestOf(words: readonly string[]): (word: string) => number {
  const known = new Map<string, number>()
  return (word) => {
    const found = known.get(word)
    if (found !== undefined) return found
    const best = bestMeeting(words, shorten(word))
    known.set(word, best)
    return best
  }
}

function bestMeeting(words: readonly string[], word: string): number {
  if (words.includes(word)) return 1
  let best = 0
  for (const own of words) {
    // Letters that one word has more of than the other must change: a bound that costs nothing.
    const longest = Math.max(own.length, word.length)
    const bound = own.length > 1 && word.startsWith(own)
      ? 1
      : 1 - Math.abs(own.length - word.length) / longest
    if (bound > best) best = Math.max(best, similarity(own, word))
  }
  return best
}

/** 1 for equal words, 0 for words with nothing in common: the share of letters that need no change. */
function similarity(left: string, right: string): number {
  if (left === right) return 1
  const longest = Math.max(left.length, right.length)
  if (left.length > 1 && right.startsWith(left)) return 0.8
  // Words of very different lengths, are not typing errors of each other.
  if (Math.abs(left.length - right.length) * 2 > longest) return 0
  return 1 - distance(left, right) / longest
}

/** Edit distance in which two swapped neighbours count as one change; for words of at most `lettersRead` letters. */
function distance(left: string, right: string): number {
  const width = right.length + 1
  // Three rows in turn, in one piece: a row for each letter would be most of the cost.
  const rows = new Uint8Array(3 * width)
  for (let column = 0; column < width; column++) rows[column] = column
  let before = 2 * width
  let above = 0
  let current = width
  for (let row = 1; row <= left.length; row++) {
    const letter = left.charCodeAt(row - 1)
    const previous = row > 1 ? left.charCodeAt(row - 2) : -1
    rows[current] = row
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
    }
    const free = before
    before = above
    above = current
    current = free
  }
  return rows[above + right.length] ?? 0
}
