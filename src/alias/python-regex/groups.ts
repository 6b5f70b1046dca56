import type { Groups } from './escapes.ts'
import { lengthOf, type Tokens } from './tokens.ts'

/** The groups met so far while a pattern is read. Numbers begin at 1; 0 is the whole match. */
export type GroupState = Groups & {
  readonly names: ReadonlyMap<string, number>
  readonly open: (tokens: Tokens, name: string | undefined) => number
  readonly close: (index: number) => void
  readonly resolve: (tokens: Tokens, name: string, closed: boolean) => number
  readonly readCondition: (tokens: Tokens) => number
  /** Gives the function that leaves the look-behind again. */
  readonly enterLookbehind: () => () => void
  readonly checkPending: (tokens: Tokens) => void
}

/** The group book of one pattern; its functions throw PatternError. */
export function groupState(): GroupState {
  const names = new Map<string, number>()
  const closed: boolean[] = [false]
  const pending = new Map<number, number>()
  let lookbehind: number | undefined
  let tokensOf: Tokens | undefined

  const count = () => closed.length
  const isOpen = (index: number) => closed[index] !== true
  const checkLookbehind = (index: number) => {
    if (lookbehind === undefined || tokensOf === undefined) return
    if (isOpen(index)) throw tokensOf.error('cannot refer to an open group')
    if (index < lookbehind) return
    throw tokensOf.error('cannot refer to group defined in the same lookbehind subpattern')
  }

  const open = (tokens: Tokens, name: string | undefined): number => {
    tokensOf = tokens
    const index = closed.length
    closed.push(false)
    if (name === undefined) return index
    const earlier = names.get(name)
    if (earlier !== undefined) {
      throw tokens.error(
        `redefinition of group name ${quoted(name)} as group ${index}; was group ${earlier}`,
        lengthOf(name) + 1,
      )
    }
    names.set(name, index)
    return index
  }

  const resolve = (tokens: Tokens, name: string, mustBeClosed: boolean): number => {
    tokensOf = tokens
    const index = names.get(name)
    if (index === undefined) {
      throw tokens.error(`unknown group name ${quoted(name)}`, lengthOf(name) + 1)
    }
    if (mustBeClosed && isOpen(index)) {
      throw tokens.error('cannot refer to an open group', lengthOf(name) + 1)
    }
    checkLookbehind(index)
    return index
  }

  const readCondition = (tokens: Tokens): number => {
    tokensOf = tokens
    const name = tokens.takeUntil(')', 'group name')
    if (isIdentifier(name)) return resolve(tokens, name, false)
    const index = /^\s*\+?\d+\s*$/.test(name) ? Number(name) : undefined
    if (index === undefined) {
      throw tokens.error(`bad character in group name ${quoted(name)}`, lengthOf(name) + 1)
    }
    if (index === 0) throw tokens.error('bad group number', lengthOf(name) + 1)
    if (!pending.has(index)) pending.set(index, tokens.position - lengthOf(name) - 1)
    checkLookbehind(index)
    return index
  }

  const enterLookbehind = () => {
    const outer = lookbehind
    lookbehind ??= closed.length
    return () => {
      lookbehind = outer
    }
  }

  const checkPending = (tokens: Tokens) => {
    for (const [index, position] of pending) {
      if (index >= closed.length) {
        throw tokens.errorAt(`invalid group reference ${index}`, position)
      }
    }
  }

  const close = (index: number) => {
    closed[index] = true
  }

  return {
    names,
    count,
    isOpen,
    checkLookbehind,
    open,
    close,
    resolve,
    readCondition,
    enterLookbehind,
    checkPending,
  }
}

/** Reads a group's name up to `terminator`. Throws PatternError if Python would not take it as an identifier. */
export function readGroupName(tokens: Tokens, terminator: string): string {
  const name = tokens.takeUntil(terminator, 'group name')
  if (isIdentifier(name)) return name
  throw tokens.error(`bad character in group name ${quoted(name)}`, lengthOf(name) + 1)
}

/** Whether Python takes `name` for an identifier (PEP 3131). */
const isIdentifier = (name: string): boolean => /^[\p{XIDS}_]\p{XIDC}*$/u.test(name)

/** Text as Python's `repr` shows it. */
export function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  let shown = ''
  for (const character of text) shown += shownCharacter(character, quote)
  return quote + shown + quote
}

function shownCharacter(character: string, quote: string): string {
  if (character === quote || character === '\\') return `\\${character}`
  if (character === '\n') return '\\n'
  if (character === '\r') return '\\r'
  if (character === '\t') return '\\t'
  const code = character.codePointAt(0) ?? 0
  if (character === ' ' || /^[^\p{C}\p{Z}]$/u.test(character)) return character
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`
  return `\\U${code.toString(16).padStart(8, '0')}`
}
