import type { Dialect, Parameters } from './dialect.ts'
import { type Extras, takeExtras } from './extras.ts'
import type { Forgiven, Matcher, Span } from './matcher.ts'

/** A command in the format's own spelling, and what the server will read from it. */
export type Rewritten = { readonly command: string; readonly parameters: Parameters }

/** How many trailing pairs are tried as part of a value: each try costs a match. */
const mostSplits = 8

/**
 * Rewrites a command that the server refuses so that it accepts it.
 *
 * `spelling`: letter case, blanks and quotes of the fixed words are put right. `value`: beyond that, words with `=` at the end count as
 * part of a value, which is then also given as `name=value`: the server lets that win over what stands in the format's place.
 *
 * A rewriting counts only if the server's dialect reads exactly the intended parameters from it.
 */
export async function forgive(
  dialect: Dialect,
  format: string,
  command: string,
  way: 'spelling' | 'value',
): Promise<Rewritten | undefined> {
  const matcher = dialect.matcher(format)
  const extras = takeExtras(command)
  for (const split of splits(command, extras, way)) {
    const subject = ` ${split.head} `
    const matched = matcher.forgive(subject)
    if (matched === undefined) continue
    const forgiven = way === 'value' ? withOwnQuotes(matched, subject) : matched
    const intended = intendedParameters(matcher, forgiven, extras, split.taken)
    for (const spelling of spellings(subject, forgiven, way)) {
      const rewritten = spelling + split.rest
      const parsed = await dialect.parse(format, rewritten)
      if ('parameters' in parsed && sameParameters(parsed.parameters, intended)) {
        return { command: rewritten, parameters: parsed.parameters }
      }
    }
  }
  return undefined
}

type Split = {
  /** What the format is matched against. */
  readonly head: string
  /** The pairs that stay extras, as typed, blanks in front included. */
  readonly rest: string
  /** How many of the pairs belong to the head. */
  readonly taken: number
}

function splits(command: string, extras: Extras, way: 'spelling' | 'value'): readonly Split[] {
  const { tail, starts } = extras
  const tailStart = command.length - tail.length
  if (way === 'spelling') {
    return [{ head: command.slice(0, tailStart), rest: tail, taken: 0 }]
  }
  const found: Split[] = []
  // As few pairs as possible go into the value; if there are very many, all of them.
  const counts = starts.map((_, at) => at + 1)
  const tried = counts.length > mostSplits
    ? [...counts.slice(0, mostSplits - 1), counts.length]
    : counts
  for (const taken of tried) {
    const at = starts[taken] === undefined ? command.length : tailStart + starts[taken]
    const head = command.slice(0, at).trimEnd()
    found.push({ head, rest: command.slice(head.length), taken })
  }
  return found
}

/**
 * The server's pattern takes a quote beside a value for the value's wrapping: of `a="b c"` it leaves `a="b c`. Here the value is
 * given as a pair, which holds any text, so that a quote which the value itself opens or closes stays with it.
 */
function withOwnQuotes({ values, fixed }: Forgiven, subject: string): Forgiven {
  const widened = [...values].map(([name, value]) => {
    if (value === null) return [name, null] as const
    const isOpen = (quote: string | undefined): boolean =>
      (quote === '"' || quote === "'") && value.text.split(quote).length % 2 === 0
    const end = value.end + (isOpen(subject[value.end]) ? 1 : 0)
    const start = end === value.end && isOpen(subject[value.start - 1])
      ? value.start - 1
      : value.start
    return [name, { start, end, text: subject.slice(start, end) }] as const
  })
  return { values: new Map(widened), fixed }
}

function intendedParameters(
  matcher: Matcher,
  forgiven: Forgiven,
  extras: Extras,
  taken: number,
): Parameters {
  const parameters: Record<string, string | null> = Object.create(null)
  for (const [name, value] of forgiven.values) parameters[name] = value?.text ?? null
  for (const [name, value] of matcher.defaults) {
    parameters[name] = parameters[name] || value
  }
  for (const [name, value] of extras.pairs.slice(taken)) parameters[name] = value
  return parameters
}

function spellings(
  subject: string,
  forgiven: Forgiven,
  way: 'spelling' | 'value',
): readonly string[] {
  const fixed = forgiven.fixed.map(({ start, end, spelling }) => ({ start, end, text: spelling }))
  if (way === 'spelling') return [replaceSpans(subject, fixed)]
  const values = [...forgiven.values].flatMap(([name, value]) =>
    value === null ? [] : [{ name, ...value }]
  ).toSorted((left, right) => left.start - right.start)
  const last = values.slice(-1)
  return [last, values].flatMap((moved) => {
    const assignments = moved.map(({ name, text }) => assignment(name, text))
    if (assignments.includes(undefined)) return []
    const stands = moved.map(({ start, end }) => ({ start, end, text: '-' }))
    return [`${replaceSpans(subject, [...fixed, ...stands])} ${assignments.join(' ')}`]
  })
}

type Replacement = Span & { readonly text: string }

function replaceSpans(subject: string, replacements: readonly Replacement[]): string {
  let text = ''
  let from = 0
  for (const { start, end, text: by } of replacements.toSorted((a, b) => a.start - b.start)) {
    if (start < from) continue
    text += subject.slice(from, start) + by
    from = end
  }
  return (text + subject.slice(from)).trim()
}

/** A pair that the server reads as exactly this value; undefined if it cannot be written as one. */
function assignment(name: string, value: string): string | undefined {
  if (/^[^\s"'{]\S*$/.test(value)) return `${name}=${value}`
  if (!value.includes('"')) return `${name}="${value}"`
  return value.includes("'") ? undefined : `${name}='${value}'`
}

function sameParameters(left: Parameters, right: Parameters): boolean {
  const names = Object.keys(left)
  return names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && left[name] === right[name])
}
