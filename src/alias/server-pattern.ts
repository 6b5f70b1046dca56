import { blankSet } from './blanks.ts'
import { parsePattern } from './python-regex/parse.ts'
import { type Node, type Place, type Tree, unlimited } from './python-regex/nodes.ts'
import { compileRe2, type Re2 } from './re2.ts'
import { checkLookbehinds } from './python-regex/width.ts'

/** A format as the server's regular expression. */
export type ServerPattern = {
  /** The pattern's text, anchors included, in Python's dialect. */
  readonly source: string
  readonly tree: Tree
  /** Optional placeholders with their defaults, in the format's order. */
  readonly defaults: readonly (readonly [name: string, value: string])[]
}

const blank = `[${blankSet}]`
const word = `[^${blankSet}]`
const any = '(?s:.)'
const key = `${blank}*(${word}+?)${blank}*`

/** `{{ name = default }}`; `dot` is what the default's text may hold. */
const optional = (dot: string) =>
  `\\{\\{${key}${blank}*=${blank}*(?:""|''|"(${dot}+?)"|'(${dot}+?)'|(\\{${dot}+?\\})|(${dot}+?))${blank}*\\}\\}`

// The server looks for defaults over several lines but replaces placeholders on one line only.
const optionalAnywhere = lazily(optional(any))
const optionalPlaceholder = lazily(`(${blank}*)${optional('[^\\n]')}`)
const requiredPlaceholder = lazily(`(${blank}*)\\{\\{${key}\\}\\}`)

/** Compiles a pattern when it is first needed: at the start of the process the three above cost 13 ms and 8 MB. */
function lazily(pattern: string): () => Re2 {
  let compiled: Re2 | undefined
  return () => compiled ??= compileRe2(pattern)
}

/** The pattern of one placeholder's value, the blanks in front included, as the server writes it. */
const placeholder = (blanks: string, name: string): string =>
  `${blanks}["\\']?(?P<${name}>(?:(?<=\\').+?(?=\\')|(?<=").+?(?=")|{.+?}|.+?))["\\']?`

/**
 * Builds the server's pattern for a format. Throws PatternError for a format at which the server fails:
 * the same placeholder twice, a name that is no identifier, a broken expression.
 */
export function serverPattern(format: string): ServerPattern {
  const defaults = mayHold(format, '=')
    ? Array.from(
      optionalAnywhere().matchAll(format),
      (found): [string, string] => [found[1] ?? '', found.slice(2).join('')],
    )
    : []
  const half = defaults.length === 0 ? format : replace(
    optionalPlaceholder(),
    format,
    (found) => `(?:${placeholder(found[1] ?? '', found[2] ?? '')})?`,
  )
  const body = replace(
    requiredPlaceholder(),
    half,
    (found) => placeholder(found[1] ?? '', found[2] ?? ''),
  )
  const bare = parsePattern(body)
  const before = !holds(bare.nodes, ['beginning', 'beginning-string'])
  const behind = !holds(bare.nodes, ['end', 'end-string'])
  const source = (before ? '^\\s*' : '') + body + (behind ? '\\s*$' : '')
  const tree = anchored(bare, before, behind) ?? parsePattern(source)
  checkLookbehinds(tree)
  return { source, tree, defaults }
}

const blanks: Node = {
  op: 'repeat',
  min: 0,
  max: unlimited,
  mode: 'greedy',
  body: [{ op: 'set', negated: false, items: [{ kind: 'class', letter: 's' }] }],
}

/** The tree with its anchors, without a second reading, where putting them beside it comes to the same. */
function anchored(bare: Tree, before: boolean, behind: boolean): Tree | undefined {
  if (bare.divided || bare.flags !== 0) return undefined
  const start: Node[] = before ? [{ op: 'at', place: 'beginning' }, blanks] : []
  const end: Node[] = behind ? [blanks, { op: 'at', place: 'end' }] : []
  return { ...bare, nodes: [...start, ...bare.nodes, ...end] }
}

/** Spares most formats a search that can find nothing. */
const mayHold = (text: string, mark: string): boolean => text.includes('{{') && text.includes(mark)

function replace(pattern: Re2, text: string, by: (found: readonly string[]) => string): string {
  let replaced = ''
  let from = 0
  for (const found of pattern.matchAll(text)) {
    const at = found.index ?? 0
    replaced += text.slice(from, at) + by(found)
    from = at + found[0].length
  }
  return replaced + text.slice(from)
}

/**
 * Whether the server sees one of these anchors. It looks at the top level, into groups and, of alternatives,
 * into the second only.
 */
function holds(nodes: readonly Node[], places: readonly Place[]): boolean {
  return nodes.some((node) => {
    if (node.op === 'at') return places.includes(node.place)
    if (node.op === 'group') return holds(node.body, places)
    return node.op === 'branch' && holds(node.branches[1] ?? [], places)
  })
}
