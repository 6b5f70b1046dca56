import {
  type FetchFunction,
  type Logger,
  type LogLevel,
  type WebAPICallResult,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  WebClient,
} from '@slack/web-api'
import * as v from 'valibot'
import type { Log } from '../../src/log.ts'
import type { Http } from '../../src/net/http.ts'
import { passing, SlackBusy, SlackRefused } from './failures.ts'

/** Slack's Web API with one token. */
export type SlackWeb = {
  /**
   * Calls a method and reads its answer by `schema`. Rejects with `SlackRefused` or `SlackBusy`; never tries twice, because
   * only the caller knows what else waits; and with a RangeError for arguments that cannot be written as a call.
   */
  readonly call: <Schema extends v.GenericSchema>(
    method: string,
    args: Readonly<Record<string, unknown>>,
    schema: Schema,
  ) => Promise<v.InferOutput<Schema>>
  /** Takes the content of a file to the address that `files.getUploadURLExternal` gave. Rejects with `SlackBusy`. */
  readonly upload: (url: string, content: string) => Promise<void>
}

export type WebOptions = {
  readonly token: string
  readonly http: Http
  readonly apiUrl: string
  readonly log: Log
  readonly signal: AbortSignal
}

/** Slack itself gives up on a call after less; ms. */
const deadline = 30_000
/** Where Slack says "too many" without saying how long: its limits are counted by the minute. */
const unknownPause = 30_000

/** For methods whose answer says nothing that is needed. */
export const anyAnswer = v.unknown()

/** Calls go through our own HTTP, so that proxy, TLS and deadline hold. */
export const createWeb = ({ token, http, apiUrl, log, signal }: WebOptions): SlackWeb => {
  const through: FetchFunction = (url, init = {}) =>
    http(url, {
      method: init.method,
      headers: init.headers,
      body: init.body,
      redirect: 'error',
      deadline,
      signal: init.signal === undefined ? signal : AbortSignal.any([signal, init.signal]),
    })
  const client = new WebClient(token, {
    slackApiUrl: apiUrl,
    fetch: through,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: quietLogger(log),
  })

  return {
    call: async (method, args, schema) => {
      const answer = await client.apiCall(method, { ...args }).catch((error: unknown) => {
        throw translate(method, error)
      })
      const read = v.safeParse(schema, answer)
      if (read.success) return read.output
      throw new SlackBusy(`Slack's answer to ${method} could not be read`, { cause: read.issues })
    },
    upload: async (url, content) => {
      const sent = await through(url, { method: 'POST', body: content, headers: plainText })
        .catch((cause: unknown) => {
          throw new SlackBusy('a file could not be taken to Slack', { cause })
        })
      if (sent.status !== 200) throw new SlackBusy(`Slack took no file (HTTP ${sent.status})`)
    },
  }
}

const plainText = { 'content-type': 'text/plain; charset=utf-8' }

/** What Slack's codes look like; the client gives the whole body for one where that is no JSON. */
const code = /^\w{1,100}$/

const translate = (method: string, error: unknown): SlackRefused | SlackBusy | RangeError => {
  // Nothing was sent: it is the message that is too large or too deep, not Slack that is away.
  if (error instanceof RangeError) return error
  if (error instanceof WebAPIPlatformError) {
    const { error: said } = error.data
    if (typeof said !== 'string' || !code.test(said)) {
      return new SlackBusy(`Something on the way answered ${method} in Slack's place`, {
        cause: error,
      })
    }
    return passing.has(said)
      ? new SlackBusy(`Slack could not do ${method}: ${said}`, { cause: error })
      : new SlackRefused(method, said, neededBy(error.data))
  }
  if (error instanceof WebAPIRateLimitedError) {
    const after = error.retryAfter * 1000
    return new SlackBusy(`Slack takes no more ${method} for ${error.retryAfter} s`, { after })
  }
  if (error instanceof WebAPIHTTPError) {
    return new SlackBusy(`Slack answered ${method} with HTTP ${error.statusCode}`, { cause: error })
  }
  const tooMany = error instanceof Error && error.message.startsWith('Retry header')
  const after = tooMany ? unknownPause : 0
  const original = error instanceof WebAPIRequestError ? error.original : error
  const why = original instanceof Error ? `: ${original.message}` : ''
  return new SlackBusy(`Slack could not be reached for ${method}${why}`, { after, cause: error })
}

const neededBy = (data: WebAPICallResult): string | undefined =>
  'needed' in data && typeof data.needed === 'string' && data.needed !== ''
    ? data.needed
    : undefined

/** The client repeats whole requests in its log: only its warnings count, and only for who looks for them. */
const quietLogger = (log: Log): Logger => ({
  debug: () => {},
  info: () => {},
  warn: (...words) => log.debug('The Web API client of Slack warns.', { words: words.join(' ') }),
  error: (...words) =>
    log.debug('The Web API client of Slack complains.', { words: words.join(' ') }),
  setLevel: () => {},
  getLevel: () => 'error' as LogLevel,
  setName: () => {},
})
