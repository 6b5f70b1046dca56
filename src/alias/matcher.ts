import { RE2JS } from 're2js'
import type { Captures } from './backtrack.ts'
import { type ServerPattern, serverPattern } from './server-pattern.ts'
import { Inexpressible, type Marks, marksOf, toRe2 } from './to-re2.ts'

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

/** One format, ready to be matched. Its programs are built when a text first needs them. */
export type Matcher = {
  readonly format: string
  readonly pattern: ServerPattern
  /** Why RE2 cannot run this format at all; undefined if it can. */
  readonly inexpressible: () => string | undefined
  /**
   * The first match in `subject`, or all of them, none being an empty list.
   * `undefined` means that this text needs a Backtracker.
   */
  readonly find: (subject: string, all: boolean) => readonly Captures[] | undefined
}

type Program = {
  readonly regex: RE2JS
  readonly captures: readonly string[]
  readonly asciiOnly: boolean
}

/** Throws PatternError for a format at which the server fails. */
export function createMatcher(format: string): Matcher {
  const pattern = serverPattern(format)
  const programs = new Map<number, Program | Inexpressible>()
  const programFor = (marks: Marks): Program | Inexpressible => {
    const key = (marks.single ? 1 : 0) | (marks.double ? 2 : 0) | (marks.brace ? 4 : 0)
    const known = programs.get(key)
    if (known !== undefined) return known
    const built = buildProgram(pattern, marks)
    programs.set(key, built)
    return built
  }
  return {
    format,
    pattern,
    inexpressible: () => {
      const program = programFor({ single: false, double: false, brace: false })
      return program instanceof Inexpressible ? program.message : undefined
    },
    find: (subject, all) => {
      const program = programFor(marksOf(subject))
      if (program instanceof Inexpressible) return undefined
      if (program.asciiOnly && !isAscii(subject)) return undefined
      return run(program, pattern, subject, all)
    },
  }
}

function buildProgram(pattern: ServerPattern, marks: Marks): Program | Inexpressible {
  try {
    const source = toRe2(pattern.tree, marks)
    const flags = RE2JS.DOTALL | (source.lookbehind ? RE2JS.LOOKBEHINDS : 0)
    return { regex: RE2JS.compile(source.pattern, flags), ...source }
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

type Groups = ReturnType<RE2JS['matcher']>

function capturesOf(groups: Groups, program: Program, pattern: ServerPattern): Captures {
  const named = new Map<string, string | null>()
  const latest = new Map<string, number>()
  for (const name of pattern.tree.names.keys()) named.set(name, null)
  program.captures.forEach((name, at) => {
    const start = groups.start(at + 1)
    // Of several groups with one name the last to take part counts; in a repeat more than one may have.
    if (start < 0 || start < (latest.get(name) ?? 0)) return
    latest.set(name, start)
    named.set(name, groups.group(at + 1) ?? '')
  })
  return named
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) > 0x7f) return false
  }
  return true
}
