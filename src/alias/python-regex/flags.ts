import { flagBits } from './nodes.ts'
import type { Tokens } from './tokens.ts'

const typeFlags = flagBits.a | flagBits.L | flagBits.u
/** `(?` letters that Python knows as flags. */
export const isFlag = (letter: string): letter is keyof typeof flagBits =>
  Object.hasOwn(flagBits, letter)

export type InlineFlags =
  | { readonly kind: 'global'; readonly add: number }
  | { readonly kind: 'scoped'; readonly add: number; readonly remove: number }

/** Reads `(?i)`, `(?i:` or `(?i-s:` from its first letter or `-` on. Throws PatternError. */
export function readFlags(tokens: Tokens, start: string): InlineFlags {
  const { bits: add, end } = start === '-' ? { bits: 0, end: '-' } : readAdded(tokens, start)
  if (end === ')') return { kind: 'global', add }
  const remove = end === '-' ? readRemoved(tokens) : 0
  if ((add & remove) !== 0) {
    throw tokens.error('bad inline flags: flag turned on and off', 1)
  }
  return { kind: 'scoped', add, remove }
}

function readAdded(tokens: Tokens, start: string): { bits: number; end: string } {
  let letter: string | undefined = start
  let bits = 0
  for (;;) {
    const flag: number = isFlag(letter) ? flagBits[letter] : 0
    if (letter === 'L') {
      throw tokens.error("bad inline flags: cannot use 'L' flag with a str pattern")
    }
    bits |= flag
    if ((flag & typeFlags) !== 0 && (bits & typeFlags) !== flag) {
      throw tokens.error("bad inline flags: flags 'a', 'u' and 'L' are incompatible")
    }
    letter = tokens.get()
    if (letter === undefined) throw tokens.error('missing -, : or )')
    if (letter === ')' || letter === '-' || letter === ':') return { bits, end: letter }
    checkLetter(tokens, letter, 'missing -, : or )')
  }
}

function readRemoved(tokens: Tokens): number {
  let letter = tokens.get()
  if (letter === undefined) throw tokens.error('missing flag')
  checkLetter(tokens, letter, 'missing flag')
  let bits = 0
  for (;;) {
    const flag: number = isFlag(letter) ? flagBits[letter] : 0
    if ((flag & typeFlags) !== 0) {
      throw tokens.error("bad inline flags: cannot turn off flags 'a', 'u' and 'L'")
    }
    bits |= flag
    letter = tokens.get()
    if (letter === undefined) throw tokens.error('missing :')
    if (letter === ':') return bits
    checkLetter(tokens, letter, 'missing :')
  }
}

function checkLetter(tokens: Tokens, letter: string, missing: string): void {
  if (isFlag(letter)) return
  const reason = /^\p{L}+$/u.test(letter) ? 'unknown flag' : missing
  throw tokens.error(reason, letter.length)
}
