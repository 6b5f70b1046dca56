import { foldWord } from './fixed-text.ts'
import { type FormatWords, splitWords } from './words.ts'

/** A text's words, folded, with the places where each stands. */
export type TextWords = {
  readonly list: readonly string[]
  readonly places: ReadonlyMap<string, readonly number[]>
}

/** Folds a text's words. Linear in its length. */
export function textWords(text: string): TextWords {
  const list = splitWords(text).map(({ word }) => foldWord(word))
  const places = new Map<string, number[]>()
  list.forEach((word, at) => {
    const known = places.get(word)
    if (known === undefined) places.set(word, [at])
    else known.push(at)
  })
  return { list, places }
}

/** Finds the few entries whose fixed words a text holds. */
export type WordIndex<Entry> = {
  readonly fitting: (text: TextWords) => readonly Entry[]
  /** Entries that share words with a text, those that share the rarest words first; at most `limit`. */
  readonly near: (text: TextWords, limit: number) => readonly Entry[]
  /** Every fixed word of any entry. */
  readonly words: () => readonly string[]
}

/**
 * Indexes entries by the rarest of their fixed words, so that a text meets only the entries that can fit.
 * Entries without fixed words meet every text.
 */
export function createWordIndex<Entry extends { readonly words: FormatWords }>(
  entries: readonly Entry[],
): WordIndex<Entry> {
  const all = new Map<string, number[]>()
  entries.forEach(({ words }, at) => {
    for (const word of new Set([...words.leading, ...words.later])) {
      const known = all.get(word)
      if (known === undefined) all.set(word, [at])
      else known.push(at)
    }
  })
  const rarest = new Map<string, number[]>()
  const always: number[] = []
  entries.forEach(({ words }, at) => {
    const word = rarestOf([...words.leading, ...words.later], all)
    if (word === undefined) always.push(at)
    else {
      const known = rarest.get(word)
      if (known === undefined) rarest.set(word, [at])
      else known.push(at)
    }
  })
  const vocabulary = [...all.keys()]
  const entryAt = (at: number): Entry[] => {
    const entry = entries[at]
    return entry === undefined ? [] : [entry]
  }
  return {
    fitting: (text) => {
      const found = [...always]
      for (const word of text.places.keys()) {
        for (const at of rarest.get(word) ?? []) {
          const words = entries[at]?.words
          if (words !== undefined && holds(text, words)) found.push(at)
        }
      }
      return found.sort((left, right) => left - right).flatMap(entryAt)
    },
    near: (text, limit) => {
      const buckets = [...text.places.keys()].flatMap((word) => {
        const bucket = all.get(word)
        return bucket === undefined ? [] : [bucket]
      })
      buckets.sort((left, right) => left.length - right.length)
      const found = new Set<number>()
      for (const at of buckets.flatMap((bucket) => bucket.slice(0, limit))) {
        if (found.size >= limit) break
        found.add(at)
      }
      return [...found].flatMap(entryAt)
    },
    words: () => vocabulary,
  }
}

function rarestOf(
  words: readonly string[],
  all: ReadonlyMap<string, readonly number[]>,
): string | undefined {
  let best: string | undefined
  let least = Infinity
  for (const word of words) {
    const count = all.get(word)?.length ?? 0
    if (count < least) {
      best = word
      least = count
    }
  }
  return best
}

/** Whether a text begins with the leading words and has the later ones in order behind them. */
function holds(text: TextWords, words: FormatWords): boolean {
  if (words.leading.some((word, at) => text.list[at] !== word)) return false
  let from = words.leading.length
  for (const word of words.later) {
    const place = text.places.get(word)?.find((at) => at >= from)
    if (place === undefined) return false
    from = place + 1
  }
  return true
}
