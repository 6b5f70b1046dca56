/** Tells which formats share words with a text. Formats and fixed words go by their numbers. */
export type WordIndex = {
  /** All fixed words there are, by their numbers. */
  readonly words: readonly string[]
  readonly numberOf: (word: string) => number | undefined
  /** The fixed words that begin with a letter. */
  readonly beginningWith: (initial: string) => readonly number[]
  /** The formats that have a fixed word, in order. */
  readonly formatsWith: (word: number) => readonly number[]
  /** The fixed words of all formats, one format behind the other, and where those of each begin. */
  readonly all: readonly number[]
  readonly begins: readonly number[]
}

/** How many formats are looked at between two pauses: some milliseconds of work. */
const slice = 500

/** Indexes the fixed words of formats 0 to `count - 1`; `pause` is awaited between slices of work. */
export const indexWords = async (
  count: number,
  wordsOf: (format: number) => readonly string[],
  pause: () => Promise<void>,
): Promise<WordIndex> => {
  const words: string[] = []
  const formatsOf: number[][] = []
  const numbers = new Map<string, number>()
  // The words of all formats, in one list: formats of a pack are made of the same few.
  const all: number[] = []
  const begins: number[] = []

  const add = (word: string, format: number): void => {
    let number = numbers.get(word)
    if (number === undefined) {
      number = words.push(word) - 1
      numbers.set(word, number)
      formatsOf.push([])
    }
    all.push(number)
    const formats = formatsOf[number]
    if (formats?.at(-1) !== format) formats?.push(format)
  }

  for (let format = 0; format < count; format++) {
    begins.push(all.length)
    for (const word of wordsOf(format)) if (word !== '') add(word, format)
    if (format % slice === slice - 1) await pause()
  }
  begins.push(all.length)

  const initials = Map.groupBy(words.keys(), (number) => words[number]?.charAt(0) ?? '')
  return {
    words,
    numberOf: (word) => numbers.get(word),
    beginningWith: (initial) => initials.get(initial) ?? [],
    formatsWith: (word) => formatsOf[word] ?? [],
    all,
    begins,
  }
}
