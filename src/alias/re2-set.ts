import { blankSet } from './blanks.ts'
import { flagBits, type SetItem } from './python-regex/nodes.ts'

/** A format that RE2 cannot express; `reason` names the construct. */
export class Inexpressible extends Error {
  override readonly name = 'Inexpressible'
}

/** One character for RE2, escaped unless it is plainly itself. */
export const character = (code: number): string =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) ||
    (code > 0xa0 && code < 0xd800)
    ? String.fromCodePoint(code)
    : `\\x{${code.toString(16)}}`

const notBlankSet = '\\x00-\\x08\\x0e-\\x1b!-\\x{84}\\x{86}-\\x{9f}\\x{a1}-\\x{167f}' +
  '\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}' +
  '\\x{2060}-\\x{2fff}\\x{3001}-\\x{10ffff}'

// Python's letters and digits of `\w` are `str.isalnum` and the underscore.
const unicodeClasses = {
  d: '\\p{Nd}',
  D: '\\P{Nd}',
  s: blankSet,
  S: notBlankSet,
  w: '\\p{L}\\p{N}_',
} as const

const asciiClasses = {
  d: '0-9',
  D: '\\x00-/:-\\x{10ffff}',
  s: '\\t-\\r ',
  S: '\\x00-\\x08\\x0e-\\x1f!-\\x{10ffff}',
  w: '0-9A-Za-z_',
} as const

/** A set for RE2, with Python's notion of digits, blanks and word characters. Throws Inexpressible. */
export function writeSet(items: readonly SetItem[], negated: boolean, flags: number): string {
  const classes = (flags & flagBits.a) === 0 ? unicodeClasses : asciiClasses
  let inside = ''
  let notWord = false
  for (const item of items) {
    if (item.kind === 'range') {
      inside += item.from === item.to
        ? character(item.from)
        : `${character(item.from)}-${character(item.to)}`
    } else if (item.letter === 'W') notWord = true
    else inside += classes[item.letter]
  }
  if (!notWord) return `[${negated ? '^' : ''}${inside}]`
  if (inside === '') return `[${negated ? '' : '^'}${classes.w}]`
  if (negated) throw new Inexpressible('a set such as [^\\Wx]')
  return `(?:[^${classes.w}]|[${inside}])`
}
