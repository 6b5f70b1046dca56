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
  /** Entries that share any of these words, those that share the rarest words first; at most `limit`. */
  readonly near: (words: readonly string[], limit: number) => readonly Entry[]
  /** The fixed words of all entries that begin with a letter. */
  readonly wordsWith: (initial: string) => readonly string[]
}

/** How many entries are indexed between two pauses: a few milliseconds of work. */
const slice = 500

/**
 * Indexes entries by the rarest of their fixed words, so that a text meets only the entries that can fit.
 * Entries without fixed words meet every text. `pause` is awaited between slices of work.
 */
export async function createWordIndex<Entry extends { readonly words: FormatWords }>(
  entries: readonly Entry[],
  pause: () => Promise<void>,
): Promise<WordIndex<Entry>> {
  const all = new Map<string, number[]>()
  for (const [at, { words }] of entries.entries()) {
    for (const word of words.leading) put(all, word, at)
    for (const word of words.later) put(all, word, at)
    if (at % slice === slice - 1) await pause()
  }
  const rarest = new Map<string, number[]>()
  const always: number[] = []
  for (const [at, { words }] of entries.entries()) {
    const word = rarestOf(words, all)
    if (word === undefined) always.push(at)
    else put(rarest, word, at)
    if (at % slice === slice - 1) await pause()
  }
  const initials = new Map<string, string[]>()
  for (const word of all.keys()) {
    const known = initials.get(word.charAt(0))
    if (known === undefined) initials.set(word.charAt(0), [word])
    else known.push(word)
  }
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
    near: (words, limit) => {
      const buckets = [...new Set(words)].flatMap((word) => {
        const bucket = all.get(word)
        return bucket === undefined ? [] : [bucket]
      })
      buckets.sort((left, right) => left.length - right.length)
      const found = new Set<number>()
      for (const bucket of buckets) {
        for (const at of bucket.slice(0, limit)) {
          if (found.size < limit) found.add(at)
        }
      }
      return [...found].flatMap(entryAt)
    },
    wordsWith: (initial) => initials.get(initial) ?? [],
  }
}

function put(map: Map<string, number[]>, word: string, at: number): void {
  const known = map.get(word)
  if (known === undefined) map.set(word, [at])
  else if (known.at(-1) !== at) known.push(at)
}

function rarestOf(
  { leading, later }: FormatWords,
  all: ReadonlyMap<string, readonly number[]>,
): string | undefined {
  let best: string | undefined
  let least = Infinity
  for (const words of [leading, later]) {
    for (const word of words) {
      const count = all.get(word)?.length ?? 0
      if (count >= least) continue
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
