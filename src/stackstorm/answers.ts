import {
  type StackStormError,
  StackStormRefused,
  StackStormUnclear,
  StackStormUnreachable,
} from './errors.ts'
import type { Target } from './failures.ts'

/**
 * No answer and no event has more bytes: MongoDB keeps no document above 16 MB, and JSON may write a character of it in six. A page of a
 * list has a hundred of them, but few of their fields are asked for.
 */
export const longestAnswer = 96 * 1024 * 1024

/** Enough for every one-line text of StackStorm, and short enough for chat. */
const longestReason = 300

/** A refused cast repeats the value, which may be a secret one; what follows it may as well. */
const cast = /^Failed to cast value [^]* for parameter "([^"]*)" of type "([^"]*)"/

/**
 * The first line of a `faultstring`: the rest is a dump. Shortened, without the hash of an API key, and
 * without the value of a parameter that could not be cast.
 */
export const firstLine = (fault: string): string => {
  const failed = cast.exec(fault)
  if (failed) return `The value for parameter "${failed[1]}" is not of type "${failed[2]}".`
  const line = fault.trim().split(/\r?\n/, 1)[0]?.trim() ?? ''
  const clean = line.replace(/ with key_hash=[0-9a-f]*/i, '')
  return clean.length > longestReason ? `${clean.slice(0, longestReason - 1)}…` : clean
}

/** The text of StackStorm's own error documents; undefined for all else, HTML above all. */
export const faultOf = (document: unknown): string | undefined => {
  if (typeof document !== 'object' || document === null || !('faultstring' in document)) {
    return undefined
  }
  const { faultstring } = document
  return typeof faultstring === 'string' ? faultstring : undefined
}

/** JSON, or undefined: a web server on the way answers in HTML, which nobody wants to see. */
export const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A list in JSON; undefined for all else. */
export const readList = (text: string): readonly unknown[] | undefined => {
  const value = readJson(text)
  return Array.isArray(value) ? value : undefined
}

/** What StackStorm says of a path that it does not know; of an object that it does not have it says which. */
const noSuchPath = 'The resource could not be found.'

/** Where each address usually ends: a 404 is mostly an address without it. */
const usualPaths: Readonly<Record<string, string>> = {
  ST2_API_URL: '/api',
  ST2_AUTH_URL: '/auth',
  ST2_STREAM_URL: '/stream',
}

/** Without user and query. */
const notThere = ({ service, url, variable }: Target): string => {
  const { origin, pathname } = new URL(url)
  const usual = usualPaths[variable]
  return `StackStorm's ${service} is not at ${origin}${pathname} (HTTP 404): check ${variable}` +
    `${usual === undefined ? '' : ` (usually https://HOST${usual})`}.`
}

/**
 * What an answer other than 2xx means.
 * 4xx: StackStorm, or a server before it, said no. 503 with nginx's own text: nothing stands behind nginx
 * (it says the same when StackStorm dies with the request in its hands, which takes a crash in that very
 * moment). 3xx and 407: the request never came to StackStorm. Every other 5xx: it may have run; StackStorm
 * answers 500 also after it has started an execution.
 */
export const answerFailure = (
  status: number,
  document: unknown,
  target: Target,
  requestId: string,
): StackStormError => {
  const { service, variable } = target
  const details = { requestId }
  const fault = faultOf(document)
  if (status === 407) {
    return new StackStormUnreachable(
      'The proxy wants a user and a password: put them into HTTP_PROXY.',
      details,
    )
  }
  if (status < 400) {
    const reason =
      `StackStorm's ${service} answered with a redirect (HTTP ${status}): check ${variable}.`
    return new StackStormUnreachable(reason, details)
  }
  if (status === 404 && (fault === undefined || fault.startsWith(noSuchPath))) {
    return new StackStormRefused(status, notThere(target), details)
  }
  if (status < 500) {
    const unsaid =
      `HTTP ${status} without a reason from StackStorm's ${service}: check ${variable}.`
    return new StackStormRefused(status, fault === undefined ? unsaid : firstLine(fault), details)
  }
  if (status === 503 && fault?.startsWith('Nginx is unable to reach')) {
    return new StackStormUnreachable(
      `StackStorm's ${service} is down: ${firstLine(fault)}`,
      details,
    )
  }
  const said = fault === undefined ? '' : `: ${firstLine(fault)}`
  const reason = `StackStorm's ${service} answered with HTTP ${status}${said}.`
  return new StackStormUnclear(reason, { requestId, status })
}

/** A 2xx whose body is no JSON, or not the JSON that belongs there: it ran, and what came of it is not known. */
export const unreadable = (
  status: number,
  { service, variable }: Target,
  requestId: string,
): StackStormUnclear =>
  new StackStormUnclear(
    `StackStorm's ${service} answered with HTTP ${status}, but not in StackStorm's language: check ${variable}.`,
    { requestId, status },
  )

/** A 2xx that is longer than `longestAnswer`: it ran, and what came of it is not known. */
export const tooLong = (
  status: number,
  { service, url }: Target,
  requestId: string,
): StackStormUnclear => {
  const { origin, pathname } = new URL(url)
  return new StackStormUnclear(
    `StackStorm's ${service} answered with more than ${
      longestAnswer / 1024 / 1024
    } MB, and the rest was not read: look at what ${origin}${pathname} sends.`,
    { requestId, status },
  )
}
