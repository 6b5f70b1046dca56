import { asNumber, Float, isDict, Namespace, reprOf } from './values.ts'

/** The options of Python's `json.dumps` that templates use. */
export type PythonJsonOptions = {
  readonly indent?: number | undefined
  readonly sortKeys?: boolean
  /** Between items and after keys; Python's defaults are `, ` and `: `. */
  readonly separators?: readonly [string, string]
}

/** A string as `json.dumps` writes it: everything beyond ASCII escaped. */
const quoted = (value: string): string =>
  JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** What Python's `json.dumps(value)` writes, byte for byte. */
export const pythonJson = (value: unknown, options: PythonJsonOptions = {}): string => {
  const { indent, sortKeys = false } = options
  const separators = options.separators ?? [indent === undefined ? ', ' : ',', ': ']
  const wrap = (open: string, close: string, items: readonly string[], depth: number): string => {
    if (items.length === 0) return open + close
    if (indent === undefined) return open + items.join(separators[0]) + close
    const pad = `\n${' '.repeat(indent * (depth + 1))}`
    const item = separators[0].trimEnd()
    return `${open}${pad}${items.join(item + pad)}\n${' '.repeat(indent * depth)}${close}`
  }
  const write = (item: unknown, depth: number): string => {
    if (item === null || item === undefined) return 'null'
    if (typeof item === 'boolean') return String(item)
    if (item instanceof Float || asNumber(item) !== undefined) return reprOf(item)
    if (typeof item === 'string') return quoted(item)
    if (Array.isArray(item)) return wrap('[', ']', item.map((one) => write(one, depth + 1)), depth)
    const entries = item instanceof Namespace
      ? [...item.values]
      : isDict(item)
      ? Object.entries(item)
      : []
    const ordered = sortKeys ? entries.toSorted(([a], [b]) => (a < b ? -1 : 1)) : entries
    const written = ordered.map(([key, one]) => quoted(key) + separators[1] + write(one, depth + 1))
    return wrap('{', '}', written, depth)
  }
  return write(value, 0)
}
