import type { Node } from './python-regex/nodes.ts'

/**
 * A placeholder inside a pattern's tree: an optional quote, the named group with its four ways to read a value,
 * an optional quote. Gives its name if one begins at `nodes[at]`.
 */
export function placeholderAt(nodes: readonly Node[], at: number): string | undefined {
  const group = nodes[at + 1]
  if (!isOptionalQuote(nodes[at]) || !isOptionalQuote(nodes[at + 2])) return undefined
  return group?.op === 'group' && isValue(group.body) ? group.name : undefined
}

/** How many nodes one placeholder takes. */
export const placeholderNodes = 3

function isOptionalQuote(node: Node | undefined): boolean {
  if (node?.op !== 'repeat' || node.min !== 0 || node.max !== 1 || node.mode !== 'greedy') {
    return false
  }
  const [set] = node.body
  return set?.op === 'set' && !set.negated && set.items.length === 2 &&
    set.items.every((item, at) => item.kind === 'range' && item.from === (at === 0 ? 34 : 39))
}

function isValue(body: readonly Node[]): boolean {
  // The group holds `(?:...)`, which dissolves into the group's own body.
  const [branch] = body
  if (body.length !== 1 || branch?.op !== 'branch' || branch.branches.length !== 4) return false
  const [single = [], double = [], braces = [], plain = []] = branch.branches
  return isBetween(single, 39) && isBetween(double, 34) && braces.length === 3 &&
    isCode(braces[0], 123) && isShortest(braces[1]) && isCode(braces[2], 125) &&
    plain.length === 1 && isShortest(plain[0])
}

function isBetween(nodes: readonly Node[], code: number): boolean {
  const [before, text, after] = nodes
  return nodes.length === 3 && isLook(before, code, true) && isShortest(text) &&
    isLook(after, code, false)
}

const isLook = (node: Node | undefined, code: number, behind: boolean): boolean =>
  node?.op === 'look' && node.behind === behind && !node.negated && node.body.length === 1 &&
  isCode(node.body[0], code)

const isCode = (node: Node | undefined, code: number): boolean =>
  node?.op === 'literal' && node.code === code

const isShortest = (node: Node | undefined): boolean =>
  node?.op === 'repeat' && node.mode === 'lazy' && node.min === 1 && node.body[0]?.op === 'any'
