import { syntaxFailure } from './failure.ts'
import { asNumber, Callable, isDict, isFloat, Undefined } from './values.ts'

type Test = (value: unknown) => boolean

const isNumber: Test = (value) => typeof value === 'number' || isFloat(value)

const tests: Readonly<Record<string, Test>> = {
  defined: (value) => !(value instanceof Undefined),
  undefined: (value) => value instanceof Undefined,
  none: (value) => value === null,
  string: (value) => typeof value === 'string',
  number: isNumber,
  integer: (value) => typeof value === 'number' && Number.isInteger(value),
  float: isFloat,
  boolean: (value) => typeof value === 'boolean',
  true: (value) => value === true,
  false: (value) => value === false,
  mapping: isDict,
  sequence: (value) => typeof value === 'string' || Array.isArray(value) || isDict(value),
  iterable: (value) =>
    typeof value === 'string' || Array.isArray(value) || isDict(value) ||
    value instanceof Undefined,
  callable: (value) => value instanceof Callable,
  odd: (value) => Math.abs((asNumber(value) ?? 0) % 2) === 1,
  even: (value) => (asNumber(value) ?? 1) % 2 === 0,
  lower: (value) => typeof value === 'string' && value === value.toLowerCase(),
  upper: (value) => typeof value === 'string' && value === value.toUpperCase(),
}

/** Whether `value is <name>` holds; an unknown test is a syntax error, as in Jinja. */
export const runTest = (name: string, value: unknown): boolean => {
  const test = Object.hasOwn(tests, name) ? tests[name] : undefined
  if (test === undefined) throw syntaxFailure(`No test named '${name}'.`)
  return test(value)
}

/** Tests that look at a missing value without using it. */
export const toleratesUndefined = (name: string): boolean =>
  name === 'defined' || name === 'undefined'
