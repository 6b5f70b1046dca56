import type { Problem } from './error.ts'
import type { Option, OptionTable } from './option.ts'
import { readValue } from './value.ts'
import type { Variable, Variables } from './variables.ts'

/** One row of a table with what was found for it. */
export type Resolved = {
  readonly option: Option
  /** What was written, and where; absent when neither set nor defaulted. */
  readonly found?: Variable
  /** The name it was found under, where that is not the row's own. */
  readonly under?: string
  /** The text in the row's type; undefined when unset or wrong. */
  readonly value: unknown
  readonly problem?: Problem
}

/** Reads `text` as the row says; `source` is named when it does not fit. */
const resolveText = (option: Option, found: Variable, under?: string): Resolved => {
  const read = readValue(option, found.value)
  const common = { option, found, ...(under === undefined ? {} : { under }) }
  if (read.ok) return { ...common, value: read.value }
  const { what, advice } = read
  const problem = { name: under ?? option.name, source: found.source, what, advice }
  return { ...common, value: undefined, problem }
}

/** Finds one row's value: its own name first, then older names, then alternatives, then the default. */
const resolveOption = (option: Option, variables: Variables): Resolved => {
  const names = [option.name, ...option.deprecated ?? [], ...option.alternatives ?? []]
  for (const name of names) {
    const found = variables.get(name)
    if (found === undefined || found.value === '') continue
    return option.ignored !== undefined
      ? { option, found, value: undefined }
      : resolveText(option, found, name === option.name ? undefined : name)
  }
  if (option.default === undefined || option.ignored !== undefined) {
    return { option, value: undefined }
  }
  return resolveText(option, { value: option.default, source: 'default' })
}

/** All rows of a table. */
export const resolveTable = (table: OptionTable, variables: Variables): readonly Resolved[] =>
  table.map((option) => resolveOption(option, variables))
