import type { LogFields } from '../log.ts'

export type Event = {
  /** Milliseconds since 1970. */
  readonly time: number
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly message: string
  readonly fields: LogFields
}

export type EventStyle = {
  readonly format: 'pretty' | 'journal' | 'json'
  readonly colour: boolean
  readonly mask: (text: string) => string
  /** Whether errors bring their stack. */
  readonly stacks: boolean
}

/** journald's priorities: sd-daemon(3), SD_ERR and so on. */
const priorities = { debug: 7, info: 6, warn: 4, error: 3 } as const

/** SGR codes: grey, green, yellow, red. */
const colours = { debug: 90, info: 32, warn: 33, error: 31 } as const

/** journald cuts lines at 48 KiB (LineMax=); one text of 4,000 characters is more than a person reads. */
const longestText = 4_000

/** The deepest chain of causes that is told: a chain can be a ring. */
const deepestCause = 8

/**
 * Characters that move the cursor, break the line, or turn the reading direction: C0, DEL, C1, line and
 * paragraph separator, and the bidirectional controls. From chat they could forge or hide a line.
 */
// deno-lint-ignore no-control-regex
const unsafe = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

const code = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** Unsafe characters as JSON writes them. */
export const escapeUnsafe = (text: string): string => text.replace(unsafe, code)

/** The text as it may stand inside one line. */
export const neutralise = (text: string): string =>
  text.toWellFormed().replace(unsafe, (character) => escapes[character] ?? code(character))

const shorten = (text: string): string =>
  text.length <= longestText
    ? text
    : `${text.slice(0, longestText)}... (${text.length - longestText} more characters)`

/** What Bun adds for programmers to what the network says, and what every wrapper repeats: the id of the request. */
const asides = [
  / For more information, pass `verbose: true` in the second argument to fetch\(\)/,
  / Is the computer able to access the url\?/,
]

const withoutAsides = (message: string): string =>
  asides.reduce((text, aside) => text.replace(aside, ''), message)

/** The id at the end of a message, as a wrapper and its cause both have it. */
const requestId = / \(request [\w-]+\)$/

/** What went wrong and why, outermost first: `Cannot reach x: connect refused`. */
export const describeError = (error: unknown): string => {
  const messages: string[] = []
  let current = error
  for (let depth = 0; depth < deepestCause && current !== undefined && current !== null; depth++) {
    const whole = current instanceof Error ? current.message || current.name : String(current)
    const [id] = requestId.exec(whole) ?? []
    const message = id !== undefined && messages.some((earlier) => earlier.endsWith(id))
      ? whole.slice(0, -id.length)
      : withoutAsides(whole)
    // Many wrappers repeat their cause's words: saying them twice helps nobody.
    if (!messages.some((earlier) => earlier.includes(message))) messages.push(message)
    current = current instanceof Error ? current.cause : undefined
  }
  return messages.map((message, at) =>
    at < messages.length - 1 ? message.replace(/\.$/, '') : message
  ).join(': ')
}

/** The call sites of an error in one line, innermost first. */
const callSites = (error: Error): string =>
  (error.stack ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '))
    .map((line) => line.slice(3))
    .join(' < ')

type Value = string | number | boolean | null

/** The fields as plain values: errors told in words, secrets blotted out. */
const plainFields = (fields: LogFields, { mask, stacks }: EventStyle): [string, Value][] => {
  const text = (value: string) => shorten(mask(value))
  return Object.entries(fields).flatMap(([key, value]): [string, Value][] => {
    if (value === undefined) return []
    const name = key.replace(/[^\w.-]/g, '_')
    if (value instanceof Error) {
      const told: [string, Value][] = [[name, text(describeError(value))]]
      return stacks ? [...told, [`${name}_stack`, text(callSites(value))]] : told
    }
    if (typeof value === 'string') return [[name, text(value)]]
    if (typeof value === 'number') {
      const masked = mask(String(value))
      return [[name, masked === String(value) ? value : masked]]
    }
    return [[name, value]]
  })
}

/** logfmt: `key=value`, in quotes where a blank, a quote or an equals sign would confuse. */
const logfmt = ([key, value]: [string, Value]): string => {
  const text = String(value)
  if (text !== '' && !/[\s"=\\]/.test(text)) return `${key}=${neutralise(text)}`
  const quoted = text.replace(/["\\]/g, (character) => `\\${character}`)
  return `${key}="${neutralise(quoted)}"`
}

/** The event without its time: what is equal in two lines that say the same. */
export const formatBody = (
  { level, message: text, fields: given }: Event,
  style: EventStyle,
): string => {
  const message = shorten(style.mask(text))
  const fields = plainFields(given, style)
  if (style.format !== 'json') return [neutralise(message), ...fields.map(logfmt)].join(' ')
  // A field may not pass itself off as the event's own time, level or message.
  const named = fields.map(([key, value]) => [own.has(key) ? `${key}_` : key, value])
  return escapeUnsafe(JSON.stringify({ level, message, ...Object.fromEntries(named) }))
}

const own = new Set(['time', 'level', 'message'])

/** One event as one line with its newline; `body` is what `formatBody` made of it. */
export const formatLine = (body: string, { time, level }: Event, style: EventStyle): string => {
  if (style.format === 'journal') return `<${priorities[level]}>${body}\n`
  const moment = new Date(time).toISOString()
  if (style.format === 'json') return `{"time":"${moment}",${body.slice(1)}\n`
  const head = style.colour
    ? `\u001b[90m${moment}\u001b[0m \u001b[${colours[level]}m${level.padEnd(5)}\u001b[0m`
    : `${moment} ${level.padEnd(5)}`
  return `${head} ${body}\n`
}
