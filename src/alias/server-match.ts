import type { Alias, AliasFormat } from './alias.ts'
import { createDialect, type Dialect } from './dialect.ts'

/** Which alias the server's `match` answers with. */
export type ServerMatch =
  | {
    readonly status: 200
    readonly alias: Alias
    readonly display: string | undefined
    readonly representation: string
    /** Whether it was found by the pass for `match_multiple`. */
    readonly multiple: boolean
  }
  | { readonly status: 400 | 500; readonly error: string }

/** What one format entry is matched by; one without any representation counts as the empty pattern. */
const patternsOf = (format: AliasFormat): readonly string[] =>
  format.representations.length === 0 ? [''] : format.representations

/** The server's two passes: an alias belongs to the first unless all its formats speak of `match_multiple` being true. */
export function passesOf(alias: Alias): { readonly first: boolean; readonly second: boolean } {
  const says = alias.formats.filter((format) => format.saysMultiple)
  return {
    first: says.length === 0 || says.some((format) => !format.matchMultiple),
    second: says.some((format) => format.matchMultiple),
  }
}

/**
 * What `POST /v1/actionalias/match` answers: one alias, or 400 with the server's text for none and for several, or 500 as soon
 * as any enabled alias that is looked at has a broken pattern.
 */
export async function matchOnServer(
  aliases: readonly Alias[],
  command: string,
  dialect: Dialect = createDialect(),
): Promise<ServerMatch> {
  const enabled = aliases.filter((alias) => alias.enabled)
  for (const pass of ['first', 'second'] as const) {
    const found: ServerMatch[] = []
    for (const alias of enabled) {
      if (!passesOf(alias)[pass]) continue
      for (const format of alias.formats) {
        for (const representation of patternsOf(format)) {
          const parsed = await dialect.parse(representation, command)
          if ('parameters' in parsed) {
            found.push({
              status: 200,
              alias,
              display: format.display,
              representation,
              multiple: pass === 'second',
            })
          } else if (parsed.kind !== 'mismatch') {
            return { status: 500, error: 'Internal Server Error' }
          }
        }
      }
    }
    const [only] = found
    if (only !== undefined && found.length === 1) return only
    if (found.length > 1) {
      const kind = pass === 'first' ? 'pattern' : '(multi) pattern'
      return { status: 400, error: `Command '${command}' matched more than 1 ${kind}` }
    }
  }
  return { status: 400, error: `Command '${command}' matched no patterns` }
}
