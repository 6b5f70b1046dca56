/** One thing that is wrong with the configuration, and how to put it right. Never holds a secret. */
export type Problem = {
  /** The variable, where the problem has one. */
  readonly name?: string
  /** Where it was set: a file and line, `environment`, a flag. */
  readonly source?: string
  /** What is wrong, as the rest of a sentence that begins with the variable's name. */
  readonly what: string
  /** What to write instead. */
  readonly advice: string
}

/** A problem as one line for a person. */
export const describeProblem = ({ name, source, what, advice }: Problem): string =>
  [source && `${source}:`, name, `${what};`, advice].filter(Boolean).join(' ')

/** A configuration that can never work: the process ends with 78 (sysexits.h EX_CONFIG). */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
  readonly exitCode = 78
  readonly problems: readonly Problem[]
  /** Sentences behind the problems, that may help with each. */
  readonly notes: readonly string[]
  constructor(
    problems: readonly Problem[],
    { notes = [], ...options }: { cause?: unknown; readonly notes?: readonly string[] } = {},
  ) {
    const lines = problems.map(describeProblem)
    const told = lines.length === 1
      ? lines
      : [`The configuration has ${lines.length} problems:`, ...lines.map((line) => `  ${line}`)]
    super([...told, ...notes].join('\n'), options)
    this.problems = problems
    this.notes = notes
  }
}
