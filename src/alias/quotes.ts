import { flagBits, type Node, type SetItem } from './python-regex/nodes.ts'

/**
 * What a character beside a placeholder may be, as bits. A placeholder's value looks at the quotes around it; where it is
 * known which characters can stand there, no look-around is needed.
 */
export const quoteBits = { single: 1, double: 2, other: 4, any: 7 } as const

type Edge = { readonly mask: number; readonly nullable: boolean }

/** What the first character of `nodes` may be; `beyond` stands for what follows when they match nothing. */
export const firstOf = (nodes: readonly Node[], beyond: number): number =>
  close(sequenceEdge(nodes, 'first'), beyond)

/** What the last character of `nodes` may be; `beyond` stands for what comes before them. */
export const lastOf = (nodes: readonly Node[], beyond: number): number =>
  close(sequenceEdge(nodes, 'last'), beyond)

/** Whether `nodes` can match the empty text. */
export const isNullable = (nodes: readonly Node[]): boolean => nodes.every(nodeCanBeEmpty)

const close = (edge: Edge, beyond: number): number => edge.nullable ? edge.mask | beyond : edge.mask

function sequenceEdge(nodes: readonly Node[], side: 'first' | 'last'): Edge {
  let mask = 0
  const ordered = side === 'first' ? nodes : nodes.toReversed()
  for (const node of ordered) {
    const edge = nodeEdge(node, side)
    mask |= edge.mask
    if (!edge.nullable) return { mask, nullable: false }
  }
  return { mask, nullable: true }
}

function nodeEdge(node: Node, side: 'first' | 'last'): Edge {
  switch (node.op) {
    case 'literal':
      return { mask: bitOf(node.code), nullable: false }
    case 'any':
      return { mask: quoteBits.any, nullable: false }
    case 'set':
      return { mask: setMask(node.items, node.negated), nullable: false }
    case 'at':
      return placeEdge(node.place, side)
    case 'repeat': {
      const edge = sequenceEdge(node.body, side)
      return { mask: edge.mask, nullable: edge.nullable || node.min === 0 }
    }
    case 'group':
    case 'atomic':
      return sequenceEdge(node.body, side)
    case 'branch':
      return union(node.branches.map((branch) => sequenceEdge(branch, side)))
    case 'conditional':
      return union([sequenceEdge(node.yes, side), sequenceEdge(node.no, side)])
    case 'look':
      return { mask: 0, nullable: true }
    case 'backreference':
      return { mask: quoteBits.any, nullable: true }
  }
}

/** Beyond an anchor stands a line break or nothing at all, never a quote. */
function placeEdge(place: string, side: 'first' | 'last'): Edge {
  const anchors = side === 'first' ? ['end', 'end-string'] : ['beginning', 'beginning-string']
  return anchors.includes(place)
    ? { mask: quoteBits.other, nullable: false }
    : { mask: 0, nullable: true }
}

const union = (edges: readonly Edge[]): Edge => ({
  mask: edges.reduce((mask, edge) => mask | edge.mask, 0),
  nullable: edges.some((edge) => edge.nullable),
})

function bitOf(code: number): number {
  if (code === 39) return quoteBits.single
  return code === 34 ? quoteBits.double : quoteBits.other
}

function setMask(items: readonly SetItem[], negated: boolean): number {
  const holds = (code: number) =>
    items.some((item) =>
      item.kind === 'range'
        ? item.from <= code && code <= item.to
        // Quotes are neither digits, blanks nor letters.
        : item.letter === 'D' || item.letter === 'S' || item.letter === 'W'
    ) !== negated
  return quoteBits.other | (holds(39) ? quoteBits.single : 0) | (holds(34) ? quoteBits.double : 0)
}

function nodeCanBeEmpty(node: Node): boolean {
  switch (node.op) {
    case 'literal':
    case 'any':
    case 'set':
      return false
    case 'repeat':
      return node.min === 0 || isNullable(node.body)
    case 'group':
    case 'atomic':
      return isNullable(node.body)
    case 'branch':
      return node.branches.some(isNullable)
    case 'conditional':
      return isNullable(node.yes) || isNullable(node.no)
    case 'at':
    case 'look':
    case 'backreference':
      return true
  }
}

/** Flags inside a group. */
export const flagsInside = (flags: number, group: { add: number; remove: number }): number => {
  // "a" and "u" exclude each other.
  const base = (group.add & (flagBits.a | flagBits.u)) !== 0
    ? flags & ~(flagBits.a | flagBits.u)
    : flags
  return (base | group.add) & ~group.remove
}
