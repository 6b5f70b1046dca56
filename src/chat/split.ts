import type { Limits } from './adapter.ts'

/** How long one part may be, numbering and fences included. */
export type SplitLimit = Pick<Limits, 'textUnits' | 'unit'>

/** Below this the numbering and a fence would leave no room for text. */
const smallest = 64
/** "(1234/1234) " and, around a part of a code block, "```language\n" and "\n```". */
const numbering = 12
const longestLanguage = 16
const fenceRoom = 4 + longestLanguage + 4

/**
 * The text in parts that a service takes, in order, nothing left out: cut between lines where that is possible, else at a
 * blank, never inside a character. A code block that is cut is closed and opened again, and several parts are numbered.
 * Takes time linear in the text. Throws RangeError for a limit under 64 units.
 */
export const split = (text: string, limit: SplitLimit): readonly string[] =>
  splitAtMost(text, limit, Infinity) ?? []

/** As `split`, or undefined where there are more than `most` parts: what lies behind those is not looked at. */
export const splitAtMost = (
  text: string,
  limit: SplitLimit,
  most: number,
): readonly string[] | undefined => {
  const parts: string[] = []
  for (const part of partsOf(text, limit)) {
    if (parts.length >= most) return undefined
    parts.push(part)
  }
  if (parts.length <= 1) return parts
  return parts.map((part, index) => `(${index + 1}/${parts.length}) ${part}`)
}

/** The first part, without a number. What lies behind it is not looked at. */
export const firstPartOf = (text: string, limit: SplitLimit): string => {
  for (const part of partsOf(text, limit)) return part
  return ''
}

const partsOf = (text: string, { textUnits, unit }: SplitLimit): Iterable<string> => {
  if (textUnits < smallest) throw new RangeError(`A message of ${textUnits} units holds no text.`)
  const size = unit === 'bytes' ? Buffer.byteLength : (piece: string) => piece.length
  return size(text) <= textUnits ? [text] : fill(text, textUnits - numbering - fenceRoom, size)
}

type Size = (text: string) => number

/** Packs lines into parts of at most `room` units of text, fences balanced. */
function* fill(text: string, room: number, size: Size): Generator<string> {
  let lines: string[] = []
  let used = 0
  /** The opening line of the code block that the next line lies in. */
  let fence: string | undefined

  for (const line of linesOf(text)) {
    for (const piece of pieces(line, room, size)) {
      const cost = size(piece) + 1
      if (used > 0 && used + cost > room) {
        yield [...lines, ...(fence === undefined ? [] : ['```'])].join('\n')
        lines = fence === undefined ? [] : [fence]
        used = 0
      }
      lines.push(piece)
      used += cost
    }
    if (/^\s*```/.test(line)) {
      fence = fence === undefined ? openingOf(line) : undefined
    }
  }
  if (used > 0) yield lines.join('\n')
}

/** One after the other: a list of all of them may take ten times as much room as the text. */
function* linesOf(text: string): Generator<string> {
  let start = 0
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
    yield text.slice(start, end)
    start = end + 1
  }
  yield text.slice(start)
}

const openingOf = (line: string): string => line.trim().slice(0, 3 + longestLanguage)

/** One line in pieces of at most `room - 1` units. */
function* pieces(line: string, room: number, size: Size): Generator<string> {
  if (size(line) < room) return yield line
  for (let start = 0; start < line.length;) {
    const end = endOfPiece(line, start, room - 1, size)
    yield line.slice(start, end)
    start = end
  }
}

/** Where the piece that starts at `start` ends: behind a blank in its last quarter, or where it is full. */
const endOfPiece = (line: string, start: number, room: number, size: Size): number => {
  let end = start
  let used = 0
  let blank = start
  while (end < line.length) {
    const character = String.fromCodePoint(line.codePointAt(end) as number)
    const cost = size(character)
    if (used + cost > room) break
    used += cost
    end += character.length
    if (character === ' ' && used > room * 0.75) blank = end
  }
  if (end === line.length) return end
  return blank > start ? blank : beforeMarks(line, start, end)
}

/** Accents, joiners and variation selectors stay with their character, if it is near. */
const beforeMarks = (line: string, start: number, end: number): number => {
  for (let at = end; at > start && end - at < 16; at--) {
    if (isLowSurrogate(line.charCodeAt(at))) continue
    const joins = /^[\p{M}\u200d\ufe0f]/u.test(line.slice(at, at + 2)) || line[at - 1] === '\u200d'
    if (!joins) return at
  }
  return end
}

const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff
