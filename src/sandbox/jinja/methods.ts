import { otherFailure } from './failure.ts'
import { asNumber, Callable, type Dict, dictOf, isDict, textOf, Undefined } from './values.ts'

type Method = (args: readonly unknown[]) => unknown

const text = (value: unknown): string => {
  if (typeof value !== 'string') throw otherFailure('a string is required')
  return value
}

const number = (value: unknown, otherwise: number): number => asNumber(value) ?? otherwise

/** Python's `str.split()` without a separator: runs of blanks, none at the ends. */
const words = (value: string): string[] => value.split(/\s+/).filter((word) => word !== '')

const split = (value: string, separator: unknown, limit: number): string[] => {
  if (separator === null || separator === undefined) {
    return limit < 0 ? words(value) : splitWords(value, limit)
  }
  const parts = value.split(text(separator))
  if (limit < 0 || parts.length <= limit + 1) return parts
  return [...parts.slice(0, limit), parts.slice(limit).join(text(separator))]
}

const splitWords = (value: string, limit: number): string[] => {
  const rest = words(value)
  if (rest.length <= limit + 1) return rest
  let tail = value.trimStart()
  for (const word of rest.slice(0, limit)) tail = tail.slice(word.length).trimStart()
  return [...rest.slice(0, limit), tail]
}

const stripped = (value: string, characters: unknown, ends: 'both' | 'left' | 'right'): string => {
  const unwanted = typeof characters === 'string' ? new Set(characters) : undefined
  const drop = (character: string | undefined) =>
    character !== undefined && (unwanted ? unwanted.has(character) : /\s/.test(character))
  const letters = Array.from(value)
  if (ends !== 'right') { while (drop(letters[0])) letters.shift() }
  if (ends !== 'left') { while (drop(letters.at(-1))) letters.pop() }
  return letters.join('')
}

export const titleCase = (value: string): string =>
  value.toLowerCase().replace(/\p{L}+/gu, (word) => word.charAt(0).toUpperCase() + word.slice(1))

/** Python's `'{} {name}'.format(...)` without format specifications. */
const braceFormat = (format: string, args: readonly unknown[]): string => {
  let next = 0
  return format.replace(/\{\{|\}\}|\{(\w*)\}/g, (whole, name: string | undefined) => {
    if (whole === '{{') return '{'
    if (whole === '}}') return '}'
    const index = name === '' || name === undefined ? next++ : Number(name)
    if (!(index < args.length)) throw otherFailure('Replacement index out of range')
    return textOf(args[index], 'strict')
  })
}

const stringMethods: Readonly<Record<string, (self: string) => Method>> = {
  upper: (self) => () => self.toUpperCase(),
  lower: (self) => () => self.toLowerCase(),
  title: (self) => () => titleCase(self),
  capitalize: (self) => () => self.charAt(0).toUpperCase() + self.slice(1).toLowerCase(),
  strip: (self) => ([characters]) => stripped(self, characters, 'both'),
  lstrip: (self) => ([characters]) => stripped(self, characters, 'left'),
  rstrip: (self) => ([characters]) => stripped(self, characters, 'right'),
  split: (self) => ([separator, limit]) => split(self, separator, number(limit, -1)),
  rsplit: (self) => ([separator, limit]) => {
    const parts = split(self, separator, -1)
    const keep = number(limit, -1)
    if (keep < 0 || parts.length <= keep + 1) return parts
    const glue = typeof separator === 'string' ? separator : ' '
    return [parts.slice(0, -keep).join(glue), ...parts.slice(-keep)]
  },
  splitlines: (self) => () => self.replace(/\r?\n$/, '').split(/\r?\n/),
  join: (self) => ([items]) =>
    (Array.isArray(items) ? items : isDict(items) ? Object.keys(items) : Array.from(text(items)))
      .map(text).join(self),
  replace: (self) => ([from, to]) => self.replaceAll(text(from), () => text(to)),
  startswith: (self) => ([start]) => [start].flat().some((item) => self.startsWith(text(item))),
  endswith: (self) => ([end]) => [end].flat().some((item) => self.endsWith(text(item))),
  find: (self) => ([part]) => self.indexOf(text(part)),
  count: (self) => ([part]) => self.split(text(part)).length - 1,
  zfill: (self) => ([width]) => self.padStart(number(width, 0), '0'),
  ljust: (self) => ([width, fill]) => self.padEnd(number(width, 0), text(fill ?? ' ')),
  rjust: (self) => ([width, fill]) => self.padStart(number(width, 0), text(fill ?? ' ')),
  isdigit: (self) => () => /^\d+$/.test(self),
  isalpha: (self) => () => /^\p{L}+$/u.test(self),
  format: (self) => (args) => braceFormat(self, args),
}

const dictMethods: Readonly<Record<string, (self: Dict) => Method>> = {
  items: (self) => () => Object.entries(self),
  iteritems: (self) => () => Object.entries(self),
  keys: (self) => () => Object.keys(self),
  values: (self) => () => Object.values(self),
  get: (self) => ([key, otherwise = null]) =>
    typeof key === 'string' && Object.hasOwn(self, key) ? self[key] : otherwise,
  copy: (self) => () => dictOf(Object.entries(self)),
}

const listMethods: Readonly<Record<string, (self: readonly unknown[]) => Method>> = {
  index: (self) => ([item]) => self.indexOf(item),
  count: (self) => ([item]) => self.filter((element) => element === item).length,
}

/** The method of a Python value that a template may call, if it has one of this name. */
export const methodOf = (value: unknown, name: string): Callable | undefined => {
  const bind = <Self>(table: Readonly<Record<string, (self: Self) => Method>>, self: Self) =>
    Object.hasOwn(table, name) ? table[name]?.(self) : undefined
  const method = typeof value === 'string'
    ? bind(stringMethods, value)
    : Array.isArray(value)
    ? bind(listMethods, value)
    : isDict(value)
    ? bind(dictMethods, value)
    : undefined
  return method && new Callable((args) => method(args.map(defined)))
}

const defined = (value: unknown): unknown => value instanceof Undefined ? null : value
