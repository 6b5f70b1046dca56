import type { FormatWords } from './words.ts'

/** Tells which formats share words with a text. Formats go by their numbers. */
export type WordIndex = {
  /** Formats that have any of these words, those that have the rarest words first; at most `limit`. */
  readonly near: (words: readonly string[], limit: number) => readonly number[]
  /** The fixed words of all formats that begin with a letter. */
  readonly wordsWith: (initial: string) => readonly string[]
  readonly wordsOf: (format: number) => FormatWords
}

/** A fixed word, and the formats that have it, in order. */
type Bucket = { readonly word: string; readonly formats: number[] }

/** How many formats are looked at between two pauses: some milliseconds of work. */
const slice = 500

/** Indexes the fixed words of formats 0 to `count - 1`; `pause` is awaited between slices of work. */
export const indexWords = async (
  count: number,
  wordsOf: (format: number) => FormatWords,
  pause: () => Promise<void>,
): Promise<WordIndex> => {
  const buckets: Bucket[] = []
  const numbers = new Map<string, number>()
  // The words of all formats by their numbers, in one list: formats of a pack are made of the same few.
  const words: number[] = []
  const begins: number[] = []
  const leads: number[] = []

  const add = (word: string, format: number): void => {
    let number = numbers.get(word)
    if (number === undefined) {
      number = buckets.length
      numbers.set(word, number)
      buckets.push({ word, formats: [] })
    }
    words.push(number)
    const formats = buckets[number]?.formats
    if (formats?.at(-1) !== format) formats?.push(format)
  }

  for (let format = 0; format < count; format++) {
    const { leading, later } = wordsOf(format)
    begins.push(words.length)
    leads.push(leading.length)
    for (const word of leading) add(word, format)
    for (const word of later) add(word, format)
    if (format % slice === slice - 1) await pause()
  }
  begins.push(words.length)

  const initials = Map.groupBy(numbers.keys(), (word) => word.charAt(0))
  const bucketOf = (word: string): readonly Bucket[] => {
    const bucket = buckets[numbers.get(word) ?? -1]
    return bucket === undefined ? [] : [bucket]
  }
  return {
    near: (wanted, limit) => {
      const shared = [...new Set(wanted)].flatMap(bucketOf)
        .sort((left, right) => left.formats.length - right.formats.length)
      const found = new Set<number>()
      for (const { formats } of shared) {
        for (const format of formats.slice(0, limit)) {
          if (found.size < limit) found.add(format)
        }
      }
      return [...found]
    },
    wordsWith: (initial) => initials.get(initial) ?? [],
    wordsOf: (format) => {
      const own = words.slice(begins[format], begins[format + 1])
        .map((number) => buckets[number]?.word ?? '')
      const lead = leads[format] ?? 0
      return { leading: own.slice(0, lead), later: own.slice(lead) }
    },
  }
}
