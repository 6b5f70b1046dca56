import { type Node, type Tree, unlimited } from './nodes.ts'
import { PatternError } from './tokens.ts'

type Width = { readonly min: number; readonly max: number }

/** Throws PatternError if a look-behind has no fixed width, which Python refuses. */
export function checkLookbehinds(tree: Tree): void {
  const groups = new Map<number, Width>()
  sequenceWidth(tree.nodes, groups)
}

function sequenceWidth(nodes: readonly Node[], groups: Map<number, Width>): Width {
  let min = 0
  let max = 0
  for (const node of nodes) {
    const width = nodeWidth(node, groups)
    min += width.min
    max += width.max
  }
  return { min: Math.min(min, unlimited - 1), max: Math.min(max, unlimited) }
}

function nodeWidth(node: Node, groups: Map<number, Width>): Width {
  switch (node.op) {
    case 'literal':
    case 'any':
    case 'set':
      return { min: 1, max: 1 }
    case 'at':
      return { min: 0, max: 0 }
    case 'repeat': {
      const width = sequenceWidth(node.body, groups)
      return { min: width.min * node.min, max: width.max * node.max }
    }
    case 'group': {
      const width = sequenceWidth(node.body, groups)
      if (node.index !== undefined) groups.set(node.index, width)
      return width
    }
    case 'atomic':
      return sequenceWidth(node.body, groups)
    case 'branch':
      return widest(node.branches.map((branch) => sequenceWidth(branch, groups)))
    case 'conditional':
      return widest([sequenceWidth(node.yes, groups), sequenceWidth(node.no, groups)])
    case 'backreference':
      return groups.get(node.index) ?? { min: 0, max: 0 }
    case 'look': {
      const width = sequenceWidth(node.body, groups)
      if (node.behind && width.min !== width.max) {
        throw new PatternError('look-behind requires fixed-width pattern', [], undefined)
      }
      return { min: 0, max: 0 }
    }
  }
}

const widest = (widths: readonly Width[]): Width => ({
  min: Math.min(...widths.map((width) => width.min)),
  max: Math.max(...widths.map((width) => width.max)),
})
