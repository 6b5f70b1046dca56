import { createParts, type Parts } from './parts.ts'
import type { Reader } from './reader.ts'
import type { Refuse } from './refusal.ts'
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

/** sh changes these by itself, or takes them from where it was started. */
const shellsOwn = new Set(['LINENO', 'PPID', 'IFS', 'OPTIND', 'PS1', 'PS2', 'PS4', 'PWD', 'OLDPWD'])

/** Whether sh itself sets the variable, so that a file can neither rely on it nor change it here. */
export const isShellsOwn = (name: string): boolean => shellsOwn.has(name)

const secretAdvice =
  'write the value itself, or put it into a file of its own and write NAME_FILE=/path, or use ' +
  "systemd's LoadCredential="

export const createWordReader = (reader: Reader, refuse: Refuse): WordReader => {
  const { peek, take, takeRaw } = reader

  const name = (): string => {
    if (!/[A-Za-z_]/.test(peek())) return ''
    let text = ''
    while (/[A-Za-z0-9_]/.test(peek())) text += take()
    return text
  }

  const refuseCommand = (line: number): never =>
    refuse(line, 'the output of a command is asked for, and nothing is executed here', secretAdvice)

  const unterminated = (line: number, what: string): never =>
    refuse(line, `${what} that begins here never ends`, 'close it, or put \\ in front of it')

  /** `${...}`, behind the `{`. */
  const braces = (quoted: boolean, colonTilde: boolean, depth: number, line: number): Part => {
    if (depth > deepest) refuse(line, '${...} is nested too deeply', 'write it in several lines')
    if (peek() === '#') {
      refuse(line, '${#...} asks for a length, which is not read here', 'write the number')
    }
    const variable = name()
    if (variable === '') return notAName(line)
    const first = peek()
    if (first === '}') {
      take()
      return { kind: 'variable', name: known(variable, line), line }
    }
    if (first === ':') take()
    const sign = peek()
    if (sign === '' && first === '') return unterminated(line, 'a ${')
    if (!/^[-=+?]$/.test(sign)) {
      return refuse(
        line,
        `\${${variable}...} with this operator is not read here`,
        'only ${A}, ${A-b}, ${A:-b}, ${A=b}, ${A:=b}, ${A+b}, ${A:+b}, ${A?b} and ${A:?b} are: ' +
          'write the value out',
      )
    }
    take()
    const operator = `${first === ':' ? ':' : ''}${sign}` as Operator
    const word = braceWord(quoted, colonTilde, depth, line)
    return { kind: 'variable', name: known(variable, line), line, operator, word }
  }

  const known = (variable: string, line: number): string =>
    isShellsOwn(variable)
      ? refuse(
        line,
        `$${variable} belongs to the shell, and there is none`,
        'write the value itself',
      )
      : variable

  const notAName = (line: number): never => {
    const next = peek()
    if (next === '') return unterminated(line, 'a ${')
    return /[0-9@*$!?-]/.test(next) ? special(line) : refuse(
      line,
      '${ is not followed by the name of a variable',
      "write \\${ or '${' if you mean the characters",
    )
  }

  const special = (line: number): never =>
    refuse(
      line,
      `$${peek()} is about the shell and its arguments, and there is none`,
      'write \\$ or use single quotes if you mean the character',
    )

  /** Behind a `$`. */
  const dollar = (quoted: boolean, colonTilde: boolean, depth: number, line: number): Part => {
    const next = peek()
    if (next === '{') {
      take()
      return braces(quoted, colonTilde, depth + 1, line)
    }
    if (next === '(') return refuseCommand(line)
    if (/^[0-9@*#?$!-]$/.test(next)) return special(line)
    if (!quoted && (next === "'" || next === '"')) {
      refuse(
        line,
        `$${next} means different things in different shells`,
        'leave the $ out, or put \\ in front of it',
      )
    }
    const variable = name()
    return variable === ''
      ? { kind: 'text', text: '$' }
      : { kind: 'variable', name: known(variable, line), line }
  }

  const singleQuotes = (parts: Parts): void => {
    const line = reader.line()
    take()
    for (;;) {
      const character = takeRaw()
      if (character === '') unterminated(line, 'a single quote')
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
      if (character === '') unterminated(line, 'a double quote')
      if (character === '\\') quotedBackslash(parts, insideBraces ? '\\`$"}' : '\\`$"')
      else if (character === '`') refuseCommand(here)
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
      if (character === '') unterminated(line, 'a ${')
      if (character === '\\') {
        quotedBackslash(parts, '\\`$"}')
        continue
      }
      if (character === '`') refuseCommand(here)
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
    else if (character === '`') refuseCommand(line)
    else if (character === '\\') {
      take()
      const next = takeRaw()
      parts.text(next === '' ? '\\' : next)
      parts.quoted()
    } else if (character === '$') {
      take()
      parts.add(dollar(false, parts.colonTilde, depth, line))
    } else if (character === '~' && parts.mayBeHome()) tilde(parts, line)
    else return false
    return true
  }

  const tilde = (parts: Parts, line: number): void => {
    take()
    const next = peek()
    if (next === '' || /[\s/:;}]/.test(next)) parts.add({ kind: 'home' })
    else if (/['"\\$]/.test(next)) parts.text('~')
    else {
      refuse(
        line,
        "~ followed by a name asks for somebody's home folder",
        "write the path, or '~' in quotes if you mean the character",
      )
    }
  }

  const braceWord = (quoted: boolean, colonTilde: boolean, depth: number, line: number): Word => {
    const parts = createParts(colonTilde)
    if (quoted) {
      quotedBraceWord(parts, depth, line)
      return parts.done()
    }
    for (;;) {
      const character = peek()
      if (character === '') unterminated(line, 'a ${')
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
      if (/[&|<>()]/.test(character)) refuseOperator(character, reader.line(), refuse)
      if (!common(parts, false, 0)) parts.literal(take())
    }
  }

  return { word, name }
}

/** Refuses what would start, join or redirect commands. */
export const refuseOperator = (character: string, line: number, refuse: Refuse): never => {
  const what = character === '<' || character === '>'
    ? `${character} redirects a command's input or output`
    : character === '(' || character === ')'
    ? `${character} belongs to an array, a function or a sub-shell`
    : `${character} joins commands`
  return refuse(
    line,
    `${what}, which is not read here`,
    'put the value in quotes if the character is part of it; else one assignment a line',
  )
}
