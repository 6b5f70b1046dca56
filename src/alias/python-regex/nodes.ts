/**
 * The tree of a regular expression as Python 3.11 reads it. StackStorm decides by the shape of this tree where
 * it adds its own anchors, so the shape follows Python's to the letter: shared prefixes of alternatives
 * are moved out, alternatives of single characters become one set, plain groups dissolve.
 */
export type Node =
  | { readonly op: 'literal'; readonly code: number }
  | { readonly op: 'any' }
  | { readonly op: 'set'; readonly negated: boolean; readonly items: readonly SetItem[] }
  | { readonly op: 'at'; readonly place: Place }
  | {
    readonly op: 'repeat'
    readonly min: number
    readonly max: number
    readonly mode: 'greedy' | 'lazy' | 'possessive'
    readonly body: readonly Node[]
  }
  | {
    readonly op: 'group'
    readonly index: number | undefined
    readonly name: string | undefined
    readonly add: number
    readonly remove: number
    readonly body: readonly Node[]
  }
  | { readonly op: 'branch'; readonly branches: readonly (readonly Node[])[] }
  | {
    readonly op: 'look'
    readonly behind: boolean
    readonly negated: boolean
    readonly body: readonly Node[]
  }
  | { readonly op: 'backreference'; readonly index: number }
  | {
    readonly op: 'conditional'
    readonly index: number
    readonly yes: readonly Node[]
    readonly no: readonly Node[]
  }
  | { readonly op: 'atomic'; readonly body: readonly Node[] }

export type SetItem =
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  | { readonly kind: 'class'; readonly letter: ClassLetter }

export type ClassLetter = 'd' | 'D' | 's' | 'S' | 'w' | 'W'

export type Place = 'beginning' | 'beginning-string' | 'end' | 'end-string' | 'boundary' | 'inside'

/** Inline flags, as bits. DOTALL is on from outside: StackStorm compiles every pattern with it. */
export const flagBits = { i: 2, L: 4, m: 8, s: 16, u: 32, x: 64, a: 256 } as const

/** Python's own limit of a repeat count, which stands for "without end". */
export const unlimited = 4294967295

/** What a parsed pattern knows beside its tree. */
export type Tree = {
  readonly nodes: readonly Node[]
  /** Flags of the whole pattern, from `(?i)` and the like at its start. */
  readonly flags: number
  /** Whether `|` stands outside of all groups: what is put beside the pattern then binds to one alternative only. */
  readonly divided: boolean
  readonly groupCount: number
  readonly names: ReadonlyMap<string, number>
}

/** Two nodes that Python holds to be equal. Nodes with a body never are: Python compares those by identity. */
export function sameNode(left: Node, right: Node): boolean {
  if (left.op === 'literal') return right.op === 'literal' && left.code === right.code
  if (left.op === 'any') return right.op === 'any'
  if (left.op === 'at') return right.op === 'at' && left.place === right.place
  if (left.op === 'backreference') return right.op === 'backreference' && left.index === right.index
  if (left.op !== 'set' || right.op !== 'set') return false
  return left.negated === right.negated && left.items.length === right.items.length &&
    left.items.every((item, at) => sameItem(item, right.items[at]))
}

/** Two members of a set that Python holds to be equal. */
export function sameItem(left: SetItem, right: SetItem | undefined): boolean {
  if (right === undefined) return false
  if (left.kind === 'class') return right.kind === 'class' && left.letter === right.letter
  return right.kind === 'range' && left.from === right.from && left.to === right.to
}
