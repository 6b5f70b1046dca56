import { readEscape } from './escapes.ts'
import { readFlags } from './flags.ts'
import { type GroupState, groupState, readGroupName } from './groups.ts'
import { flagBits, type Node, sameItem, sameNode, type SetItem, type Tree } from './nodes.ts'
import { readQuantifier } from './quantifier.ts'
import { readSet } from './set.ts'
import { Tokens } from './tokens.ts'

/**
 * Reads a pattern as Python 3.11's `re` does.
 * Throws PatternError with Python's own text for what Python refuses.
 */
export function parsePattern(pattern: string): Tree {
  const tokens = new Tokens(pattern)
  const reader: Reader = { tokens, groups: groupState(), flags: 0, divided: false }
  const nodes = readAlternatives(reader, false, 0)
  if (tokens.next !== undefined) throw tokens.error('unbalanced parenthesis')
  reader.groups.checkPending(tokens)
  return {
    nodes,
    flags: reader.flags,
    divided: reader.divided,
    groupCount: reader.groups.count(),
    names: reader.groups.names,
  }
}

type Reader = {
  readonly tokens: Tokens
  readonly groups: GroupState
  flags: number
  divided: boolean
}

function readAlternatives(reader: Reader, verbose: boolean, depth: number): readonly Node[] {
  const branches: Node[][] = []
  let spaced = verbose
  do {
    branches.push(readSequence(reader, spaced, depth, depth === 0 && branches.length === 0))
    if (depth === 0) spaced = (reader.flags & flagBits.x) !== 0
  } while (reader.tokens.match('|'))
  const [only] = branches
  if (only !== undefined && branches.length === 1) return only
  if (depth === 0) reader.divided = true
  const shared = sharedPrefix(branches)
  const rest = branches.map((branch) => branch.slice(shared.length))
  const set = asSet(rest)
  return [...shared, set ?? { op: 'branch', branches: rest }]
}

function sharedPrefix(branches: readonly (readonly Node[])[]): readonly Node[] {
  const [first = []] = branches
  const differs = first.findIndex((node, at) =>
    !branches.every((branch) => branch === first || isSame(branch[at], node))
  )
  return differs === -1 ? first : first.slice(0, differs)
}

const isSame = (left: Node | undefined, right: Node): boolean =>
  left !== undefined && sameNode(left, right)

/** Alternatives that are all one character or one plain set: the one set they amount to. */
function asSet(branches: readonly (readonly Node[])[]): Node | undefined {
  const items: SetItem[] = []
  for (const branch of branches) {
    const [node] = branch
    if (node === undefined || branch.length !== 1) return undefined
    if (node.op === 'literal') items.push({ kind: 'range', from: node.code, to: node.code })
    else if (node.op === 'set' && !node.negated) items.push(...node.items)
    else return undefined
  }
  return { op: 'set', negated: false, items: unique(items) }
}

const unique = (items: readonly SetItem[]): readonly SetItem[] =>
  items.filter((item, at) => items.findIndex((other) => sameItem(item, other)) === at)

/** One alternative: everything up to `|`, `)` or the end. */
function readSequence(reader: Reader, verbose: boolean, depth: number, first: boolean): Node[] {
  const { tokens } = reader
  const nodes: Node[] = []
  let spaced = verbose
  for (;;) {
    const token = tokens.next
    if (token === undefined || token === '|' || token === ')') return nodes.flatMap(unpack)
    tokens.get()
    if (spaced && ' \t\n\r\v\f'.includes(token)) continue
    if (spaced && token === '#') {
      skipComment(tokens)
      continue
    }
    if (token.startsWith('\\')) nodes.push(readEscape(tokens, token, reader.groups))
    else if (token === '[') nodes.push(readSet(tokens))
    else if ('*+?{'.includes(token)) {
      const literal = readQuantifier(tokens, token, nodes)
      if (literal !== undefined) nodes.push(literal)
    } else if (token === '.') nodes.push({ op: 'any' })
    else if (token === '^') nodes.push({ op: 'at', place: 'beginning' })
    else if (token === '$') nodes.push({ op: 'at', place: 'end' })
    else if (token === '(') {
      const node = readParenthesis(reader, spaced, depth, first && nodes.length === 0)
      if (node === 'global flags') spaced = (reader.flags & flagBits.x) !== 0
      else if (node !== 'comment') nodes.push(node)
    } else nodes.push({ op: 'literal', code: token.codePointAt(0) ?? 0 })
  }
}

function skipComment(tokens: Tokens): void {
  for (;;) {
    const token = tokens.get()
    if (token === undefined || token === '\n') return
  }
}

/** A plain `(?:...)` is no more than its content once the sequence is complete. */
const unpack = (node: Node): readonly Node[] =>
  node.op === 'group' && node.index === undefined && node.add === 0 && node.remove === 0
    ? node.body
    : [node]

function readParenthesis(
  reader: Reader,
  verbose: boolean,
  depth: number,
  first: boolean,
): Node | 'global flags' | 'comment' {
  const { tokens } = reader
  const start = tokens.position - 1
  if (!tokens.match('?')) return readGroup(reader, { verbose, depth, start })
  const kind = tokens.get()
  if (kind === undefined) throw tokens.error('unexpected end of pattern')
  if (kind === 'P') return readPython(reader, { verbose, depth, start })
  if (kind === ':') return readGroup(reader, { verbose, depth, start, capture: false })
  if (kind === '#') return readCommentGroup(tokens, start)
  if (kind === '=' || kind === '!' || kind === '<') {
    return readLook(reader, kind, { verbose, depth, start })
  }
  if (kind === '(') return readConditional(reader, { verbose, depth, start })
  if (kind === '>') {
    const group = readGroup(reader, { verbose, depth, start, capture: false })
    return { op: 'atomic', body: group.op === 'group' ? group.body : [group] }
  }
  if (!'iLmsuxa-'.includes(kind)) throw tokens.error(`unknown extension ?${kind}`, kind.length + 1)
  const flags = readFlags(tokens, kind)
  if (flags.kind === 'scoped') {
    return readGroup(reader, { verbose, depth, start, capture: false, ...flags })
  }
  // The order of Python: the flags count even if their place is then found to be wrong.
  reader.flags |= flags.add
  if (!first) {
    const reason = 'global flags not at the start of the expression'
    throw tokens.error(reason, tokens.position - start)
  }
  return 'global flags'
}

type Context = {
  readonly verbose: boolean
  readonly depth: number
  readonly start: number
  readonly capture?: boolean
  readonly name?: string
  readonly add?: number
  readonly remove?: number
}

function readGroup(reader: Reader, context: Context): Node {
  const { tokens, groups } = reader
  const { add = 0, remove = 0, name } = context
  const index = context.capture === false ? undefined : groups.open(tokens, name)
  const spaced = (context.verbose || (add & flagBits.x) !== 0) && (remove & flagBits.x) === 0
  const body = readAlternatives(reader, spaced, context.depth + 1)
  close(tokens, context.start)
  if (index !== undefined) groups.close(index)
  return { op: 'group', index, name, add, remove, body }
}

function close(tokens: Tokens, start: number): void {
  if (tokens.match(')')) return
  throw tokens.error('missing ), unterminated subpattern', tokens.position - start)
}

function readPython(reader: Reader, context: Context): Node {
  const { tokens, groups } = reader
  if (tokens.match('<')) {
    return readGroup(reader, { ...context, name: readGroupName(tokens, '>') })
  }
  if (tokens.match('=')) {
    const name = readGroupName(tokens, ')')
    return { op: 'backreference', index: groups.resolve(tokens, name, true) }
  }
  const kind = tokens.get()
  if (kind === undefined) throw tokens.error('unexpected end of pattern')
  throw tokens.error(`unknown extension ?P${kind}`, kind.length + 2)
}

function readCommentGroup(tokens: Tokens, start: number): 'comment' {
  for (;;) {
    if (tokens.next === undefined) {
      throw tokens.error('missing ), unterminated comment', tokens.position - start)
    }
    if (tokens.get() === ')') return 'comment'
  }
}

function readLook(reader: Reader, kind: string, context: Context): Node {
  const { tokens, groups } = reader
  const behind = kind === '<'
  const sign = behind ? tokens.get() : kind
  if (sign === undefined) throw tokens.error('unexpected end of pattern')
  if (sign !== '=' && sign !== '!') {
    throw tokens.error(`unknown extension ?<${sign}`, sign.length + 2)
  }
  const leave = behind ? groups.enterLookbehind() : () => {}
  const body = readAlternatives(reader, context.verbose, context.depth + 1)
  leave()
  close(tokens, context.start)
  return { op: 'look', behind, negated: sign === '!', body }
}

function readConditional(reader: Reader, context: Context): Node {
  const { tokens, groups } = reader
  const index = groups.readCondition(tokens)
  const yes = readSequence(reader, context.verbose, context.depth + 1, false)
  const no = tokens.match('|')
    ? readSequence(reader, context.verbose, context.depth + 1, false)
    : []
  if (tokens.next === '|') {
    throw tokens.error('conditional backref with more than two branches')
  }
  close(tokens, context.start)
  return { op: 'conditional', index, yes, no }
}
