// deno-lint-ignore-file camelcase -- the names are StackStorm's own
import type { Context } from 'hono'
import { type Condition, parseFilter, parseTime, timeRange, valueAt } from './execution-filter.ts'
import { Fault } from './fault.ts'
import { timeOf } from './ids.ts'
import type { Json } from './model.ts'

/** Plain filters and where their value lies in the document. */
const plain: Readonly<Record<string, readonly string[]>> = {
  action: ['action', 'ref'],
  status: ['status'],
  parent: ['parent'],
  rule: ['rule', 'ref'],
  runner: ['runner', 'name'],
  user: ['context', 'user'],
  liveaction: ['liveaction', 'id'],
  trigger: ['trigger', 'name'],
  trigger_type: ['trigger_type', 'name'],
  trigger_instance: ['trigger_instance', 'id'],
}

const ids = (text: string): Condition => {
  const wanted = text.split(',')
  const bad = wanted.find((id) => !/^[0-9a-f]{24}$/i.test(id))
  if (bad !== undefined) {
    throw new Fault(
      400,
      `'${bad}' is not a valid ObjectId, it must be a 12-byte input or a 24-character hex string`,
    )
  }
  return (document) => wanted.includes(String(document.id))
}

const started = (test: (time: number) => boolean): Condition => (document) =>
  test(timeOf(String(document.start_timestamp)))

/** All conditions that a request for the list of executions makes. @throws Fault 400 */
const conditions = (query: Readonly<Record<string, string>>): readonly Condition[] => {
  const found: Condition[] = []
  for (const [name, path] of Object.entries(plain)) {
    const wanted = query[name]
    if (wanted === undefined || wanted === '') continue
    found.push(
      wanted === 'null'
        ? (document) => (valueAt(document, path) ?? null) === null
        : (document) => valueAt(document, path) === wanted,
    )
  }
  if (query.id) found.push(ids(query.id))
  if (query.timestamp_gt) {
    const after = parseTime(query.timestamp_gt)
    found.push(started((time) => time > after))
  }
  if (query.timestamp_lt) {
    const before = parseTime(query.timestamp_lt)
    found.push(started((time) => time < before))
  }
  if (query.timestamp) found.push(timeRange(query.timestamp, ['start_timestamp']))
  if (query.filter) found.push(...parseFilter(query.filter))
  return found
}

type Order = { readonly key: 'start_timestamp' | 'end_timestamp'; readonly ascending: boolean }

/** Newest first, but ranges of time are told in the order that things happened. */
const orderOf = (query: Readonly<Record<string, string>>): Order => {
  const range = /(?:^| )(start|end)_timestamp:\S*\.\./.exec(query.filter ?? '')?.[1]
  const key = range === 'end' ? 'end_timestamp' : 'start_timestamp'
  if (query.sort_asc !== undefined) return { key: 'start_timestamp', ascending: true }
  if (query.sort_desc !== undefined) return { key: 'start_timestamp', ascending: false }
  const named = /^([-+]?)start_timestamp$/.exec(query.sort ?? '')
  if (named) return { key: 'start_timestamp', ascending: named[1] !== '-' }
  return { key, ascending: Boolean(query.timestamp_gt || query.timestamp || range) }
}

/**
 * The executions that a request asks for, in the server's order.
 * @param documents oldest first
 * @throws Fault 400 in the server's words
 */
export const queryExecutions = (c: Context, documents: readonly Json[]): readonly Json[] => {
  const query = c.req.query()
  const tests = conditions(query)
  const found = documents.filter((document) => tests.every((test) => test(document)))
  const { key, ascending } = orderOf(query)
  const ordered = key === 'start_timestamp'
    ? found
    : found.toSorted((a, b) => String(a[key]) < String(b[key]) ? -1 : 1)
  return ascending ? ordered : ordered.toReversed()
}
