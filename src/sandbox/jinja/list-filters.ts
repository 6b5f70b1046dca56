import { otherFailure } from './failure.ts'
import { argument, type Filter, type FilterCall, list, string } from './filter-call.ts'
import { binary } from './operators.ts'
import { runTest } from './tests.ts'
import { asNumber, compare, dictOf, equal, isDict, required, truthy, Undefined } from './values.ts'

const keyed = (call: FilterCall, path: unknown) => (value: unknown): unknown =>
  path === undefined || path === null ? value : call.attribute(value, path)

const folded = (caseSensitive: boolean) => (value: unknown): unknown =>
  typeof value === 'string' && !caseSensitive ? value.toLowerCase() : value

const sorted = (
  items: readonly unknown[],
  key: (item: unknown) => unknown,
  reverse: boolean,
): unknown[] => {
  const ordered = items.toSorted((a, b) => compare(key(a), key(b)))
  return reverse ? ordered.reverse() : ordered
}

const length: Filter = (value, call) =>
  typeof value === 'string' || Array.isArray(value) || isDict(value)
    ? list(value, call).length
    : (() => {
      required(value, call.strictness)
      if (value instanceof Undefined) return 0
      throw otherFailure('object has no len()')
    })()

const withDefault: Filter = (value, call) => {
  const otherwise = argument(call, 0, 'default_value') ?? ''
  const onFalse = truthy(argument(call, 1, 'boolean') ?? false, 'lenient')
  return value instanceof Undefined || (onFalse && !truthy(value, 'lenient')) ? otherwise : value
}

const chosen = (keep: boolean, byAttribute: boolean): Filter => (value, call) => {
  const [first, ...rest] = call.args
  const [test, ...args] = byAttribute ? rest : call.args
  return list(value, call).filter((item) => {
    const subject = byAttribute ? call.attribute(item, first) : item
    const holds = test === undefined
      ? truthy(subject, 'lenient')
      : namedTest(String(test), subject, args)
    return holds === keep
  })
}

/** Tests that `select` and its like may name with an argument. */
const namedTest = (name: string, subject: unknown, args: readonly unknown[]): boolean => {
  switch (name) {
    case 'equalto':
    case 'eq':
    case '==':
      return equal(subject, args[0])
    case 'ne':
    case '!=':
      return !equal(subject, args[0])
    case 'in':
      return binary('in', subject, args[0], 'lenient') === true
    case 'gt':
    case 'greaterthan':
    case '>':
      return compare(subject, args[0], '>') > 0
    case 'lt':
    case 'lessthan':
    case '<':
      return compare(subject, args[0], '<') < 0
    default:
      return runTest(name, subject)
  }
}

const map: Filter = (value, call) => {
  const path = call.keywords.get('attribute')
  if (path !== undefined) {
    const otherwise = call.keywords.get('default')
    return list(value, call).map((item) => {
      const found = call.attribute(item, path)
      return found instanceof Undefined && otherwise !== undefined ? otherwise : found
    })
  }
  const [name, ...args] = call.args
  return list(value, call).map((item) => call.filter(String(name), item, args))
}

const groupBy: Filter = (value, call) => {
  const path = argument(call, 0, 'attribute')
  const ordered = sorted(list(value, call), keyed(call, path), false)
  const groups: [unknown, unknown[]][] = []
  for (const item of ordered) {
    const key = call.attribute(item, path)
    const last = groups.at(-1)
    if (last && equal(last[0], key)) last[1].push(item)
    else groups.push([key, [item]])
  }
  return groups
}

/** Jinja's filters of lists and mappings, and `default`. */
export const listFilters: Readonly<Record<string, Filter>> = {
  batch: (value, call) => {
    const size = Math.max(1, asNumber(call.args[0]) ?? 1)
    const items = list(value, call)
    return Array.from(
      { length: Math.ceil(items.length / size) },
      (_, row) => items.slice(row * size, row * size + size),
    )
  },
  count: length,
  d: withDefault,
  default: withDefault,
  dictsort: (value, call) => {
    if (!isDict(value)) throw otherFailure('dictsort needs a mapping')
    const position = (argument(call, 1, 'by') ?? 'key') === 'value' ? 1 : 0
    const key = folded(truthy(argument(call, 0, 'case_sensitive') ?? false, 'lenient'))
    const reverse = truthy(argument(call, 2, 'reverse') ?? false, 'lenient')
    return sorted(
      Object.entries(value),
      (item) => key((item as [string, unknown])[position]),
      reverse,
    )
  },
  first: (value, call) =>
    list(value, call)[0] ?? new Undefined('No first item, sequence was empty.'),
  groupby: groupBy,
  items: (value) => isDict(value) ? Object.entries(value) : [],
  join: (value, call) => {
    const path = argument(call, 1, 'attribute')
    const glue = string(argument(call, 0, 'd') ?? '', call)
    return list(value, call).map((item) => string(keyed(call, path)(item), call)).join(glue)
  },
  last: (value, call) =>
    list(value, call).at(-1) ?? new Undefined('No last item, sequence was empty.'),
  length,
  list: (value, call) => [...list(value, call)],
  map,
  max: (value, call) =>
    sorted(list(value, call), keyed(call, call.keywords.get('attribute')), true)[0] ??
      new Undefined('No aggregated item, sequence was empty.'),
  min: (value, call) =>
    sorted(list(value, call), keyed(call, call.keywords.get('attribute')), false)[0] ??
      new Undefined('No aggregated item, sequence was empty.'),
  reject: chosen(false, false),
  rejectattr: chosen(false, true),
  reverse: (value, call) =>
    typeof value === 'string'
      ? Array.from(value).reverse().join('')
      : [...list(value, call)].reverse(),
  select: chosen(true, false),
  selectattr: chosen(true, true),
  sort: (value, call) => {
    const fold = folded(truthy(argument(call, 1, 'case_sensitive') ?? false, 'lenient'))
    const key = keyed(call, argument(call, 2, 'attribute'))
    const reverse = truthy(argument(call, 0, 'reverse') ?? false, 'lenient')
    return sorted(list(value, call), (item) => fold(key(item)), reverse)
  },
  sum: (value, call) => {
    const key = keyed(call, argument(call, 0, 'attribute'))
    const start = argument(call, 1, 'start') ?? 0
    return list(value, call).reduce(
      (total: unknown, item) => binary('+', total, key(item), call.strictness),
      start,
    )
  },
  unique: (value, call) => {
    const seen: unknown[] = []
    return list(value, call).filter((item) => {
      const key = folded(false)(item)
      if (seen.some((other) => equal(other, key))) return false
      seen.push(key)
      return true
    })
  },
  dict: (value, call) => dictOf(list(value, call) as readonly [string, unknown][]),
}
