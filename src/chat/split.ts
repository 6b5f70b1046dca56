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
export const split = (text: string, { textUnits, unit }: SplitLimit): readonly string[] => {
  if (textUnits < smallest) throw new RangeError(`A message of ${textUnits} units holds no text.`)
  const size = unit === 'bytes' ? Buffer.byteLength : (piece: string) => piece.length
  if (size(text) <= textUnits) return [text]
  const parts = fill(text, textUnits - numbering - fenceRoom, size)
  return parts.map((part, index) => `(${index + 1}/${parts.length}) ${part}`)
}

type Size = (text: string) => number

/** Packs lines into parts of at most `room` units of text, fences balanced. */
const fill = (text: string, room: number, size: Size): readonly string[] => {
  const parts: string[] = []
  let lines: string[] = []
  let used = 0
  /** The opening line of the code block that the next line lies in. */
  let fence: string | undefined

  const endPart = (): void => {
    parts.push([...lines, ...(fence === undefined ? [] : ['```'])].join('\n'))
    lines = fence === undefined ? [] : [fence]
    used = 0
  }

  for (const line of text.split('\n')) {
    for (const piece of pieces(line, room, size)) {
      const cost = size(piece) + 1
      if (used > 0 && used + cost > room) endPart()
      lines.push(piece)
      used += cost
    }
    if (/^\s*```/.test(line)) {
      fence = fence === undefined ? openingOf(line) : undefined
    }
  }
  if (used > 0) parts.push(lines.join('\n'))
  return parts
}

const openingOf = (line: string): string => line.trim().slice(0, 3 + longestLanguage)

/** One line in pieces of at most `room - 1` units. */
const pieces = (line: string, room: number, size: Size): readonly string[] => {
  if (size(line) < room) return [line]
  const cut: string[] = []
  for (let start = 0; start < line.length;) {
    const end = endOfPiece(line, start, room - 1, size)
    cut.push(line.slice(start, end))
    start = end
  }
  return cut
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
