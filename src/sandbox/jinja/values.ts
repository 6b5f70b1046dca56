import { pythonRepr, pythonText } from '../../stackstorm/python-text.ts'
import { otherFailure, TemplateFailure } from './failure.ts'

/**
 * Values inside a template are what JSON gives, and these: a number that Python would call a float,
 * something that is not there, something that can be called, and `namespace()`.
 */
export class Float {
  readonly value: number
  constructor(value: number) {
    this.value = value
  }
}

export class Undefined {
  readonly message: string
  constructor(message: string) {
    this.message = message
  }
}

export type Keywords = ReadonlyMap<string, unknown>

export class Callable {
  readonly call: (args: readonly unknown[], keywords: Keywords) => unknown
  constructor(call: (args: readonly unknown[], keywords: Keywords) => unknown) {
    this.call = call
  }
}

export class Namespace {
  readonly values = new Map<string, unknown>()
}

export type Dict = Readonly<Record<string, unknown>>

export const isDict = (value: unknown): value is Dict =>
  typeof value === 'object' && value !== null && !Array.isArray(value) &&
  !(value instanceof Float) && !(value instanceof Undefined) && !(value instanceof Callable) &&
  !(value instanceof Namespace)

/** Keys may be any text a host name or an author chose, so no prototype stands behind them. */
export const dictOf = (entries: Iterable<readonly [string, unknown]>): Dict => {
  const dict: Record<string, unknown> = Object.create(null)
  for (const [key, value] of entries) dict[key] = value
  return dict
}

/** A number, be it Python's int or float. */
export const asNumber = (value: unknown): number | undefined =>
  typeof value === 'number'
    ? value
    : value instanceof Float
    ? value.value
    : typeof value === 'boolean'
    ? Number(value)
    : undefined

export const isFloat = (value: unknown): boolean =>
  value instanceof Float || (typeof value === 'number' && !Number.isInteger(value))

/** Python's name of a value's type, as it stands in error messages. */
export const typeName = (value: unknown): string => {
  if (value === null) return 'NoneType'
  if (typeof value === 'string') return 'str'
  if (typeof value === 'boolean') return 'bool'
  if (isFloat(value)) return 'float'
  if (typeof value === 'number') return 'int'
  if (Array.isArray(value)) return 'list'
  if (value instanceof Callable) return 'function'
  if (value instanceof Undefined) return 'Undefined'
  return 'dict'
}

/** How missing values behave: an error as soon as one is used, or empty. */
export type Strictness = 'strict' | 'lenient'

/** Lets a value pass unless it is missing and that matters. */
export const required = (value: unknown, strictness: Strictness): unknown => {
  if (value instanceof Undefined && strictness === 'strict') {
    throw new TemplateFailure('undefined', value.message)
  }
  return value
}

export const truthy = (value: unknown, strictness: Strictness): boolean => {
  required(value, strictness)
  if (value instanceof Undefined) return false
  if (value instanceof Float) return value.value !== 0
  if (Array.isArray(value)) return value.length > 0
  if (isDict(value)) return Object.keys(value).length > 0
  return Boolean(value)
}

/** What Python's `str()` makes of a value. */
export const textOf = (value: unknown, strictness: Strictness): string => {
  required(value, strictness)
  if (value instanceof Undefined) return ''
  return pythonText(plain(value))
}

export const reprOf = (value: unknown): string => pythonRepr(plain(value))

/** A whole float prints with `.0`, which no JavaScript number can say. */
const floatText = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1e16 ? `${value}.0` : pythonRepr(value)

/** `pythonRepr` prints what it does not know with `String()`; a function with its own text is such a thing. */
const printed = (text: string): unknown => Object.assign(() => {}, { toString: () => text })

const plain = (value: unknown): unknown => {
  if (value instanceof Float) return printed(floatText(value.value))
  if (value instanceof Undefined) return null
  if (value instanceof Callable) return printed('<function>')
  if (value instanceof Namespace) return dictOf(value.values)
  if (Array.isArray(value)) return value.map(plain)
  if (isDict(value)) return dictOf(Object.entries(value).map(([key, item]) => [key, plain(item)]))
  return value
}

/** The items that a loop or a filter goes through: characters, elements, or keys. */
export const itemsOf = (value: unknown, strictness: Strictness): readonly unknown[] => {
  required(value, strictness)
  if (value instanceof Undefined) return []
  if (Array.isArray(value)) return value
  if (typeof value === 'string') return Array.from(value)
  if (isDict(value)) return Object.keys(value)
  throw otherFailure(`'${typeName(value)}' object is not iterable`)
}

export const equal = (left: unknown, right: unknown): boolean => {
  const a = asNumber(left)
  const b = asNumber(right)
  if (a !== undefined && b !== undefined) return a === b
  if (left instanceof Undefined && right instanceof Undefined) return true
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => equal(item, right[index]))
  }
  if (isDict(left) && isDict(right)) {
    const keys = Object.keys(left)
    return keys.length === Object.keys(right).length &&
      keys.every((key) => Object.hasOwn(right, key) && equal(left[key], right[key]))
  }
  return left === right
}

/** Negative, zero or positive, as Python orders two values of one kind. */
export const compare = (left: unknown, right: unknown, operator = '<'): number => {
  const a = asNumber(left)
  const b = asNumber(right)
  if (a !== undefined && b !== undefined) return a - b
  if (typeof left === 'string' && typeof right === 'string') {
    return left < right ? -1 : left > right ? 1 : 0
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    for (let index = 0; index < Math.min(left.length, right.length); index++) {
      const order = compare(left[index], right[index], operator)
      if (order !== 0) return order
    }
    return left.length - right.length
  }
  throw otherFailure(
    `'${operator}' not supported between instances of '${typeName(left)}' and '${typeName(right)}'`,
  )
}
