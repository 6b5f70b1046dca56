import { itemsOf, type Keywords, type Strictness, textOf } from './values.ts'

/** What a filter gets beside its value. */
export type FilterCall = {
  readonly args: readonly unknown[]
  readonly keywords: Keywords
  readonly strictness: Strictness
  readonly attribute: (value: unknown, path: unknown) => unknown
  readonly filter: (name: string, value: unknown, args: readonly unknown[]) => unknown
}

export type Filter = (value: unknown, call: FilterCall) => unknown

/** An argument of a filter by its place or its name. */
export const argument = (call: FilterCall, index: number, name: string): unknown =>
  call.args[index] ?? call.keywords.get(name)

/** The value as text. */
export const string = (value: unknown, call: FilterCall): string => textOf(value, call.strictness)

/** The items of the value. */
export const list = (value: unknown, call: FilterCall): readonly unknown[] =>
  itemsOf(value, call.strictness)
