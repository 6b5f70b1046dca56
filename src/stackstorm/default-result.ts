// deno-lint-ignore-file camelcase -- the names are StackStorm's own
import { pythonText } from './python-text.ts'

/** The parts of an execution that the default message shows; anything else may be there too. */
export type ExecutionForMessage = {
  readonly id: string
  readonly action: { readonly ref: string }
  readonly runner?: { readonly name: string } | undefined
  readonly status: string
  readonly web_url?: string | null | undefined
  readonly elapsed_seconds?: number | null | undefined
  readonly result?: unknown
}

type Entries = readonly (readonly [string, unknown])[]

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Python's idea of true, for values out of JSON. */
const truthy = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.length > 0
    : isMapping(value)
    ? Object.keys(value).length > 0
    : Boolean(value)

/** Keys of each family of runners that StackStorm shows; empty ones are left out. */
const shellKeys = ['stdout', 'stderr', 'return_code', 'error']
const pythonKeys = ['result', 'stdout', 'stderr', 'exit_code']
const shellRunners = ['local-shell-cmd', 'local-shell-script']
const remoteRunners = ['remote-shell-cmd', 'remote-shell-script']
const pythonRunners = ['run-python', 'python-script', 'windows-cmd', 'windows-script']

const shown = (value: Readonly<Record<string, unknown>>, keys: readonly string[]): Entries =>
  Object.entries(value).filter(([key, item]) => keys.includes(key) && truthy(item))

const line = (key: string, value: unknown, prefix: string): string => {
  if (isMapping(value)) return `${prefix}${key} : \n${lines(Object.entries(value), `${prefix}  `)}`
  const text = pythonText(value).trim()
  // The seven blanks are what the server's own template leaves behind the colon.
  if (typeof value === 'string' && text.includes('\n')) {
    return `${prefix}${key} :       \n${prefix}  ${text}\n`
  }
  return `${prefix}${key} : ${text}\n`
}

const lines = (entries: Entries, prefix = ''): string =>
  entries.map(([key, value]) => line(key, value, prefix)).join('')

const resultText = (runner: string, result: unknown): string => {
  if (!isMapping(result)) return pythonText(result)
  if (runner === 'http-request') return `  ${lines(Object.entries(result))}`
  if (pythonRunners.includes(runner)) return lines(shown(result, pythonKeys))
  if (shellRunners.includes(runner)) return lines(shown(result, shellKeys))
  if (remoteRunners.includes(runner) && Object.values(result).every(isMapping)) {
    const hosts = Object.entries(result).map(([host, value]) =>
      `${host} : \n${isMapping(value) ? lines(shown(value, shellKeys), '  ') : ''}\n`
    )
    // The last host's blank line is the one that ends the message.
    return hosts.join('').slice(0, -1)
  }
  return lines(Object.entries(result))
}

/**
 * A duration as StackStorm writes it: `3s`, `1d1h1m2s`; below one second it appends a micro sign
 * to the seconds, wrong as that is.
 */
export const humanTime = (seconds: number): string => {
  if (seconds === 0) return '0s'
  if (seconds < 1) return `${pythonText(seconds)}μs`
  const whole = roundHalfEven(seconds)
  const date = new Date(whole * 1000)
  const parts = [
    date.getUTCFullYear() - 1970,
    date.getUTCDate() - 1,
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
  ]
  const units = ['y', 'd', 'h', 'm', 's']
  const first = parts.findIndex((part) => part !== 0)
  return parts.slice(first).map((part, index) => `${part}${units[first + index]}`).join('')
}

/** Python rounds halves to the even neighbour. */
const roundHalfEven = (value: number): number => {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}

/**
 * The message that StackStorm's chatops pack posts for an execution whose alias has no
 * `result.format`, byte for byte as its default template renders it.
 * Unlike the server it also has words for a remote result that is not one mapping a host
 * (a cancelled execution), on which the template fails and the message is lost.
 */
export const formatDefaultResult = (execution: ExecutionForMessage): string => {
  const head = `\nAction ${execution.action.ref} completed.\nstatus : ${execution.status}\n` +
    `execution: ${execution.id}\n\n`
  const link = execution.web_url ? `web_url: ${execution.web_url}\n` : ''
  const took = execution.elapsed_seconds
    ? `Took ${humanTime(execution.elapsed_seconds)} to complete.\n`
    : ''
  const result = truthy(execution.result)
    ? `result :\n--------\n${resultText(execution.runner?.name ?? '', execution.result)}\n`
    : ''
  return `${head}${link}\n${took}\n${result}`
}
