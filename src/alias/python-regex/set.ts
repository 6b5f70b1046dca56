import { readSetEscape } from './escapes.ts'
import { type Node, sameItem, type SetItem } from './nodes.ts'
import { lengthOf, type Tokens } from './tokens.ts'

/** Reads a set from behind its `[`. Throws PatternError. */
export function readSet(tokens: Tokens): Node {
  const here = tokens.position - 1
  const negated = tokens.match('^')
  const items: SetItem[] = []
  const add = (item: SetItem) => {
    if (!items.some((other) => sameItem(item, other))) items.push(item)
  }
  for (;;) {
    const token = take(tokens, here)
    if (token === ']' && items.length > 0) break
    const from = readMember(tokens, token)
    if (!tokens.match('-')) {
      add(from)
      continue
    }
    const end = take(tokens, here)
    if (end === ']') {
      add(from)
      add(single('-'.charCodeAt(0)))
      break
    }
    const to = readMember(tokens, end)
    if (from.kind === 'class' || to.kind === 'class' || to.from < from.from) {
      throw tokens.error(
        `bad character range ${token}-${end}`,
        lengthOf(token) + 1 + lengthOf(end),
      )
    }
    add({ kind: 'range', from: from.from, to: to.from })
  }
  const [only] = items
  if (!negated && items.length === 1 && only?.kind === 'range' && only.from === only.to) {
    return { op: 'literal', code: only.from }
  }
  return { op: 'set', negated, items }
}

function take(tokens: Tokens, here: number): string {
  const token = tokens.get()
  if (token === undefined) {
    throw tokens.error('unterminated character set', tokens.position - here)
  }
  return token
}

const single = (code: number): SetItem => ({ kind: 'range', from: code, to: code })

const readMember = (tokens: Tokens, token: string): SetItem =>
  token.startsWith('\\') ? readSetEscape(tokens, token) : single(token.codePointAt(0) ?? 0)
