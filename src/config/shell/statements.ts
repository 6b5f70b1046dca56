import type { Reader } from './reader.ts'
import type { Refuse } from './refusal.ts'
import type { Assignment, Statement, Word } from './syntax.ts'
import { createRefusals, isShellsOwn } from './refusals.ts'
import { createWordReader } from './word.ts'

const controlFlow = new Set(
  ['if', 'then', 'else', 'elif', 'fi', 'for', 'while', 'until', 'do', 'done', 'case', 'esac']
    .concat(['{', '}', '!', '[', '[[', 'test', 'function', 'select', 'return', 'exit']),
)

const commandRefusal = (command: string | undefined): readonly [what: string, advice: string] => {
  if (command !== undefined && controlFlow.has(command)) {
    return [
      `\`${command}\` decides what happens, and only assignments are read here`,
      'use ${A:-default} for a default; else decide where the file is written',
    ]
  }
  if (command === '.' || command === 'source') {
    return [
      `\`${command}\` reads another file, which is not done here`,
      'copy its lines into this file; for a secret write NAME_FILE=/path',
    ]
  }
  if (command === 'readonly' || command === 'local' || command === 'declare') {
    return [`\`${command}\` is not read here`, 'write export, or the assignment alone']
  }
  // It is not named: behind a ; without quotes, or alone on its line, it is as likely a part of a secret.
  return [
    'a command stands here, and nothing is executed here',
    'write NAME=value without blanks around =, and quotes around a value that holds blanks; for ' +
    "a secret that a command gives write NAME_FILE=/path or use systemd's LoadCredential=",
  ]
}

/** Reads all statements. Refuses at the first that is more than an assignment and its like. */
export const readStatements = (reader: Reader, refuse: Refuse): readonly Statement[] => {
  const { peek, take } = reader
  const words = createWordReader(reader, refuse)
  const refusals = createRefusals(refuse)

  const skipBlanks = (): void => {
    while (peek() === ' ' || peek() === '\t') take()
    if (peek() === '#') reader.skipComment()
  }

  const atEnd = (): boolean => /^[\n;]?$/.test(peek())

  /** `NAME=word` if it stands here; else nothing is taken. */
  const assignment = (): Assignment | undefined => {
    const mark = reader.mark()
    const line = reader.line()
    const name = words.name()
    if (name === '' || peek() !== '=') {
      reader.reset(mark)
      return undefined
    }
    take()
    if (isShellsOwn(name)) {
      refuse(line, `${name} belongs to the shell, and there is none`, 'take the line out')
    }
    return { name, line, word: words.word(true) }
  }

  /** A word that is written in plain letters: a command, a flag, a name. */
  const plain = (): string | undefined => {
    const word = words.word(false)
    const [part] = word
    return word.length === 1 && part?.kind === 'text' ? part.text : undefined
  }

  const exported = (): Assignment => {
    const set = assignment()
    if (set !== undefined) return set
    const mark = reader.mark()
    const line = reader.line()
    const name = words.name()
    if (name !== '' && /^[ \t\n;]?$/.test(peek())) return { name, line }
    reader.reset(mark)
    if (/[&|<>()]/.test(peek())) refusals.joining(peek(), line)
    return refuse(
      line,
      peek() === '-'
        ? 'export with a flag is not read here'
        : 'export needs the name of a variable in plain letters, digits and _',
      'write export NAME=value without blanks around =, and quotes around the value alone',
    )
  }

  const rest = <Item>(read: () => Item): readonly Item[] => {
    const items: Item[] = []
    for (skipBlanks(); !atEnd(); skipBlanks()) items.push(read())
    return items
  }

  const set = (line: number): Statement => {
    const flags = rest(plain).join(' ')
    const on = /^(-a|-o allexport)$/.test(flags)
    if (on || /^(\+a|\+o allexport)$/.test(flags)) return { kind: 'all-export', on }
    return refuse(line, 'set changes how the shell works, and there is none', 'only set -a is read')
  }

  const unset = (line: number): Statement => {
    const names = rest(plain)
    const plainNames = (names[0] === '-v' ? names.slice(1) : names)
      .flatMap((name) => name !== undefined && /^[A-Za-z_]\w*$/.test(name) ? [name] : [])
    return plainNames.length === names.length - (names[0] === '-v' ? 1 : 0)
      ? { kind: 'unset', names: plainNames }
      : refuse(line, 'unset needs names of variables in plain letters', 'write unset NAME')
  }

  const command = (line: number): Statement => {
    const name = plain()
    switch (name) {
      case 'export': {
        const assignments = rest(exported)
        return assignments.length > 0
          ? { kind: 'export', assignments }
          : refuse(line, 'export alone prints all variables', 'write export NAME=value')
      }
      case 'set':
        return set(line)
      case 'unset':
        return unset(line)
      case ':':
      case 'true':
        return { kind: 'nothing', words: rest<Word>(() => words.word(false)) }
      default:
        return refuse(line, ...commandRefusal(name))
    }
  }

  const statement = (): Statement => {
    const line = reader.line()
    const assignments: Assignment[] = []
    for (;;) {
      const one = assignment()
      if (one === undefined) break
      assignments.push(one)
      skipBlanks()
    }
    if (assignments.length === 0) return command(line)
    if (atEnd()) return { kind: 'assign', assignments }
    if (/[&|<>()]/.test(peek())) refusals.joining(peek(), reader.line())
    return refuse(
      reader.line(),
      'a command stands behind an assignment, and nothing is executed here',
      'put quotes around a value that holds blanks',
    )
  }

  const statements: Statement[] = []
  for (;;) {
    skipBlanks()
    const next = peek()
    if (next === '') return statements
    if (next === '\n') {
      take()
      continue
    }
    if (next === ';') refuse(reader.line(), 'a ; stands where a statement should', 'take it out')
    if (/[&|<>()]/.test(next)) refusals.joining(next, reader.line())
    statements.push(statement())
    if (peek() === ';') take()
  }
}
