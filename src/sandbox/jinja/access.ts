import { otherFailure } from './failure.ts'
import { asNumber, dictOf, isDict, Namespace, typeName, Undefined } from './values.ts'

/** What stands for a name that nothing is known by. */
export const missing = (name: string): Undefined => new Undefined(`'${name}' is undefined`)

/** `value[key]`: an element, a character, or an entry of a mapping. Never a JavaScript property. */
export const item = (value: unknown, key: unknown): unknown => {
  if (value instanceof Namespace) {
    return value.values.get(String(key)) ??
      new Undefined(`'jinja2.utils.Namespace object' has no attribute '${key}'`)
  }
  const index = asNumber(key)
  if ((Array.isArray(value) || typeof value === 'string') && index !== undefined) {
    const found = typeof value === 'string' ? Array.from(value).at(index) : value.at(index)
    return found ??
      (Array.isArray(value) && Math.abs(index) < value.length
        ? null
        : new Undefined(`${typeName(value)} object has no element ${key}`))
  }
  const name = String(key)
  if (isDict(value) && Object.hasOwn(value, name)) return value[name] ?? null
  const owner = value === null ? 'None' : `${typeName(value)} object`
  return new Undefined(`'${owner}' has no attribute '${name}'`)
}

/** `value[start:stop:step]` */
export const slice = (
  value: unknown,
  start: number | undefined,
  stop: number | undefined,
  step: number,
): unknown => {
  const items = typeof value === 'string' ? Array.from(value) : value
  if (!Array.isArray(items)) throw otherFailure(`'${typeName(value)}' object is not subscriptable`)
  if (step === 0) throw otherFailure('slice step cannot be zero')
  const ordered = step > 0
    ? items.slice(start, stop)
    : items.slice(stop === undefined ? 0 : stop + 1, start === undefined ? undefined : start + 1)
      .reverse()
  const picked = ordered.filter((_, index) => index % Math.abs(step) === 0)
  return typeof value === 'string' ? picked.join('') : picked
}

/** The `loop` of one pass. */
export const loopVariable = (items: readonly unknown[], index: number) =>
  dictOf(Object.entries({
    index: index + 1,
    index0: index,
    revindex: items.length - index,
    revindex0: items.length - index - 1,
    first: index === 0,
    last: index === items.length - 1,
    length: items.length,
    previtem: index > 0 ? items[index - 1] : missing('previtem'),
    nextitem: index < items.length - 1 ? items[index + 1] : missing('nextitem'),
  }))
