import { characterTest, placeTest, sameFolded } from './characters.ts'
import { flagBits, type Node, type Tree, unlimited } from './python-regex/nodes.ts'
import { flagsInside } from './quotes.ts'

/** What each named group holds; null if it took no part. */
export type Captures = ReadonlyMap<string, string | null>

/**
 * Matches by backtracking, exactly as Python does, whatever the pattern holds. The time it takes may grow
 * exponentially, so it runs in a Worker with a deadline and nowhere else.
 */
export function backtrack(tree: Tree, text: string, all: boolean): readonly Captures[] {
  const characters = Array.from(text)
  const machine: Machine = {
    codes: characters.map((character) => character.codePointAt(0) ?? 0),
    captures: new Array(tree.groupCount * 2).fill(-1),
    starts: [],
  }
  let from = 0
  let mustAdvance = false
  let start = 0
  const accept: Step = (at) => mustAdvance && start === from && at === start ? -1 : at
  const root = compile(machine, tree.nodes, tree.flags | flagBits.s, accept)
  const found: Captures[] = []
  while (from <= characters.length) {
    let end = -1
    for (start = from; start <= characters.length && end === -1; start++) {
      machine.captures.fill(-1)
      end = root(start)
      if (end !== -1) break
    }
    if (end === -1) break
    found.push(capturesOf(tree, machine, characters))
    if (!all) break
    mustAdvance = end === start
    from = end
  }
  return found
}

function capturesOf(tree: Tree, machine: Machine, characters: readonly string[]): Captures {
  const named = new Map<string, string | null>()
  for (const [name, index] of tree.names) {
    const start = machine.captures[index * 2] ?? -1
    const end = machine.captures[index * 2 + 1] ?? -1
    named.set(name, end === -1 ? null : characters.slice(start, end).join(''))
  }
  return named
}

type Machine = {
  readonly codes: readonly number[]
  /** Start and end of each group, -1 if it has not taken part. */
  readonly captures: number[]
  /** Where the groups that are open now began. */
  readonly starts: number[]
}

/** Goes on from a position; gives where the whole match ends, or -1. */
type Step = (at: number) => number

function compile(machine: Machine, nodes: readonly Node[], flags: number, next: Step): Step {
  return nodes.reduceRight((rest, node) => compileNode(machine, node, flags, rest), next)
}

function compileNode(machine: Machine, node: Node, flags: number, next: Step): Step {
  const { codes } = machine
  switch (node.op) {
    case 'literal':
    case 'any':
    case 'set': {
      const fits = characterTest(node, flags)
      return (at) => at < codes.length && fits(codes[at] ?? 0) ? next(at + 1) : -1
    }
    case 'at': {
      const holds = placeTest(node.place, codes, flags)
      return (at) => holds(at) ? next(at) : -1
    }
    case 'group':
      return compileGroup(machine, node, flagsInside(flags, node), next)
    case 'branch': {
      const ways = node.branches.map((branch) => compile(machine, branch, flags, next))
      return (at) => {
        for (const way of ways) {
          const end = way(at)
          if (end !== -1) return end
        }
        return -1
      }
    }
    case 'repeat':
      if (node.mode !== 'possessive') return compileRepeat(machine, node, flags, next)
      return commit(
        machine,
        compileRepeat(machine, { ...node, mode: 'greedy' }, flags, stop),
        next,
      )
    case 'atomic':
      return commit(machine, compile(machine, node.body, flags, stop), next)
    case 'look':
      return compileLook(machine, node, flags, next)
    case 'backreference':
      return compileReference(machine, node.index, flags, next)
    case 'conditional': {
      const yes = compile(machine, node.yes, flags, next)
      const no = compile(machine, node.no, flags, next)
      return (at) => (machine.captures[node.index * 2 + 1] ?? -1) === -1 ? no(at) : yes(at)
    }
  }
}

const stop: Step = (at) => at

/** Takes the first way through `inner` and never comes back to it. */
function commit(machine: Machine, inner: Step, next: Step): Step {
  return (at) => {
    const before = [...machine.captures]
    const end = inner(at)
    const result = end === -1 ? -1 : next(end)
    if (result === -1) restore(machine, before)
    return result
  }
}

function restore(machine: Machine, captures: readonly number[]): void {
  captures.forEach((value, at) => {
    machine.captures[at] = value
  })
}

function compileGroup(
  machine: Machine,
  node: Node & { op: 'group' },
  flags: number,
  next: Step,
): Step {
  const { index } = node
  if (index === undefined) return compile(machine, node.body, flags, next)
  const { captures, starts } = machine
  const inner = compile(machine, node.body, flags, (at) => {
    const [start = -1, end = -1] = captures.slice(index * 2, index * 2 + 2)
    const own = starts[index] ?? -1
    captures[index * 2] = own
    captures[index * 2 + 1] = at
    const result = next(at)
    if (result !== -1) return result
    captures[index * 2] = start
    captures[index * 2 + 1] = end
    starts[index] = own
    return -1
  })
  return (at) => {
    const outer = starts[index] ?? -1
    starts[index] = at
    const result = inner(at)
    if (result === -1) starts[index] = outer
    return result
  }
}

function compileRepeat(
  machine: Machine,
  node: Node & { op: 'repeat' },
  flags: number,
  next: Step,
): Step {
  const [only] = node.body
  if (only !== undefined && (only.op === 'literal' || only.op === 'any' || only.op === 'set')) {
    return compileRun(machine, characterTest(only, flags), node, next)
  }
  const { min, max } = node
  let count = 0
  let last = -1
  const body = compile(machine, node.body, flags, again)
  function iterate(at: number): number {
    const [counted, before] = [count, last]
    count = counted + 1
    if (counted >= min) last = at
    const result = body(at)
    count = counted
    last = before
    return result
  }
  function again(at: number): number {
    if (count < min) return iterate(at)
    // An iteration that took nothing is the last one.
    const more = (max === unlimited || count < max) && at !== last
    if (node.mode === 'lazy') {
      const end = leave(at)
      return end !== -1 || !more ? end : iterate(at)
    }
    const end = more ? iterate(at) : -1
    return end === -1 ? leave(at) : end
  }
  function leave(at: number): number {
    const [counted, before] = [count, last]
    const end = next(at)
    count = counted
    last = before
    return end
  }
  return (at) => {
    const [counted, before] = [count, last]
    count = 0
    last = -1
    const end = again(at)
    count = counted
    last = before
    return end
  }
}

/** A repeat of single characters, without a call for each of them. */
function compileRun(
  machine: Machine,
  fits: (code: number) => boolean,
  node: Node & { op: 'repeat' },
  next: Step,
): Step {
  const { codes } = machine
  const max = node.max === unlimited ? Infinity : node.max
  const lazy = node.mode === 'lazy'
  return (at) => {
    const limit = Math.min(codes.length, at + max)
    const least = at + node.min
    let end = at
    while (end < limit && (!lazy || end < least) && fits(codes[end] ?? 0)) end++
    if (end < least) return -1
    for (;;) {
      const result = next(end)
      if (result !== -1) return result
      if (lazy) {
        if (end >= limit || !fits(codes[end] ?? 0)) return -1
        end++
      } else if (end <= least) return -1
      else end--
    }
  }
}

function compileLook(
  machine: Machine,
  node: Node & { op: 'look' },
  flags: number,
  next: Step,
): Step {
  const inner = compile(machine, node.body, flags, stop)
  // Python allows one width only, so any way through the body tells it.
  const starts = (at: number) => node.behind ? behindStart(machine, node.body, at) : at
  return (at) => {
    const before = [...machine.captures]
    const from = starts(at)
    const holds = from >= 0 && inner(from) !== -1
    if (node.negated) restore(machine, before)
    if (holds === node.negated) return -1
    const result = next(at)
    if (result === -1) restore(machine, before)
    return result
  }
}

function behindStart(machine: Machine, body: readonly Node[], at: number): number {
  return at - fixedWidth(machine, body)
}

function fixedWidth(machine: Machine, nodes: readonly Node[]): number {
  return nodes.reduce((width, node) => width + nodeWidth(machine, node), 0)
}

function nodeWidth(machine: Machine, node: Node): number {
  switch (node.op) {
    case 'literal':
    case 'any':
    case 'set':
      return 1
    case 'repeat':
      return node.min * fixedWidth(machine, node.body)
    case 'group':
    case 'atomic':
      return fixedWidth(machine, node.body)
    case 'branch':
      return fixedWidth(machine, node.branches[0] ?? [])
    case 'conditional':
      return fixedWidth(machine, node.yes)
    case 'backreference': {
      const [start = 0, end = 0] = machine.captures.slice(node.index * 2, node.index * 2 + 2)
      return end - start
    }
    case 'at':
    case 'look':
      return 0
  }
}

function compileReference(machine: Machine, index: number, flags: number, next: Step): Step {
  const { codes, captures } = machine
  const same = (flags & flagBits.i) === 0 ? (a: number, b: number) => a === b : sameFolded
  return (at) => {
    const start = captures[index * 2] ?? -1
    const end = captures[index * 2 + 1] ?? -1
    if (end === -1 || at + end - start > codes.length) return -1
    for (let offset = 0; offset < end - start; offset++) {
      if (!same(codes[start + offset] ?? 0, codes[at + offset] ?? 0)) return -1
    }
    return next(at + end - start)
  }
}
