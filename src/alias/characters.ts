import { isBlank } from './blanks.ts'
import { flagBits, type Node, type SetItem } from './python-regex/nodes.ts'

/** Whether a character fits a node of one character, as Python has it. */
export function characterTest(node: Node, flags: number): (code: number) => boolean {
  const fold = (flags & flagBits.i) !== 0
  if (node.op === 'literal') {
    const { code } = node
    return fold ? (other) => sameFolded(code, other) : (other) => code === other
  }
  if (node.op === 'set') {
    const { items, negated } = node
    const ascii = (flags & flagBits.a) !== 0
    const holds = (code: number) => items.some((item) => itemHolds(item, code, ascii))
    return fold
      ? (code) => variants(code).some(holds) !== negated
      : (code) => holds(code) !== negated
  }
  return (flags & flagBits.s) === 0 ? (code) => code !== 10 : () => true
}

function itemHolds(item: SetItem, code: number, ascii: boolean): boolean {
  if (item.kind === 'range') return item.from <= code && code <= item.to
  const letter = item.letter.toLowerCase()
  const holds = letter === 'd'
    ? isDigit(code, ascii)
    : letter === 's'
    ? isBlank(code) && (!ascii || (code < 0x80 && (code === 32 || code < 0x0e)))
    : isWord(code, ascii)
  return holds === (letter === item.letter)
}

function isDigit(code: number, ascii: boolean): boolean {
  if (code < 0x80 || ascii) return code >= 48 && code <= 57
  return /^\p{Nd}$/u.test(String.fromCodePoint(code))
}

function isWord(code: number, ascii: boolean): boolean {
  if (code < 0x80 || ascii) {
    return code === 95 || isDigit(code, true) || (code >= 65 && code <= 90) ||
      (code >= 97 && code <= 122)
  }
  return /^[\p{L}\p{N}]$/u.test(String.fromCodePoint(code))
}

/** Whether an anchor holds at a position. */
export function placeTest(
  place: string,
  codes: readonly number[],
  flags: number,
): (at: number) => boolean {
  const lines = (flags & flagBits.m) !== 0
  const ascii = (flags & flagBits.a) !== 0
  const word = (at: number) => at >= 0 && at < codes.length && isWord(codes[at] ?? 0, ascii)
  switch (place) {
    case 'beginning':
      return (at) => at === 0 || (lines && codes[at - 1] === 10)
    case 'beginning-string':
      return (at) => at === 0
    case 'end':
      return (at) => at === codes.length || (codes[at] === 10 && (lines || at === codes.length - 1))
    case 'end-string':
      return (at) => at === codes.length
    case 'boundary':
      return (at) => word(at - 1) !== word(at)
    default:
      return (at) => codes.length > 0 && word(at - 1) === word(at)
  }
}

/** Whether two characters are one if letter case does not count. */
export const sameFolded = (left: number, right: number): boolean =>
  left === right || variants(left).some((variant) => variants(right).includes(variant))

/** The characters that Python holds equal to one when letter case does not count. */
function variants(code: number): readonly number[] {
  const text = String.fromCodePoint(code)
  const others = [text.toLowerCase(), text.toUpperCase(), text.toUpperCase().toLowerCase()]
    .filter((other) => Array.from(other).length === 1)
    .map((other) => other.codePointAt(0) ?? code)
  // Python adds the two Turkish letters to "i" (its table of ignorable cases).
  const turkish = [0x49, 0x69, 0x130, 0x131].includes(code) ? [0x69] : []
  return [...new Set([code, ...others, ...turkish])]
}
