import { syntaxFailure } from './failure.ts'
import { type Filter, type FilterCall } from './filter-call.ts'
import { listFilters } from './list-filters.ts'
import { numberFilters } from './number-filters.ts'
import { stackstormFilters } from './stackstorm-filters.ts'
import { textFilters } from './text-filters.ts'
import { required } from './values.ts'

/** All filters by name: Jinja's own that make sense in a chat message, and StackStorm's. */
const filters: ReadonlyMap<string, Filter> = new Map(
  Object.entries({ ...listFilters, ...textFilters, ...numberFilters, ...stackstormFilters }),
)

/** Filters that look at a missing value without using it. */
const tolerant = new Set(['default', 'd'])

/**
 * Applies a filter.
 * @throws TemplateFailure; an unknown filter is a syntax error, as in Jinja
 */
export const applyFilter = (name: string, value: unknown, call: FilterCall): unknown => {
  const filter = filters.get(name)
  if (filter === undefined) throw syntaxFailure(`No filter named '${name}'.`)
  if (!tolerant.has(name)) required(value, call.strictness)
  return filter(value, call)
}
