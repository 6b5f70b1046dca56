import { isBlank, skipBlanks, skipWord } from './blanks.ts'

/** A command taken apart as the server does it before it looks at any format. */
export type Extras = {
  /** What the format is matched against: the command without its tail, one blank in front and behind. */
  readonly subject: string
  /** The `key=value` pairs of the tail, in order; a later pair of the same key wins. */
  readonly pairs: readonly (readonly [key: string, value: string])[]
  /** Where each pair's key begins, counted from the start of the tail. */
  readonly starts: readonly number[]
  /** The tail itself, blanks in front included; empty if there is none. */
  readonly tail: string
}

const doubleQuote = 34
const singleQuote = 39
const equals = 61
const openBrace = 123

/**
 * Takes the longest run of `key=value` pairs off the end of a command, in time linear in its length.
 * As on the server *every* occurrence of the tail's text goes, not just the last.
 */
export function takeExtras(command: string): Extras {
  // Most commands have no pairs, and a search for one character costs nothing.
  const start = command.includes('=') ? tailStart(command) : undefined
  if (start === undefined) return { subject: ` ${command} `, pairs: [], starts: [], tail: '' }
  const tail = command.slice(start)
  const head = command.replaceAll(tail, '')
  return { subject: ` ${head} `, ...scanPairs(tail), tail }
}

/**
 * Where the tail begins: before the blanks of the earliest word from which pairs reach the end of the text.
 *
 * Read from the end: `complete[p]` holds when a value may end at `p`, that is when only blanks or a run of pairs follow.
 * Whether pairs run from a word on then depends on positions behind it only, each looked at once.
 */
function tailStart(text: string): number | undefined {
  const words = wordStarts(text)
  const closers = { [doubleQuote]: -1, [singleQuote]: -1, [openBrace]: -1 }
  const complete = new Uint8Array(text.length + 1)
  let nextWordRuns = true
  let first: number | undefined
  for (let index = words.length - 1; index >= 0; index--) {
    const word = words[index] ?? 0
    const wordEnd = skipWord(text, word)
    if (nextWordRuns) complete[wordEnd] = 1
    // The last place where each kind of quoted value may end; the last one is as good as any.
    const closer = text[wordEnd - 1]
    if (complete[wordEnd] === 1) {
      if (closer === '"' && closers[doubleQuote] === -1) closers[doubleQuote] = wordEnd - 1
      if (closer === "'" && closers[singleQuote] === -1) closers[singleQuote] = wordEnd - 1
      if (closer === '}' && closers[openBrace] === -1) closers[openBrace] = wordEnd - 1
    }
    nextWordRuns = runsFrom(text, word, wordEnd, complete, closers)
    if (nextWordRuns) first = index
  }
  if (first === undefined) return undefined
  if (first === 0) return 0
  return skipWord(text, words[first - 1] ?? 0)
}

function wordStarts(text: string): readonly number[] {
  const starts: number[] = []
  for (let at = skipBlanks(text, 0); at < text.length; at = skipBlanks(text, skipWord(text, at))) {
    starts.push(at)
  }
  return starts
}

type Closers = Readonly<Record<typeof doubleQuote | typeof singleQuote | typeof openBrace, number>>

/** Whether a run of pairs that begins with the word at `word` reaches the end of the text. */
function runsFrom(
  text: string,
  word: number,
  wordEnd: number,
  complete: Uint8Array,
  closers: Closers,
): boolean {
  for (let at = word + 1; at < wordEnd; at++) {
    if (text.charCodeAt(at) === equals && valueFits(text, at + 1, wordEnd, complete, closers)) {
      return true
    }
  }
  const after = skipBlanks(text, wordEnd)
  if (after === wordEnd || text.charCodeAt(after) !== equals) return false
  return valueFits(text, after + 1, skipWord(text, after), complete, closers)
}

/** Whether a value that begins at `at` can end where the rest is complete. `wordEnd` ends the word around it. */
function valueFits(
  text: string,
  at: number,
  wordEnd: number,
  complete: Uint8Array,
  closers: Closers,
): boolean {
  if (at >= wordEnd) return false
  if (complete[wordEnd] === 1) return true
  const opener = text.charCodeAt(at)
  if (opener !== doubleQuote && opener !== singleQuote && opener !== openBrace) return false
  // At least one character stands between an opener and its closer; `""` ends its word and was met above.
  return closers[opener] >= at + 2
}

/** The pairs of a tail, found from left to right without regard to what follows each of them. */
function scanPairs(tail: string): Pick<Extras, 'pairs' | 'starts'> {
  const pairs: [string, string][] = []
  const starts: number[] = []
  const nextQuote = closerFinder(tail)
  let at = 0
  let mayStart = true
  while (at < tail.length) {
    if (!mayStart && !isBlank(tail.charCodeAt(at))) at = skipWord(tail, at)
    const word = skipBlanks(tail, at)
    if (word >= tail.length) break
    const wordEnd = skipWord(tail, word)
    const mark = findEquals(tail, word, wordEnd)
    mayStart = false
    if (mark === undefined) {
      at = wordEnd
      continue
    }
    const key = tail.slice(word, Math.min(mark, wordEnd))
    const { value, end } = readValue(tail, mark + 1, nextQuote)
    pairs.push([key, value])
    starts.push(word)
    at = end
  }
  return { pairs, starts }
}

/** The first `=` that ends a key and is followed at once by a value. */
function findEquals(text: string, word: number, wordEnd: number): number | undefined {
  for (let at = word + 1; at < wordEnd - 1; at++) {
    if (text.charCodeAt(at) === equals) return at
  }
  const after = skipBlanks(text, wordEnd)
  if (after === wordEnd || text.charCodeAt(after) !== equals) return undefined
  return after + 1 < text.length && !isBlank(text.charCodeAt(after + 1)) ? after : undefined
}

function readValue(
  text: string,
  at: number,
  nextCloser: (character: string, from: number) => number,
): { value: string; end: number } {
  const opener = text[at]
  if (opener === '"' || opener === "'") {
    if (text[at + 1] === opener) return { value: '', end: at + 2 }
    const close = nextCloser(opener, at + 2)
    if (close !== -1) return { value: text.slice(at + 1, close), end: close + 1 }
  } else if (opener === '{') {
    const close = nextCloser('}', at + 2)
    if (close !== -1) return { value: text.slice(at, close + 1), end: close + 1 }
  }
  const end = skipWord(text, at)
  return { value: text.slice(at, end), end }
}

/** `indexOf` that remembers when a character does not come again, so that many misses cost one scan. */
function closerFinder(text: string): (character: string, from: number) => number {
  const last = new Map<string, number>()
  return (character, from) => {
    const final = last.get(character) ?? text.lastIndexOf(character)
    last.set(character, final)
    return from > final ? -1 : text.indexOf(character, from)
  }
}
