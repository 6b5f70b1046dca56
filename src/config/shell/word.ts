import { createParts, type Parts } from './parts.ts'
import type { Reader } from './reader.ts'
import type { Refuse } from './refusal.ts'
import { createRefusals } from './refusals.ts'
import type { Operator, Part, Word } from './syntax.ts'

/** Reads words: what stands behind `=`, up to the blank, semicolon or line break that ends it. */
export type WordReader = {
  /** `colonTilde`: a `~` behind a colon counts too, as in assignments. */
  readonly word: (colonTilde: boolean) => Word
  /** A variable's name, or '' when none stands here. */
  readonly name: () => string
}

/** Deeper nesting is no configuration but an attack on the stack. */
const deepest = 40

export const createWordReader = (reader: Reader, refuse: Refuse): WordReader => {
  const { peek, take, takeRaw } = reader
  const refusals = createRefusals(refuse)

  const name = (): string => {
    if (!/[A-Za-z_]/.test(peek())) return ''
    let text = ''
    while (/[A-Za-z0-9_]/.test(peek())) text += take()
    return text
  }

  /** `${...}`, behind the `{`. */
  const braces = (quoted: boolean, colonTilde: boolean, depth: number, line: number): Part => {
    if (depth > deepest) refusals.nested(line)
    const variable = name()
    if (variable === '') return refusals.noName(line, peek())
    const first = peek()
    if (first === '}') {
      take()
      return { kind: 'variable', name: refusals.unlessShells(variable, line), line }
    }
    if (first === ':') take()
    const sign = peek()
    if (sign === '' && first === '') return refusals.unterminated(line, 'a ${')
    if (!/^[-=+?]$/.test(sign)) return refusals.operator(line)
    take()
    const operator = `${first === ':' ? ':' : ''}${sign}` as Operator
    const word = braceWord(quoted, colonTilde, depth, line)
    return { kind: 'variable', name: refusals.unlessShells(variable, line), line, operator, word }
  }

  /** Behind a `$`. */
  const dollar = (quoted: boolean, colonTilde: boolean, depth: number, line: number): Part => {
    const next = peek()
    if (next === '{') {
      take()
      return braces(quoted, colonTilde, depth + 1, line)
    }
    if (next === '(') return refusals.command(line)
    if (/^[0-9@*#?$!-]$/.test(next)) return refusals.special(line, next)
    if (!quoted && (next === "'" || next === '"')) {
      return refusals.shellQuotes(line, next)
    }
    const variable = name()
    return variable === ''
      ? { kind: 'text', text: '$' }
      : { kind: 'variable', name: refusals.unlessShells(variable, line), line }
  }

  const singleQuotes = (parts: Parts): void => {
    const line = reader.line()
    take()
    for (;;) {
      const character = takeRaw()
      if (character === '') refusals.unterminated(line, 'a single quote')
      if (character === "'") break
      parts.text(character)
    }
    parts.quoted()
  }

  /** A backslash between double quotes escapes only what is special there. */
  const quotedBackslash = (parts: Parts, special: string): void => {
    take()
    const next = takeRaw()
    parts.text(next !== '' && special.includes(next) ? next : `\\${next}`)
  }

  const doubleQuotes = (parts: Parts, insideBraces: boolean, depth: number): void => {
    const line = reader.line()
    take()
    for (;;) {
      const here = reader.line()
      const character = peek()
      if (character === '') refusals.unterminated(line, 'a double quote')
      if (character === '\\') quotedBackslash(parts, insideBraces ? '\\`$"}' : '\\`$"')
      else if (character === '`') refusals.command(here)
      else if (character === '$') {
        take()
        parts.add(dollar(true, false, depth, here))
      } else {
        take()
        if (character === '"') break
        parts.text(character)
      }
    }
    parts.quoted()
  }

  /** The word of `${A:-word}` between double quotes; further double quotes only switch `}` off. */
  const quotedBraceWord = (parts: Parts, depth: number, line: number): void => {
    let inner = false
    for (;;) {
      const here = reader.line()
      const character = peek()
      if (character === '') refusals.unterminated(line, 'a ${')
      if (character === '\\') {
        quotedBackslash(parts, '\\`$"}')
        continue
      }
      if (character === '`') refusals.command(here)
      take()
      if (character === '}' && !inner) return
      if (character === '"') inner = !inner
      else if (character === '$') parts.add(dollar(true, false, depth, here))
      else parts.text(character)
    }
  }

  /** What may stand unquoted both in a word and between braces. False when it is something else. */
  const common = (parts: Parts, insideBraces: boolean, depth: number): boolean => {
    const line = reader.line()
    const character = peek()
    if (character === "'") singleQuotes(parts)
    else if (character === '"') doubleQuotes(parts, insideBraces, depth)
    else if (character === '`') refusals.command(line)
    else if (character === '\\') {
      take()
      const next = takeRaw()
      parts.text(next === '' ? '\\' : next)
      parts.quoted()
    } else if (character === '$') {
      take()
      parts.add(dollar(false, parts.colonTilde, depth, line))
    } else if (character === '~' && parts.mayBeHome()) tilde(parts, insideBraces, line)
    else return false
    return true
  }

  const tilde = (parts: Parts, insideBraces: boolean, line: number): void => {
    take()
    const next = peek()
    const ends = insideBraces ? '}/' : ' \t\n;/'
    if (next === '' || ends.includes(next) || (next === ':' && parts.colonTilde)) {
      parts.add({ kind: 'home' })
    } else if (/['"\\$]/.test(next)) parts.text('~')
    else refusals.home(line)
  }

  const braceWord = (quoted: boolean, colonTilde: boolean, depth: number, line: number): Word => {
    const parts = createParts(colonTilde)
    if (quoted) {
      quotedBraceWord(parts, depth, line)
      return parts.done()
    }
    for (;;) {
      const character = peek()
      if (character === '') refusals.unterminated(line, 'a ${')
      if (common(parts, true, depth)) continue
      take()
      if (character === '}') return parts.done()
      parts.literal(character)
    }
  }

  const word = (colonTilde: boolean): Word => {
    const parts = createParts(colonTilde)
    for (;;) {
      const character = peek()
      if (character === '' || /[ \t\n;]/.test(character)) return parts.done()
      if (/[&|<>()]/.test(character)) refusals.joining(character, reader.line())
      if (!common(parts, false, 0)) parts.literal(take())
    }
  }

  return { word, name }
}
