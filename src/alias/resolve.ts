import { Buffer } from 'node:buffer'
import type { Alias, AliasFormat } from './alias.ts'
import type { Dialect, Parameters } from './dialect.ts'
import { takeExtras } from './extras.ts'
import { forgive } from './forgiving.ts'
import { passesOf } from './server-match.ts'

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

/** More fits than this make a command no more ambiguous, and each costs time. */
const mostCandidates = 5

/** One representation of an enabled alias. */
export type Entry = {
  readonly alias: Alias
  readonly aliasFormat: AliasFormat
  readonly format: string
}

/** What a command means, by the formats that may fit a text. Never rejects because of a format: one that fails counts as not fitting. */
export async function resolveCommand(
  command: string,
  fitting: (text: string) => readonly Entry[],
  dialect: Dialect,
): Promise<Resolution> {
  const bytes = Buffer.byteLength(command)
  if (bytes > commandLimit) return { kind: 'too-long', bytes, limit: commandLimit }
  const extras = takeExtras(command)
  const fits = fitting(extras.subject)
  const exact = await inTwoPasses(fits, async (entry) => {
    const parsed = await dialect.parse(entry.format, command, extras)
    return 'parameters' in parsed ? candidate(entry, command, parsed.parameters, false) : undefined
  })
  if (exact.length > 0) return resolution(exact)
  // Without pairs at its end it has the same words.
  const near = extras.tail === '' ? fits : fitting(command)
  if (near.length === 0) return { kind: 'none' }
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
      if (!passesOf(entry.alias)[pass]) continue
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
