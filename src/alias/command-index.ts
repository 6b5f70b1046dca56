import type { TextWords } from './text-words.ts'
import type { FormatWords } from './words.ts'

/** Finds the few formats that a text can fit. Formats go by their numbers. */
export type CommandIndex = {
  /** In the order of the numbers. Every format that fits is among them, and few others. */
  readonly fitting: (text: TextWords) => readonly number[]
}

/** Takes formats in, and makes the index of them. */
export type CommandIndexer = {
  /** `leading`: the fixed words that every fitting command begins with, a blank between two; empty if there are none. */
  readonly add: (format: number, leading: string) => void
  /** `wordsOf` is asked for a few formats only; `pause` is awaited between slices of work. */
  readonly index: (
    wordsOf: (format: number) => FormatWords,
    pause: () => Promise<void>,
  ) => Promise<CommandIndex>
}

/** So many formats that begin alike are held against each text that does; where there are more, their other words count too. */
const crowd = 8

/** How many formats are looked at between two pauses: some milliseconds of work. */
const slice = 500

/**
 * Formats lie under the whole of the words that they begin with, and a text is looked up by its first word, its first two, and so on: nearly
 * all formats are found without being taken apart. Those that begin with a placeholder or an expression, or like many others, lie under
 * the rarest of all their fixed words; without any, they meet every text.
 */
export const createCommandIndexer = (): CommandIndexer => {
  const added: number[] = []
  const loose: number[] = []
  let longest = 0

  return {
    add: (format, leading) => {
      if (leading === '' || format >= mostFormats) {
        loose.push(format)
        return
      }
      if (leading.length > longest) longest = leading.length
      added.push(keyOf(leading) + format)
    },
    index: async (wordsOf, pause) => {
      const sorted = Float64Array.from(added).sort()
      const crowded = crowdedIn(sorted)
      for (const entry of crowded) loose.push(entry % mostFormats)
      const entries = crowded.size === 0 ? sorted : sorted.filter((entry) => !crowded.has(entry))
      const rare = await indexByRarest(loose, wordsOf, pause)
      return {
        fitting: (text) => {
          const found = [...rare(text)]
          let leading = ''
          for (const word of text.list) {
            leading = leading === '' ? word : `${leading} ${word}`
            if (leading.length > longest) break
            const key = keyOf(leading)
            for (let at = firstFrom(entries, key); at < entries.length; at++) {
              const format = (entries[at] ?? NaN) - key
              if (!(format < mostFormats)) break
              found.push(format)
            }
          }
          // Once, also where two of the text's beginnings have the same key.
          return [...new Set(found)].sort((left, right) => left - right)
        },
      }
    },
  }
}

/** Further ones are looked for by their other words. With 32 bits of a hash in front it is the most that a number holds exactly. */
const mostFormats = 2 ** 21

/**
 * Stands for the words that a format begins with; with the number of the format added it is an entry of the index, 8 bytes in place of a text.
 * Where other words have the same, a text meets a format too many.
 */
const keyOf = (leading: string): number => Bun.hash.xxHash32(leading) * mostFormats

/** The entries whose key more than a crowd of them have. */
const crowdedIn = (sorted: Float64Array): ReadonlySet<number> => {
  const crowded = new Set<number>()
  let start = 0
  for (let at = 1; at <= sorted.length; at++) {
    const key = Math.floor((sorted[start] ?? 0) / mostFormats)
    if (Math.floor((sorted[at] ?? Infinity) / mostFormats) === key) continue
    if (at - start > crowd) { for (const entry of sorted.subarray(start, at)) crowded.add(entry) }
    start = at
  }
  return crowded
}

/** Where the first entry stands that is not less than `least`. */
const firstFrom = (sorted: Float64Array, least: number): number => {
  let [from, to] = [0, sorted.length]
  while (from < to) {
    const middle = (from + to) >>> 1
    if ((sorted[middle] ?? Infinity) < least) from = middle + 1
    else to = middle
  }
  return from
}

/** Finds formats by the rarest of their fixed words. */
const indexByRarest = async (
  formats: readonly number[],
  wordsOf: (format: number) => FormatWords,
  pause: () => Promise<void>,
): Promise<(text: TextWords) => readonly number[]> => {
  const words = new Map<number, FormatWords>()
  const counts = new Map<string, number>()
  for (const format of formats) {
    const own = wordsOf(format)
    words.set(format, own)
    for (const word of allOf(own)) counts.set(word, (counts.get(word) ?? 0) + 1)
    if (words.size % slice === 0) await pause()
  }
  const always: number[] = []
  const byWord = new Map<string, number[]>()
  const countOf = (word: string): number => counts.get(word) ?? 0
  let looked = 0
  for (const [format, own] of words) {
    if (++looked % slice === 0) await pause()
    const [first, ...others] = allOf(own)
    if (first === undefined) {
      always.push(format)
      continue
    }
    const rarest = others.reduce(
      (best, word) => countOf(word) < countOf(best) ? word : best,
      first,
    )
    const known = byWord.get(rarest)
    if (known === undefined) byWord.set(rarest, [format])
    else known.push(format)
  }
  return (text) => {
    if (byWord.size === 0) return always
    const found = [...always]
    for (const word of new Set(text.list)) {
      for (const format of byWord.get(word) ?? []) {
        const own = words.get(format)
        if (own !== undefined && holds(text, own)) found.push(format)
      }
    }
    return found
  }
}

const allOf = ({ leading, later }: FormatWords): ReadonlySet<string> =>
  new Set([...leading, ...later])

/** Whether a text begins with the leading words and has the later ones in order behind them. */
const holds = (text: TextWords, { leading, later }: FormatWords): boolean => {
  if (leading.some((word, at) => text.list[at] !== word)) return false
  let from = leading.length
  for (const word of later) {
    const place = text.next(word, from)
    if (place === -1) return false
    from = place + 1
  }
  return true
}
