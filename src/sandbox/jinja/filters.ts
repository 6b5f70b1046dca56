import { otherFailure, syntaxFailure } from './failure.ts'
import { titleCase } from './methods.ts'
import { binary, percentFormat } from './operators.ts'
import { pythonJson } from './python-json.ts'
import { stackstormFilters } from './stackstorm-filters.ts'
import { runTest } from './tests.ts'
import {
  asNumber,
  compare,
  dictOf,
  equal,
  Float,
  isDict,
  isFloat,
  itemsOf,
  type Keywords,
  required,
  type Strictness,
  textOf,
  truthy,
  Undefined,
} from './values.ts'

/** What a filter gets beside its value. */
export type FilterCall = {
  readonly args: readonly unknown[]
  readonly keywords: Keywords
  readonly strictness: Strictness
  readonly attribute: (value: unknown, path: unknown) => unknown
  readonly filter: (name: string, value: unknown, args: readonly unknown[]) => unknown
}

export type Filter = (value: unknown, call: FilterCall) => unknown

const argument = (call: FilterCall, index: number, name: string): unknown =>
  call.args[index] ?? call.keywords.get(name)

const string = (value: unknown, call: FilterCall): string => textOf(value, call.strictness)

const list = (value: unknown, call: FilterCall): readonly unknown[] =>
  itemsOf(value, call.strictness)

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

const round: Filter = (value, call) => {
  const precision = asNumber(argument(call, 0, 'precision')) ?? 0
  const factor = 10 ** precision
  const scaled = (asNumber(value) ?? 0) * factor
  const method = argument(call, 1, 'method') ?? 'common'
  const whole = method === 'ceil'
    ? Math.ceil(scaled)
    : method === 'floor'
    ? Math.floor(scaled)
    : Math.round(scaled)
  return new Float(whole / factor)
}

const whole: Filter = (value, call) => {
  const otherwise = argument(call, 0, 'default') ?? 0
  const number = asNumber(value) ?? Number(/^\s*[-+]?\d+(\.\d*)?\s*$/.exec(String(value))?.[0])
  return Number.isNaN(number) ? otherwise : Math.trunc(number)
}

const decimal: Filter = (value, call) => {
  const number = asNumber(value) ??
    (typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN)
  return Number.isNaN(number) ? argument(call, 0, 'default') ?? new Float(0) : new Float(number)
}

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

const truncate: Filter = (value, call) => {
  const text = string(value, call)
  const limit = asNumber(argument(call, 0, 'length')) ?? 255
  const cutWords = truthy(argument(call, 1, 'killwords') ?? false, 'lenient')
  const end = string(argument(call, 2, 'end') ?? '...', call)
  const leeway = asNumber(argument(call, 3, 'leeway')) ?? 5
  if (text.length <= limit + leeway) return text
  const cut = text.slice(0, limit - end.length)
  return (cutWords ? cut : cut.includes(' ') ? cut.slice(0, cut.lastIndexOf(' ')) : cut) + end
}

const indent: Filter = (value, call) => {
  const width = argument(call, 0, 'width') ?? 4
  const pad = typeof width === 'string' ? width : ' '.repeat(asNumber(width) ?? 4)
  const first = truthy(argument(call, 1, 'first') ?? false, 'lenient')
  const blank = truthy(argument(call, 2, 'blank') ?? false, 'lenient')
  return string(value, call).split('\n').map((line, index) =>
    (index === 0 ? first : blank || line !== '') ? pad + line : line
  ).join('\n')
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

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&#39;',
  '"': '&#34;',
}

const escape: Filter = (value, call) =>
  string(value, call).replace(/[&<>'"]/g, (character) => escapes[character] ?? character)

/** Jinja's own filters, those that make sense in a chat message. */
const jinjaFilters: Readonly<Record<string, Filter>> = {
  abs: (value) =>
    isFloat(value) ? new Float(Math.abs(asNumber(value) ?? 0)) : Math.abs(asNumber(value) ?? 0),
  batch: (value, call) => {
    const size = Math.max(1, asNumber(call.args[0]) ?? 1)
    const items = list(value, call)
    return Array.from(
      { length: Math.ceil(items.length / size) },
      (_, row) => items.slice(row * size, row * size + size),
    )
  },
  capitalize: (value, call) => {
    const text = string(value, call)
    return text.charAt(0).toUpperCase() + text.slice(1).toLowerCase()
  },
  center: (value, call) => {
    const text = string(value, call)
    const room = Math.max(0, (asNumber(argument(call, 0, 'width')) ?? 80) - text.length)
    return ' '.repeat(Math.floor(room / 2)) + text + ' '.repeat(Math.ceil(room / 2))
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
  e: escape,
  escape,
  first: (value, call) =>
    list(value, call)[0] ?? new Undefined('No first item, sequence was empty.'),
  float: decimal,
  format: (value, call) => percentFormat(string(value, call), call.args, call.strictness),
  groupby: groupBy,
  indent,
  int: whole,
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
  lower: (value, call) => string(value, call).toLowerCase(),
  map,
  max: (value, call) =>
    sorted(list(value, call), keyed(call, call.keywords.get('attribute')), true)[0] ??
      new Undefined('No aggregated item, sequence was empty.'),
  min: (value, call) =>
    sorted(list(value, call), keyed(call, call.keywords.get('attribute')), false)[0] ??
      new Undefined('No aggregated item, sequence was empty.'),
  reject: chosen(false, false),
  rejectattr: chosen(false, true),
  replace: (value, call) => {
    const [from, to, times] = call.args.map((item) => item)
    let left = asNumber(times) ?? Number.POSITIVE_INFINITY
    return string(value, call).replaceAll(
      string(from, call),
      (found) => left-- > 0 ? string(to, call) : found,
    )
  },
  reverse: (value, call) =>
    typeof value === 'string'
      ? Array.from(value).reverse().join('')
      : [...list(value, call)].reverse(),
  round,
  safe: (value) => value,
  select: chosen(true, false),
  selectattr: chosen(true, true),
  sort: (value, call) => {
    const fold = folded(truthy(argument(call, 1, 'case_sensitive') ?? false, 'lenient'))
    const key = keyed(call, argument(call, 2, 'attribute'))
    const reverse = truthy(argument(call, 0, 'reverse') ?? false, 'lenient')
    return sorted(list(value, call), (item) => fold(key(item)), reverse)
  },
  string: (value, call) => string(value, call),
  striptags: (value, call) =>
    string(value, call).replace(/<[^<>]*>/g, '').replace(/\s+/g, ' ').trim(),
  sum: (value, call) => {
    const key = keyed(call, argument(call, 0, 'attribute'))
    const start = argument(call, 1, 'start') ?? 0
    return list(value, call).reduce(
      (total: unknown, item) => binary('+', total, key(item), call.strictness),
      start,
    )
  },
  title: (value, call) => titleCase(string(value, call)),
  tojson: (value, call) =>
    pythonJson(value, { indent: asNumber(argument(call, 0, 'indent')), sortKeys: true })
      .replace(/[<>&']/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`),
  trim: (value, call) => string(value, call).trim(),
  truncate,
  unique: (value, call) => {
    const seen: unknown[] = []
    return list(value, call).filter((item) => {
      const key = folded(false)(item)
      if (seen.some((other) => equal(other, key))) return false
      seen.push(key)
      return true
    })
  },
  upper: (value, call) => string(value, call).toUpperCase(),
  urlencode: (value, call) =>
    isDict(value)
      ? Object.entries(value).map((pair) =>
        pair.map((item) => encodeURIComponent(string(item, call))).join('=')
      ).join('&')
      : encodeURIComponent(string(value, call)).replaceAll('%2F', '/'),
  wordcount: (value, call) => string(value, call).split(/\s+/).filter((word) => word !== '').length,
  dict: (value, call) => dictOf(list(value, call) as readonly [string, unknown][]),
}

/** Filters that look at a missing value without using it. */
const tolerant = new Set(['default', 'd'])

/**
 * Applies a filter.
 * @throws TemplateFailure; an unknown filter is a syntax error, as in Jinja
 */
export const applyFilter = (name: string, value: unknown, call: FilterCall): unknown => {
  const filter = Object.hasOwn(jinjaFilters, name)
    ? jinjaFilters[name]
    : Object.hasOwn(stackstormFilters, name)
    ? stackstormFilters[name]
    : undefined
  if (filter === undefined) throw syntaxFailure(`No filter named '${name}'.`)
  if (!tolerant.has(name)) required(value, call.strictness)
  return filter(value, call)
}
