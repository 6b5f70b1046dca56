import { Buffer } from 'node:buffer'
import {
  type Alias,
  type AliasFormat,
  AliasProblem,
  badFormats,
  readAlias,
  refOf,
} from './alias.ts'
import { createDialect, type Parameters } from './dialect.ts'
import { takeExtras } from './extras.ts'
import { forgive } from './forgiving.ts'
import { type Backtracker, formatLimit } from './matcher.ts'
import { PatternError } from './python-regex/tokens.ts'
import { passesOf } from './server-match.ts'
import { createWordIndexer, textWords, type WordIndex } from './word-index.ts'
import { type FormatWords, plainWords, treeWords } from './words.ts'

/** The longest command that is looked at, in bytes of UTF-8. It bounds the cost; commands stay far below it, pasted files do not. */
export const commandLimit = 8192

/** One way to carry a command out. */
export type Candidate = {
  readonly alias: Alias
  /** The representation to send with the command. */
  readonly format: string
  /** The format as people know it. */
  readonly display: string
  /** What to send: the person's text, or that text in the format's own spelling. */
  readonly command: string
  readonly parameters: Parameters
  readonly rewritten: boolean
}

/** What a text means. `ambiguous` names the first five fits, in the order of the aliases. */
export type Resolution =
  | { readonly kind: 'match'; readonly match: Candidate }
  | { readonly kind: 'ambiguous'; readonly candidates: readonly Candidate[] }
  | { readonly kind: 'none' }
  | { readonly kind: 'too-long'; readonly bytes: number; readonly limit: number }

/** Formats that stay compiled: some 20 kB each, and most of thousands are never called. */
const keep = 1000

/** More fits than this make a command no more ambiguous, and each costs time. */
const mostCandidates = 5

/** An alias, or one format of it, that cannot be used. */
export type CatalogProblem = {
  readonly ref: string
  readonly format?: string
  readonly reason: string
}

/** One representation of an enabled alias. */
export type Entry = {
  readonly alias: Alias
  readonly aliasFormat: AliasFormat
  readonly format: string
  readonly words: FormatWords
  readonly first: boolean
  readonly second: boolean
}

export type Catalog = {
  /** All that could be read, disabled ones included. */
  readonly aliases: readonly Alias[]
  readonly problems: readonly CatalogProblem[]
  readonly entries: readonly Entry[]
  readonly index: WordIndex<Entry>
  /** What a command means. Never rejects because of a format: one that fails counts as not fitting. */
  readonly resolve: (command: string) => Promise<Resolution>
}

export type CatalogOptions = {
  /** For formats that RE2 cannot express; without it each of them is a problem. */
  readonly backtracker?: Backtracker
  /** Awaited between slices of work so that thousands of aliases do not hold up the event loop. */
  readonly pause?: () => Promise<void>
}

/** What a document came to: an alias, unless it makes no sense at all, and what is wrong with it. */
class AliasReading {
  readonly alias: Alias | undefined
  readonly problems: readonly CatalogProblem[]

  constructor(alias: Alias | undefined, problems: readonly CatalogProblem[]) {
    this.alias = alias
    this.problems = problems
  }
}

/**
 * The first part of what `buildCatalog` does with a document, which takes either. For a list that comes piece by piece: what is kept of a
 * document is much smaller than the document.
 */
export const readDocument = (document: unknown): unknown => readingOf(document)

/**
 * Reads alias documents as `GET /v1/actionalias` gives them, or what `readDocument` made of them, in that order. Never rejects: what
 * cannot be used ends in `problems`.
 */
export async function buildCatalog(
  documents: readonly unknown[],
  options: CatalogOptions = {},
): Promise<Catalog> {
  const { backtracker, pause = nextTurn } = options
  const dialect = createDialect({ keep, ...backtracker === undefined ? {} : { backtracker } })
  const problems: CatalogProblem[] = []
  const aliases: Alias[] = []
  const entries: Entry[] = []
  const owners = new Map<string, string>()
  const indexer = createWordIndexer()
  // Counted, not timed: a plain format costs about 5 us, and a regular expression ten times as much or more.
  let work = 0
  for (const document of documents) {
    const { alias, problems: own } = readingOf(document)
    problems.push(...own)
    if (alias === undefined) continue
    aliases.push(alias)
    if (!alias.enabled) continue
    const owner = owners.get(alias.name)
    if (owner !== undefined) {
      const reason = `${owner} has the same name, and StackStorm finds aliases by name only`
      problems.push({ ref: alias.ref, reason })
      continue
    }
    owners.set(alias.name, alias.ref)
    for (const { aliasFormat, format } of representationsOf(alias)) {
      const read = readWords(format, dialect, backtracker)
      work += 'reason' in read || read.leading.length === 0 ? 20 : 1
      if ('reason' in read) problems.push({ ref: alias.ref, format, reason: read.reason })
      else {
        const words = indexer.add(read)
        entries.push({ alias, aliasFormat, format, words, ...passesOf(alias) })
      }
    }
    // A few milliseconds of work.
    if (work < 200) continue
    work = 0
    await pause()
  }
  const index = await indexer.index(entries, pause)
  const resolve = (command: string) => resolveCommand(command, index, dialect)
  return { aliases, problems, entries, index, resolve }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const noProblems: readonly CatalogProblem[] = []

function readingOf(document: unknown): AliasReading {
  if (document instanceof AliasReading) return document
  try {
    const alias = readAlias(document)
    if (isWhole(alias, document)) return new AliasReading(alias, noProblems)
    const problems = badFormats(document).map(({ at, reason }) => ({
      ref: alias.ref,
      reason: `format ${at + 1} is not usable: ${reason}`,
    }))
    return new AliasReading(alias, problems)
  } catch (error) {
    if (!(error instanceof AliasProblem)) throw error
    return new AliasReading(undefined, [{ ref: refOf(document), reason: error.reason }])
  }
}

/** Whether every format of a document could be read: then none is looked at twice. */
const isWhole = (alias: Alias, document: unknown): boolean =>
  typeof document === 'object' && document !== null && 'formats' in document &&
  Array.isArray(document.formats) && document.formats.length === alias.formats.length

function representationsOf(
  alias: Alias,
): readonly { readonly aliasFormat: AliasFormat; readonly format: string }[] {
  return alias.formats.flatMap((aliasFormat) =>
    // A representation given as plain text is refused when it is to be executed.
    aliasFormat.stringRepresentation
      ? []
      : aliasFormat.representations.map((format) => ({ aliasFormat, format }))
  )
}

type Dialect = ReturnType<typeof createDialect>

/** A format's fixed words, or why it can never be used. */
function readWords(
  format: string,
  dialect: Dialect,
  backtracker: Backtracker | undefined,
): FormatWords | { readonly reason: string } {
  if (format.length > formatLimit) {
    return { reason: `it is longer than ${formatLimit} characters` }
  }
  const plain = plainWords(format)
  if (plain !== undefined) return plain
  try {
    const matcher = dialect.matcher(format)
    const inexpressible = backtracker === undefined ? matcher.inexpressible() : undefined
    if (inexpressible !== undefined) {
      return { reason: `it needs backtracking for ${inexpressible}` }
    }
    return treeWords(matcher.pattern().tree.nodes)
  } catch (error) {
    if (error instanceof PatternError) {
      return { reason: `StackStorm cannot read it: ${error.message}` }
    }
    if (error instanceof RangeError) return { reason: 'it is nested too deeply' }
    throw error
  }
}

async function resolveCommand(
  command: string,
  index: WordIndex<Entry>,
  dialect: Dialect,
): Promise<Resolution> {
  const bytes = Buffer.byteLength(command)
  if (bytes > commandLimit) return { kind: 'too-long', bytes, limit: commandLimit }
  const fitting = index.fitting(textWords(takeExtras(command).subject))
  const exact = await inTwoPasses(fitting, async (entry) => {
    const parsed = await dialect.parse(entry.format, command)
    return 'parameters' in parsed ? candidate(entry, command, parsed.parameters, false) : undefined
  })
  if (exact.length > 0) return resolution(exact)
  const near = index.fitting(textWords(command))
  for (const way of ['spelling', 'value'] as const) {
    const rewritten = await inTwoPasses(near, async (entry) => {
      const found = await forgive(dialect, entry.format, command, way)
      if (found === undefined) return undefined
      return candidate(entry, found.command, found.parameters, true)
    })
    if (rewritten.length > 0) return resolution(rewritten)
  }
  return { kind: 'none' }
}

/** The server's two passes: aliases with `match_multiple` count only if no other fits. */
async function inTwoPasses(
  entries: readonly Entry[],
  fit: (entry: Entry) => Promise<Candidate | undefined>,
): Promise<readonly Candidate[]> {
  for (const pass of ['first', 'second'] as const) {
    const found: Candidate[] = []
    for (const entry of entries) {
      if (!entry[pass]) continue
      const fits = await fit(entry)
      if (fits !== undefined) found.push(fits)
      if (found.length === mostCandidates) break
    }
    if (found.length > 0) return found
  }
  return []
}

const candidate = (
  entry: Entry,
  command: string,
  parameters: Parameters,
  rewritten: boolean,
): Candidate => ({
  alias: entry.alias,
  format: entry.format,
  display: entry.aliasFormat.display ?? entry.format,
  command,
  parameters,
  rewritten,
})

function resolution(candidates: readonly Candidate[]): Resolution {
  const [match] = candidates
  if (match === undefined) return { kind: 'none' }
  return candidates.length === 1 ? { kind: 'match', match } : { kind: 'ambiguous', candidates }
}
