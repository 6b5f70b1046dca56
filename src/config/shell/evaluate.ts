import type { Variable, Variables } from '../variables.ts'
import type { Refuse } from './refusal.ts'
import type { Assignment, Part, Statement, Word } from './syntax.ts'

/** Linux passes no longer value to a program (MAX_ARG_STRLEN, 128 KiB); it also ends runaway doubling. */
const longest = 128 * 1024

/** What the statements leave behind. */
export type Evaluated = {
  /** What a program started now would see: the exported variables. */
  readonly exported: Variables
  /** What only the shell would see. */
  readonly unexported: Variables
  /** Names that were exported and never got a value. */
  readonly empty: ReadonlyMap<string, number>
}

/**
 * Works the statements out as sh does, beginning with the environment `before`, and executes nothing.
 * A variable's source stays the earlier one where the file only hands it on (`A="${A:-b}"`).
 */
export const evaluate = (
  statements: readonly Statement[],
  before: Variables,
  sourceOf: (line: number) => string,
  refuse: Refuse,
): Evaluated => {
  const variables = new Map<string, Variable>(before)
  const exports = new Map<string, number>([...before.keys()].map((name) => [name, 0]))
  let allExport = false

  const set = (name: string, value: string, line: number, source = sourceOf(line)): void => {
    if (value.length > longest) {
      refuse(line, `${name} becomes longer than 128 KiB`, 'write a shorter value')
    }
    variables.set(name, { value, source })
    if (allExport && !exports.has(name)) exports.set(name, line)
  }

  const expand = (word: Word): string => word.map(expandPart).join('')

  const expandPart = (part: Part): string => {
    if (part.kind === 'text') return part.text
    if (part.kind === 'home') return variables.get('HOME')?.value ?? '~'
    const { name, operator, word = [], line } = part
    const value = variables.get(name)?.value
    const there = value !== undefined && !(value === '' && operator?.startsWith(':'))
    switch (operator?.at(-1)) {
      case '-':
        return there ? value : expand(word)
      case '+':
        return there ? expand(word) : ''
      case '=': {
        if (there) return value
        const assigned = expand(word)
        set(name, assigned, line)
        return assigned
      }
      case '?':
        return there ? value : refuse(
          line,
          `the file asks for ${name}, which is not set: ${expand(word)}`.replace(/: $/, ''),
          `set ${name} in the process's environment or above this line`,
        )
      default:
        return value ?? ''
    }
  }

  /** The source of a value that the file found set and only hands on. */
  const handedOn = ({ name, word }: Assignment): string | undefined => {
    const [part] = word ?? []
    if (word?.length !== 1 || part?.kind !== 'variable' || part.name !== name) return undefined
    const now = variables.get(name)
    if (now === undefined || part.operator?.endsWith('+')) return undefined
    return now.value === '' && part.operator?.startsWith(':') ? undefined : now.source
  }

  const run = (statement: Statement): void => {
    switch (statement.kind) {
      case 'assign':
        for (const assignment of statement.assignments) {
          const { name, line, word = [] } = assignment
          const source = handedOn(assignment)
          set(name, expand(word), line, source)
        }
        return
      case 'export': {
        const worked = statement.assignments.map((assignment) => ({
          ...assignment,
          source: handedOn(assignment),
          value: assignment.word && expand(assignment.word),
        }))
        for (const { name, line, value, source } of worked) {
          exports.set(name, line)
          if (value !== undefined) set(name, value, line, source)
        }
        return
      }
      case 'unset':
        for (const name of statement.names) {
          variables.delete(name)
          exports.delete(name)
        }
        return
      case 'all-export':
        allExport = statement.on
        return
      case 'nothing':
        statement.words.forEach(expand)
    }
  }

  statements.forEach(run)
  const all = [...variables]
  return {
    exported: new Map(all.filter(([name]) => exports.has(name))),
    unexported: new Map(all.filter(([name]) => !exports.has(name))),
    empty: new Map([...exports].filter(([name]) => !variables.has(name))),
  }
}
