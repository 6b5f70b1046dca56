import { foldWord } from './fixed-text.ts'
import { type FormatWords, splitWords } from './words.ts'

/** A text's words, folded, with the places where each stands. */
export type TextWords = {
  readonly list: readonly string[]
  readonly places: ReadonlyMap<string, readonly number[]>
}

/** Folds a text's words. Linear in its length. */
export function textWords(text: string): TextWords {
  const list = splitWords(text).map(foldWord)
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

/** A fixed word and the numbers of the entries that have it, in order. */
type Bucket = { readonly word: string; readonly entries: number[]; readonly keyed: number[] }

/** Takes in the fixed words of entries, one entry after the other, and makes the index of them. */
export type WordIndexer = {
  /** Gives the next entry's words back, each as the one string that all entries share: formats of a pack are made of the same few. */
  readonly add: (words: FormatWords) => FormatWords
  /** The index of all that was added, which `entries` holds in the same order; `pause` is awaited between slices of work. */
  readonly index: <Entry extends { readonly words: FormatWords }>(
    entries: readonly Entry[],
    pause: () => Promise<void>,
  ) => Promise<WordIndex<Entry>>
}

/** How many places of words are looked at between two pauses: a few milliseconds of work. */
const slice = 5_000

/**
 * Indexes entries by the rarest of their fixed words, so that a text meets only the entries that can fit.
 * Entries without fixed words meet every text.
 */
export const createWordIndexer = (): WordIndexer => {
  const buckets = new Map<string, Bucket>()
  let count = 0

  const share = (word: string): string => {
    let bucket = buckets.get(word)
    if (bucket === undefined) {
      bucket = { word, entries: [], keyed: [] }
      buckets.set(word, bucket)
    }
    if (bucket.entries.at(-1) !== count) bucket.entries.push(count)
    return bucket.word
  }

  return {
    add: ({ leading, later }) => {
      const words = {
        leading: leading.map(share),
        later: later.length === 0 ? later : later.map(share),
      }
      count++
      return words
    },
    index: async (entries, pause) => {
      const isKeyed = new Uint8Array(count)
      let looked = 0
      // The rarest first: whoever is keyed by a word is keyed by its rarest.
      for (
        const { entries: own, keyed } of [...buckets.values()].sort(byRarity)
      ) {
        for (const at of own) {
          if (isKeyed[at] === 1) continue
          isKeyed[at] = 1
          keyed.push(at)
        }
        looked += own.length
        if (looked < slice) continue
        looked = 0
        await pause()
      }
      const always = [...isKeyed.keys()].filter((at) => isKeyed[at] === 0)
      return wordIndex(entries, buckets, always)
    },
  }
}

const byRarity = (left: Bucket, right: Bucket): number => left.entries.length - right.entries.length

const wordIndex = <Entry extends { readonly words: FormatWords }>(
  entries: readonly Entry[],
  buckets: ReadonlyMap<string, Bucket>,
  always: readonly number[],
): WordIndex<Entry> => {
  const initials = Map.groupBy(buckets.keys(), (word) => word.charAt(0))
  const entryAt = (at: number): Entry[] => {
    const entry = entries[at]
    return entry === undefined ? [] : [entry]
  }
  return {
    fitting: (text) => {
      const found = [...always]
      for (const word of text.places.keys()) {
        for (const at of buckets.get(word)?.keyed ?? []) {
          const words = entries[at]?.words
          if (words !== undefined && holds(text, words)) found.push(at)
        }
      }
      return found.sort((left, right) => left - right).flatMap(entryAt)
    },
    near: (words, limit) => {
      const shared = [...new Set(words)].flatMap((word) => {
        const bucket = buckets.get(word)
        return bucket === undefined ? [] : [bucket]
      })
      shared.sort(byRarity)
      const found = new Set<number>()
      for (const { entries: own } of shared) {
        for (const at of own.slice(0, limit)) {
          if (found.size < limit) found.add(at)
        }
      }
      return [...found].flatMap(entryAt)
    },
    wordsWith: (initial) => initials.get(initial) ?? [],
  }
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
