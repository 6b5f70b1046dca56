import { Evaluator } from './evaluate.ts'
import { parseTemplate } from './nodes.ts'
import { Scope } from './scope.ts'
import { asNumber, Callable, dictOf, isDict, Namespace, type Strictness } from './values.ts'
import { otherFailure } from './failure.ts'

/** The most that `range()` gives: enough for any message. */
const longestRange = 100_000

const range = new Callable((args) => {
  const numbers = args.map((value) => asNumber(value) ?? 0)
  const [start, stop] = numbers.length > 1
    ? [numbers[0] ?? 0, numbers[1] ?? 0]
    : [0, numbers[0] ?? 0]
  const step = numbers[2] ?? 1
  const length = Math.max(0, Math.ceil((stop - start) / step))
  if (!(length <= longestRange)) throw otherFailure('range() is too long')
  return Array.from({ length }, (_, index) => start + index * step)
})

const namespaceOf = (values: Readonly<Record<string, unknown>>): Namespace => {
  const result = new Namespace()
  for (const [name, value] of Object.entries(values)) result.values.set(name, value)
  return result
}

const namespace = new Callable((_, keywords) => namespaceOf(Object.fromEntries(keywords)))

const dict = new Callable((_, keywords) => dictOf(keywords))

/** What the `six` library gives to templates that were written for Python 2 and 3. */
const six = namespaceOf({
  iteritems: new Callable(([value]) => isDict(value) ? Object.entries(value) : notMapping()),
  iterkeys: new Callable(([value]) => isDict(value) ? Object.keys(value) : notMapping()),
  itervalues: new Callable(([value]) => isDict(value) ? Object.values(value) : notMapping()),
  text_type: new Callable(([value]) => String(value)),
})

const notMapping = () => {
  throw otherFailure("object has no attribute 'items'")
}

/**
 * Renders a Jinja template as StackStorm would. Under `strict` every use of something that is
 * missing is an error; under `lenient` it is empty, but an attribute of it still is an error.
 * Nothing is compiled and no JavaScript property can be reached, whoever wrote the template.
 * @throws TemplateFailure
 */
export const renderTemplate = (
  source: string,
  context: Readonly<Record<string, unknown>>,
  strictness: Strictness,
): string => {
  if (!/\{[{%#]/.test(source)) return source.replace(/\r?\n$/, '')
  const scope = new Scope()
  for (const [name, value] of Object.entries({ true: true, false: false, none: null })) {
    scope.set(name, value)
    scope.set(name.charAt(0).toUpperCase() + name.slice(1), value)
  }
  for (const [name, value] of Object.entries({ range, namespace, dict, six })) {
    scope.set(name, value)
  }
  for (const [name, value] of Object.entries(context)) scope.set(name, value)
  return new Evaluator(strictness).block([parseTemplate(source)], scope)
}

/**
 * Renders every text inside a value and leaves the rest as it is.
 * @throws TemplateFailure
 */
export const renderDeep = (
  value: unknown,
  context: Readonly<Record<string, unknown>>,
  strictness: Strictness,
): unknown => {
  if (typeof value === 'string') return renderTemplate(value, context, strictness)
  if (Array.isArray(value)) return value.map((item) => renderDeep(item, context, strictness))
  if (isDict(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, renderDeep(item, context, strictness)]),
    )
  }
  return value
}
