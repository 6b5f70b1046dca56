import { otherFailure } from './failure.ts'
import {
  asNumber,
  compare,
  equal,
  Float,
  isDict,
  isFloat,
  itemsOf,
  required,
  type Strictness,
  textOf,
  typeName,
} from './values.ts'

const unsupported = (operator: string, left: unknown, right: unknown) =>
  otherFailure(
    `unsupported operand type(s) for ${operator}: '${typeName(left)}' and '${typeName(right)}'`,
  )

/** What a chat message can hold is far below this; `'x' * 1e9` is above. */
const longestText = 1_000_000

const repeat = <Value extends string | unknown[]>(value: Value, times: number): Value => {
  const count = Math.max(0, times)
  if (value.length * count > longestText) throw otherFailure('the result is too long')
  return (typeof value === 'string'
    ? value.repeat(count)
    : Array.from({ length: count }, () => value).flat()) as Value
}

const arithmetic = (operator: string, a: number, b: number): number => {
  switch (operator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '**':
      return a ** b
    case '/':
      if (b === 0) throw otherFailure('division by zero')
      return a / b
    case '//':
      if (b === 0) throw otherFailure('integer division or modulo by zero')
      return Math.floor(a / b)
    default:
      if (b === 0) throw otherFailure('integer division or modulo by zero')
      return a - b * Math.floor(a / b)
  }
}

const contains = (container: unknown, item: unknown, strictness: Strictness): boolean => {
  if (typeof container === 'string') {
    if (typeof item !== 'string') {
      throw otherFailure(`'in <string>' requires string as left operand, not ${typeName(item)}`)
    }
    return container.includes(item)
  }
  if (isDict(container)) return typeof item === 'string' && Object.hasOwn(container, item)
  return itemsOf(container, strictness).some((element) => equal(element, item))
}

/** `left operator right`, as Python has it, for everything but `and` and `or`. */
export const binary = (
  operator: string,
  left: unknown,
  right: unknown,
  strictness: Strictness,
): unknown => {
  required(left, strictness)
  required(right, strictness)
  switch (operator) {
    case '==':
      return equal(left, right)
    case '!=':
      return !equal(left, right)
    case '<':
      return compare(left, right, operator) < 0
    case '<=':
      return compare(left, right, operator) <= 0
    case '>':
      return compare(left, right, operator) > 0
    case '>=':
      return compare(left, right, operator) >= 0
    case 'in':
      return contains(right, left, strictness)
    case 'not in':
      return !contains(right, left, strictness)
    case '~':
      return textOf(left, strictness) + textOf(right, strictness)
  }
  const a = asNumber(left)
  const b = asNumber(right)
  if (a !== undefined && b !== undefined) {
    const value = arithmetic(operator, a, b)
    const float = isFloat(left) || isFloat(right) || operator === '/' || !Number.isInteger(value)
    return float ? new Float(value) : value
  }
  if (operator === '+' && typeof left === 'string' && typeof right === 'string') return left + right
  if (operator === '+' && Array.isArray(left) && Array.isArray(right)) return [...left, ...right]
  if (operator === '*' && b !== undefined && (typeof left === 'string' || Array.isArray(left))) {
    return repeat(left, b)
  }
  if (operator === '%' && typeof left === 'string') {
    return percentFormat(left, Array.isArray(right) ? right : [right], strictness)
  }
  if (operator === '+' && typeof left === 'string') {
    throw otherFailure(`can only concatenate str (not "${typeName(right)}") to str`)
  }
  throw unsupported(operator, left, right)
}

/** Python's `'%s and %d' % (a, b)`: text, whole numbers, and decimals with a precision. */
export const percentFormat = (
  format: string,
  values: readonly unknown[],
  strictness: Strictness,
): string => {
  let next = 0
  return format.replace(/%(-?0?\d*)(?:\.(\d+))?([sdfr%])/g, (_, width: string, precision, kind) => {
    if (kind === '%') return '%'
    if (next >= values.length) throw otherFailure('not enough arguments for format string')
    const value = values[next++]
    const number = asNumber(value) ?? 0
    const text = kind === 'd'
      ? String(Math.trunc(number))
      : kind === 'f'
      ? number.toFixed(Number(precision ?? 6))
      : textOf(value, strictness)
    const size = Math.abs(Number(width || 0))
    if (width.startsWith('-')) return text.padEnd(size)
    return text.padStart(size, width.startsWith('0') && kind !== 's' ? '0' : ' ')
  })
}
