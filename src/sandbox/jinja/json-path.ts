import { otherFailure } from './failure.ts'
import { isDict } from './values.ts'

/**
 * The values that a simple JSON path finds, or null for none: names, indices, `*` and `..`, such as
 * `hosts[*].name`. Filters and slices are refused by name, not guessed at.
 */
export const queryPath = (value: unknown, path: string): readonly unknown[] | null => {
  let found: readonly unknown[] = [value]
  for (const step of steps(path)) found = found.flatMap((item) => take(item, step))
  return found.length === 0 ? null : found
}

type Step = { readonly deep: boolean; readonly key: string | number | '*' }

const steps = (path: string): Step[] => {
  const result: Step[] = []
  const token = /(\.\.|\.)?(?:\[(\d+|\*|'[^']*'|"[^"]*")\]|([\p{L}_$*][\p{L}\p{N}_-]*))/uy
  while (token.lastIndex < path.length) {
    const at = token.lastIndex
    const match = token.exec(path)
    if (!match) {
      throw otherFailure(`jsonpath_query: cannot read ${JSON.stringify(path.slice(at))} here`)
    }
    const key = match[2]?.replace(/^(['"])(.*)\1$/, '$2') ?? match[3] ?? ''
    if (key === '$' && result.length === 0) continue
    result.push({ deep: match[1] === '..', key: /^\d+$/.test(key) ? Number(key) : key })
  }
  return result
}

const take = (value: unknown, step: Step): readonly unknown[] => {
  const here = child(value, step.key)
  return step.deep ? [...here, ...children(value).flatMap((item) => take(item, step))] : here
}

const children = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : isDict(value) ? Object.values(value) : []

const child = (value: unknown, key: Step['key']): readonly unknown[] => {
  if (key === '*') return children(value)
  if (Array.isArray(value)) return typeof key === 'number' && key < value.length ? [value[key]] : []
  return isDict(value) && Object.hasOwn(value, key) ? [value[key]] : []
}
