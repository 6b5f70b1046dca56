import { foldWord } from './fixed-text.ts'
import { splitWords } from './words.ts'

/** A text's words, folded. */
export type TextWords = {
  readonly list: readonly string[]
  /** Where a word stands next, from a place on; -1 if it does not. */
  readonly next: (word: string, from: number) => number
}

/** Characters of which only letter case is folded, and no other gap than a blank: nearly every command. */
const simple = /^[ !-_a-~]*$/

/** Folds a text's words. Linear in its length. */
export const textWords = (text: string): TextWords => {
  const list = simple.test(text) ? simpleWords(text) : splitWords(text).map(foldWord)
  let places: Map<string, number[]> | undefined
  return {
    list,
    next: (word, from) => (places ??= placesOf(list)).get(word)?.find((at) => at >= from) ?? -1,
  }
}

/** Native searches do the work: a command comes once in a while, and the JIT has never seen this. */
const simpleWords = (text: string): readonly string[] => {
  const words = text.trim().toLowerCase().split(' ')
  return words.includes('') ? words.filter((word) => word !== '') : words
}

const placesOf = (list: readonly string[]): Map<string, number[]> => {
  const places = new Map<string, number[]>()
  list.forEach((word, at) => {
    const known = places.get(word)
    if (known === undefined) places.set(word, [at])
    else known.push(at)
  })
  return places
}
