import { allBlank } from './blanks.ts'
import { type Extras, takeExtras } from './extras.ts'
import {
  type Backtracker,
  BacktrackingTooSlow,
  type Captures,
  createMatcher,
  formatLimit,
  type Matcher,
} from './matcher.ts'
import { quoted } from './python-regex/groups.ts'
import { PatternError } from './python-regex/tokens.ts'

/** The parameters that a command gives; null for a group that took no part. The object has no prototype. */
export type Parameters = Readonly<Record<string, string | null>>

/**
 * Why a command gives no parameters. `mismatch`: the API answers 400 with this very text. `pattern` and `fault`: the server
 * fails with 500. `slow` and `unsupported` are ours: the format needed too much time, or a Backtracker where there is none.
 */
export type ParseFailure = {
  readonly error: string
  readonly kind: 'mismatch' | 'pattern' | 'fault' | 'slow' | 'unsupported'
}

export type Parsed = { readonly parameters: Parameters } | ParseFailure
export type ParsedMany = { readonly sets: readonly Parameters[] } | ParseFailure

/** The server's way to read a command by one format. */
export type Dialect = {
  /**
   * One set of parameters, as `aliasexecution` reads a command. `extras`: what `takeExtras` made of the command, for who reads it
   * by several formats.
   */
  readonly parse: (format: string, command: string, extras?: Extras) => Promise<Parsed>
  /** All matches from left to right, as `match_multiple` reads a command; none is an empty list. */
  readonly parseMultiple: (format: string, command: string) => Promise<ParsedMany>
  /** The matcher of a format. Throws PatternError. */
  readonly matcher: (format: string) => Matcher
}

export type DialectOptions = {
  /** For formats that RE2 cannot express; without it they answer `unsupported`. */
  readonly backtracker?: Backtracker
  /** How many formats stay compiled. */
  readonly keep?: number
}

/** Makes the server's parser. Compiled formats are kept, the least recently used go first. */
export function createDialect(options: DialectOptions = {}): Dialect {
  const { backtracker, keep = 20_000 } = options
  const kept = new Map<string, Matcher | PatternError>()

  const matcher = (format: string): Matcher => {
    const known = kept.get(format) ?? tryMatcher(format)
    kept.delete(format)
    kept.set(format, known)
    if (kept.size > keep) {
      const [oldest] = kept.keys()
      if (oldest !== undefined) kept.delete(oldest)
    }
    if (known instanceof PatternError) throw known
    return known
  }

  const read = async (format: string, extras: Extras, all: boolean): Promise<ParsedMany> => {
    if (format.length > formatLimit) {
      return { error: `The format is longer than ${formatLimit} characters`, kind: 'unsupported' }
    }
    try {
      const own = matcher(format)
      const found = own.find(extras.subject, all) ??
        await backtrackAll(own, extras.subject, all, backtracker)
      return 'error' in found ? found : collectAll(own, extras, found)
    } catch (error) {
      if (error instanceof PatternError) {
        return { error: `error: ${error.message}`, kind: 'pattern' }
      }
      throw error
    }
  }

  return {
    matcher,
    parse: async (format, command, extras = takeExtras(command)) => {
      const result = await read(format, extras, false)
      if (!('sets' in result)) return result
      const [parameters] = result.sets
      return parameters === undefined ? mismatch(format, command) : { parameters }
    },
    parseMultiple: (format, command) => read(format, takeExtras(command), true),
  }
}

const tryMatcher = (format: string): Matcher | PatternError => {
  try {
    return createMatcher(format)
  } catch (error) {
    if (error instanceof PatternError) return error
    throw error
  }
}

/** The server's answer to a command that does not fit. */
export const mismatch = (format: string, command: string): ParseFailure => ({
  error: `Command "${command}" doesn't match format string "${format}"`,
  kind: 'mismatch',
})

async function backtrackAll(
  matcher: Matcher,
  subject: string,
  all: boolean,
  backtracker: Backtracker | undefined,
): Promise<readonly Captures[] | ParseFailure> {
  if (backtracker === undefined) {
    const reason = matcher.inexpressible() ?? 'this text'
    return {
      error: `Format "${matcher.format}" needs backtracking for ${reason}`,
      kind: 'unsupported',
    }
  }
  try {
    return await backtracker.match(matcher.pattern().source, subject, all)
  } catch (error) {
    if (!(error instanceof BacktrackingTooSlow)) throw error
    return { error: `Format "${matcher.format}": ${error.message}`, kind: 'slow' }
  }
}

/** Turns the matches of a format into parameter sets: defaults, then extras. */
export function collectAll(
  matcher: Matcher,
  extras: Extras,
  found: readonly Captures[],
): ParsedMany {
  const sets: Parameters[] = []
  for (const captures of found) {
    const parsed = collect(matcher, extras, captures)
    if (!('parameters' in parsed)) return parsed
    sets.push(parsed.parameters)
  }
  return { sets }
}

function collect(matcher: Matcher, extras: Extras, captures: Captures): Parsed {
  const parameters: Record<string, string | null> = Object.create(null)
  for (const [name, value] of captures) parameters[name] = value
  for (const [name, value] of matcher.defaults) {
    // A default over several lines is found as one but never becomes a placeholder.
    if (!captures.has(name)) return { error: `KeyError: ${quoted(name)}`, kind: 'fault' }
    parameters[name] = parameters[name] || value
  }
  for (const [name, value] of extras.pairs) parameters[name] = value
  const empty = allBlank(extras.subject) && !Object.values(parameters).some(Boolean)
  if (matcher.format !== '' && empty) {
    return { error: 'No value supplied and no default value found.', kind: 'mismatch' }
  }
  return { parameters }
}
