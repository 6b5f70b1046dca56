// deno-lint-ignore-file camelcase -- the names are StackStorm's own
import { Fault } from './fault.ts'
import { timeOf } from './ids.ts'
import type { Json } from './model.ts'

/** Whether an execution's document passes. */
export type Condition = (document: Json) => boolean

/** What of an execution can be asked for in `filter=`, and what its values are. */
const fields: Readonly<Record<string, 'object' | 'time' | 'text'>> = {
  id: 'text',
  action: 'object',
  runner: 'object',
  liveaction: 'object',
  trigger: 'object',
  trigger_type: 'object',
  trigger_instance: 'object',
  rule: 'object',
  parameters: 'object',
  result: 'object',
  context: 'object',
  status: 'text',
  parent: 'text',
  start_timestamp: 'time',
  end_timestamp: 'time',
  elapsed_seconds: 'text',
  web_url: 'text',
  delay: 'text',
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value at a path, the way that the database walks there. */
export const valueAt = (document: Json, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (value, key) => isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined,
    document,
  )

/** Whether a stored value equals what was asked for; an array does if it holds it. */
const holds = (value: unknown, wanted: string): boolean =>
  Array.isArray(value) ? value.includes(wanted) : value === wanted

const timeFormat = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/

/** Milliseconds of a time in a query. @throws Fault 400 in the server's words */
export const parseTime = (text: string): number => {
  if (!timeFormat.test(text)) {
    throw new Fault(400, 'Datetime value does not match expected format.')
  }
  const [, whole = '', decimals = ''] = /^(.*?)(?:\.(\d+))?Z$/.exec(text) ?? []
  return timeOf(`${whole}.${decimals.padEnd(6, '0')}Z`)
}

/** An inclusive range `A..B` over a time of the document. @throws Fault 400 in the server's words */
export const timeRange = (text: string, path: readonly string[]): Condition => {
  const [from = '', to = ''] = text.split('..')
  const [low, high] = [parseTime(from), parseTime(to)]
  return (document) => {
    const value = valueAt(document, path)
    if (typeof value !== 'string') return false
    const time = timeOf(value)
    return time >= low && time <= high
  }
}

const checkPath = (path: readonly string[]): void => {
  const [field = '', below] = path
  const kind = Object.hasOwn(fields, field) ? fields[field] : undefined
  if (kind === undefined) throw new Fault(400, `Cannot resolve field "${field}"`)
  if (below === undefined || kind === 'object') return
  throw new Fault(
    400,
    kind === 'time'
      ? `Cannot resolve subfield or operator ${below} on the field ${field}`
      : `Cannot resolve field "${below}"`,
  )
}

/**
 * The conditions of an advanced filter: `path:value` pairs with blanks between them.
 * @throws Fault 400 in the server's words
 */
export const parseFilter = (filter: string): readonly Condition[] =>
  filter.split(' ').filter((part) => part !== '').map((part) => {
    const colon = part.indexOf(':')
    if (colon === -1) throw new Fault(400, `invalid format for filter "${part}"`)
    const path = part.slice(0, colon).split('.')
    const value = part.slice(colon + 1)
    checkPath(path)
    if (value.includes('..')) return timeRange(value, path)
    // The operator takes any text for true.
    if (path.at(-1) === 'exists') {
      return (document) => valueAt(document, path.slice(0, -1)) !== undefined
    }
    if (value === 'null') return (document) => (valueAt(document, path) ?? null) === null
    return (document) => holds(valueAt(document, path), value)
  })
