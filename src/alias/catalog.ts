import {
  type Alias,
  AliasProblem,
  badFormats,
  commandsOf,
  isAlias,
  isHelpText,
  isWhole,
  readAlias,
  refOf,
} from './alias.ts'
import { createCommandIndexer } from './command-index.ts'
import { createDialect, type Dialect } from './dialect.ts'
import { type Backtracker, formatLimit } from './matcher.ts'
import { nextTurn } from '../next-turn.ts'
import { PatternError } from './python-regex/tokens.ts'
import { type Entry, type Resolution, resolveCommand } from './resolve.ts'
import { textWords } from './text-words.ts'
import { indexWords, type WordIndex } from './word-index.ts'
import {
  type FormatWords,
  leadingText,
  literalWords,
  noWords,
  plainWords,
  treeWords,
} from './words.ts'

/** Formats that stay compiled: some 20 kB each, and most of thousands are never called. */
const keep = 1000

/** An alias, or one format of it, that cannot be used. */
export type CatalogProblem = {
  readonly ref: string
  readonly format?: string
  readonly reason: string
}

/** What finds formats that are like a text. */
export type Nearness = {
  readonly index: WordIndex
  /** What a format of the index is; empty if there is none of this number. */
  readonly entryAt: (format: number) => readonly Entry[]
}

export type Catalog = {
  /** All that could be read, disabled ones included. */
  readonly aliases: readonly Alias[]
  /** Those that people can give a command of, or have a text in help. Whoever counts aliases counts these. */
  readonly usable: readonly Alias[]
  readonly problems: readonly CatalogProblem[]
  /** What a command means. Never rejects because of a format: one that fails counts as not fitting. */
  readonly resolve: (command: string) => Promise<Resolution>
  /** What suggestions are made from. It is put together when it is first asked for: most lists are never asked. */
  readonly nearness: () => Promise<Nearness>
}

export type CatalogOptions = {
  /** For formats that RE2 cannot express; without it each of them is a problem. */
  readonly backtracker?: Backtracker
  /** Awaited between slices of work so that thousands of aliases do not hold up the event loop. */
  readonly pause?: () => Promise<void>
}

/** A document with something wrong in it, and what could be read of it in spite of that. */
class Flawed {
  readonly alias: Alias | undefined
  readonly problems: readonly CatalogProblem[]

  constructor(alias: Alias | undefined, problems: readonly CatalogProblem[]) {
    this.alias = alias
    this.problems = problems
  }

  get ref(): string | undefined {
    return this.alias?.ref
  }
}

/**
 * The first part of what `buildCatalog` does with a document, which takes either. For a list that comes piece by piece: what is kept of a
 * document is much smaller than the document.
 */
export const readDocument = (document: unknown): unknown => readingOf(document)

/** How much is looked at between two pauses: a millisecond or two of work, some more on a busy machine. */
const slice = 500

/** A regular expression costs so many times as much as a plain format. */
const hard = 50

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
  const usable: Alias[] = []
  /** Of each entry the number of its alias among all, and which of the alias' commands it is. */
  const owners: number[] = []
  const places: number[] = []
  /** Of the entries whose format is not as nearly all are. */
  const unusual = new Map<number, FormatWords>()
  const refs = new Map<string, Alias>()
  const indexer = createCommandIndexer()
  // Counted, not timed.
  let work = 0
  for (const document of documents) {
    const reading = readingOf(document)
    if (reading instanceof Flawed) problems.push(...reading.problems)
    const alias = reading instanceof Flawed ? reading.alias : reading
    if (alias === undefined) continue
    aliases.push(alias)
    if (!alias.enabled) continue
    const owner = refs.get(alias.name)
    if (owner !== undefined) {
      const reason = `${owner.ref} has the same name, and StackStorm finds aliases by name only`
      problems.push({ ref: alias.ref, reason })
      continue
    }
    refs.set(alias.name, alias)
    for (const format of alias.refused) {
      problems.push({ ref: alias.ref, format, reason: refusal })
    }
    const before = owners.length
    const { commands } = alias
    for (let place = 0; place < commands.length; place++) {
      const format = commands[place] ?? ''
      let leading = leadingText(format)
      work++
      if (leading === undefined) {
        const read = readWords(format, dialect, backtracker)
        if ('reason' in read || read.leading.length === 0) work += hard
        if ('reason' in read) {
          problems.push({ ref: alias.ref, format, reason: read.reason })
          continue
        }
        unusual.set(owners.length, read)
        leading = read.leading.join(' ')
      }
      indexer.add(owners.length, leading)
      owners.push(aliases.length - 1)
      places.push(place)
    }
    if (owners.length > before || hasHelpText(alias)) usable.push(alias)
    if (work < slice) continue
    work = 0
    await pause()
  }

  // Of ten thousand entries these are kept: a quarter of what the lists take that they were gathered in.
  const [ownerOf, placeOf] = [Uint32Array.from(owners), Uint32Array.from(places)]
  const count = owners.length
  const commandAt = (at: number): string | undefined =>
    aliases[ownerOf[at] ?? -1]?.commands[placeOf[at] ?? -1]
  const entryAt = (at: number): Entry[] => {
    const alias = aliases[ownerOf[at] ?? -1]
    const command = commandsOf(alias)[placeOf[at] ?? -1]
    return alias === undefined || command === undefined ? [] : [{ alias, ...command }]
  }
  const wordsOf = (at: number): FormatWords =>
    unusual.get(at) ?? plainWords(commandAt(at) ?? '') ?? noWords
  /** For what is like a command it need not be exact which words are fixed. */
  const literalWordsOf = (at: number): readonly string[] => {
    const words = unusual.get(at)
    if (words !== undefined) return [...words.leading, ...words.later]
    return literalWords(commandAt(at) ?? '')
  }
  const index = await indexer.index(wordsOf, pause)
  const fitting = (text: string): readonly Entry[] =>
    index.fitting(textWords(text)).flatMap(entryAt)

  let nearness: Promise<Nearness> | undefined
  return {
    aliases,
    // Nearly always the very same.
    usable: usable.length === aliases.length ? aliases : usable,
    problems,
    resolve: (command) => resolveCommand(command, fitting, dialect),
    nearness: () =>
      nearness ??= indexWords(count, literalWordsOf, pause)
        .then((index) => ({ index, entryAt })),
  }
}

const refusal = 'its representation is plain text, not a list, and StackStorm refuses to run it'

/** Some formats are there for help alone. */
const hasHelpText = ({ formats }: Alias): boolean => formats.some(isHelpText)

function readingOf(document: unknown): Alias | Flawed {
  if (document instanceof Flawed || isAlias(document)) return document
  try {
    const alias = readAlias(document)
    const flaws = isWhole(alias, document) ? [] : badFormats(document)
    if (flaws.length === 0) return alias
    return new Flawed(
      alias,
      flaws.map(({ at, reason }) => ({
        ref: alias.ref,
        reason: `format ${at + 1} is not usable: ${reason}`,
      })),
    )
  } catch (error) {
    if (!(error instanceof AliasProblem)) throw error
    return new Flawed(undefined, [{ ref: refOf(document), reason: error.reason }])
  }
}

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
