import { isAscii } from './blanks.ts'
import type { Captures } from './backtrack.ts'
import { isPlainSubject, plainMatcher } from './plain-match.ts'
import { compileRe2, type Re2 } from './re2.ts'
import { type ServerPattern, serverPattern } from './server-pattern.ts'
import { type Capture, Inexpressible, type Marks, marksOf, toRe2 } from './to-re2.ts'

export type { Captures } from './backtrack.ts'

/** Runs patterns that RE2 cannot express, somewhere where they can be stopped. */
export type Backtracker = {
  /**
   * All matches of a pattern (in Python's dialect) in `subject`, or the first one only.
   * Rejects with BacktrackingTooSlow when its deadline passes.
   */
  readonly match: (
    pattern: string,
    subject: string,
    all: boolean,
  ) => Promise<readonly Captures[]>
}

/** A pattern needed more time than it was given. */
export class BacktrackingTooSlow extends Error {
  override readonly name = 'BacktrackingTooSlow'
}

/** The longest format that is looked at, in characters: the longest ones known have some 200. */
export const formatLimit = 4096

/** One format, ready to be matched. Its programs are built when a text first needs them. */
export type Matcher = {
  readonly format: string
  /** Read when it is first asked for: a plain format is matched without it. */
  readonly pattern: () => ServerPattern
  /** Optional placeholders with their defaults, in the format's order. */
  readonly defaults: ServerPattern['defaults']
  /** Why RE2 cannot run this format at all; undefined if it can. */
  readonly inexpressible: () => string | undefined
  /**
   * The first match in `subject`, or all of them, none being an empty list.
   * `undefined` means that this text needs a Backtracker.
   */
  readonly find: (subject: string, all: boolean) => readonly Captures[] | undefined
  /** The first match if letter case, blanks and quotes of the format's fixed text do not matter. */
  readonly forgive: (subject: string) => Forgiven | undefined
}

/** A stretch of a subject, in UTF-16 units. */
export type Span = { readonly start: number; readonly end: number }

/** How a forgiving match lies in its subject. */
export type Forgiven = {
  /** The values, null for a group that took no part. */
  readonly values: ReadonlyMap<string, (Span & { readonly text: string }) | null>
  /** Where the format's fixed text was found, with the format's own spelling of it. */
  readonly fixed: readonly (Span & { readonly spelling: string })[]
}

type Program = {
  readonly regex: Re2
  readonly captures: readonly Capture[]
  readonly asciiOnly: boolean
}

/** Throws PatternError for a format at which the server fails. */
export function createMatcher(format: string): Matcher {
  const plain = plainMatcher(format)
  let read = plain === undefined ? serverPattern(format) : undefined
  const pattern = () => read ??= serverPattern(format)
  let programs: Map<number, Program | Inexpressible> | undefined
  const programFor = (marks: Marks, forgiving = false): Program | Inexpressible => {
    const key = (marks.single ? 1 : 0) | (marks.double ? 2 : 0) | (marks.brace ? 4 : 0) |
      (forgiving ? 8 : 0)
    const known = programs?.get(key)
    if (known !== undefined) return known
    const built = buildProgram(pattern(), marks, forgiving)
    programs ??= new Map()
    programs.set(key, built)
    return built
  }
  return {
    format,
    pattern,
    defaults: plain?.defaults ?? pattern().defaults,
    inexpressible: () => {
      if (plain !== undefined) return undefined
      try {
        toRe2(pattern().tree, { single: false, double: false, brace: false })
        return undefined
      } catch (error) {
        if (error instanceof Inexpressible) return error.message
        throw error
      }
    },
    find: (subject, all) => {
      if (plain !== undefined && !all && isPlainSubject(subject)) {
        const found = plain.match(subject)
        return found === undefined ? [] : [found]
      }
      const program = programFor(marksOf(subject))
      if (program instanceof Inexpressible) return undefined
      if (program.asciiOnly && !isAscii(subject)) return undefined
      return run(program, pattern(), subject, all)
    },
    forgive: (subject) => {
      const program = programFor(marksOf(subject), true)
      if (program instanceof Inexpressible || !program.regex.test(subject)) return undefined
      const groups = program.regex.matcher(subject)
      return groups.find() ? forgivenOf(groups, program, pattern()) : undefined
    },
  }
}

function buildProgram(
  pattern: ServerPattern,
  marks: Marks,
  forgiving: boolean,
): Program | Inexpressible {
  try {
    const source = toRe2(pattern.tree, marks, forgiving)
    const { pattern: text, lookbehind } = source
    return { regex: compileRe2(text, { dotAll: true, lookbehind }), ...source }
  } catch (error) {
    if (error instanceof Inexpressible) return error
    return new Inexpressible('an expression that is too large', { cause: error })
  }
}

function run(
  program: Program,
  pattern: ServerPattern,
  subject: string,
  all: boolean,
): readonly Captures[] | undefined {
  // The automaton without groups is several times faster and settles nearly all texts.
  if (!program.regex.test(subject)) return []
  const matcher = program.regex.matcher(subject)
  const found: Captures[] = []
  while (matcher.find()) {
    // Python and RE2 go on differently after a match of nothing.
    if (all && matcher.start() === matcher.end()) return undefined
    found.push(capturesOf(matcher, program, pattern))
    if (!all) break
  }
  return found
}

type Groups = ReturnType<Re2['matcher']>

function capturesOf(groups: Groups, program: Program, pattern: ServerPattern): Captures {
  const named = new Map<string, string | null>()
  const { values } = forgivenOf(groups, program, pattern)
  for (const [name, value] of values) named.set(name, value === null ? null : value.text)
  return named
}

function forgivenOf(groups: Groups, program: Program, pattern: ServerPattern): Forgiven {
  const values = new Map<string, (Span & { text: string }) | null>()
  const fixed: (Span & { spelling: string })[] = []
  for (const name of pattern.tree.names.keys()) values.set(name, null)
  program.captures.forEach((capture, at) => {
    const start = groups.start(at + 1)
    if (start < 0) return
    const end = groups.end(at + 1)
    if ('fixed' in capture) {
      fixed.push({ start, end, spelling: capture.fixed })
      return
    }
    // Of several groups with one name the last to take part counts; in a repeat more than one may have.
    if (start < (values.get(capture.name)?.start ?? 0)) return
    values.set(capture.name, { start, end, text: groups.group(at + 1) ?? '' })
  })
  return { values, fixed: fixed.toSorted((left, right) => left.start - right.start) }
}
