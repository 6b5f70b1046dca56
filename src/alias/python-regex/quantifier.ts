import { type Node, unlimited } from './nodes.ts'
import type { Tokens } from './tokens.ts'

/**
 * Reads what follows `*`, `+`, `?` or `{` and wraps the last of `nodes` in a repeat.
 * Gives a literal brace instead where Python takes `{` for one. Throws PatternError.
 */
export function readQuantifier(tokens: Tokens, token: string, nodes: Node[]): Node | undefined {
  const here = tokens.position
  const bounds = token === '{' ? readBounds(tokens, here) : simpleBounds(token)
  if (bounds === undefined) return { op: 'literal', code: 123 }
  const item = nodes.at(-1)
  const back = tokens.position - here + token.length
  if (item === undefined || item.op === 'at') throw tokens.error('nothing to repeat', back)
  if (item.op === 'repeat') throw tokens.error('multiple repeat', back)
  const mode = tokens.match('?') ? 'lazy' : tokens.match('+') ? 'possessive' : 'greedy'
  nodes[nodes.length - 1] = { op: 'repeat', ...bounds, mode, body: [item] }
  return undefined
}

type Bounds = { readonly min: number; readonly max: number }

const simpleBounds = (token: string): Bounds => ({
  min: token === '+' ? 1 : 0,
  max: token === '?' ? 1 : unlimited,
})

function readBounds(tokens: Tokens, here: number): Bounds | undefined {
  if (tokens.next === '}') return undefined
  const low = readDigits(tokens)
  const high = tokens.match(',') ? readDigits(tokens) : low
  if (!tokens.match('}')) {
    tokens.seek(here)
    return undefined
  }
  const min = low === '' ? 0 : Number(low)
  const max = high === '' ? unlimited : Number(high)
  if ((low !== '' && min >= unlimited) || (high !== '' && max >= unlimited)) {
    throw tokens.error('the repetition number is too large')
  }
  if (max < min) {
    throw tokens.error('min repeat greater than max repeat', tokens.position - here)
  }
  return { min, max }
}

function readDigits(tokens: Tokens): string {
  let digits = ''
  while (tokens.next !== undefined && '0123456789'.includes(tokens.next)) digits += tokens.get()
  return digits
}
