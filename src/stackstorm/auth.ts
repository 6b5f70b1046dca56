import * as v from 'valibot'
import type { Clock } from '../clock.ts'
import type { Credentials } from '../config/credentials.ts'
import type { Log } from '../log.ts'
import { fullJitter } from '../net/backoff.ts'
import type { Http } from '../net/http.ts'
import { unreadable } from './answers.ts'
import { StackStormRefused } from './errors.ts'
import { exchange } from './exchange.ts'
import { tokenSchema } from './schema.ts'

/** What goes with a request to show who asks. */
export type AuthHeaders = Readonly<Record<string, string>>

/** Shows StackStorm who we are, and keeps what it shows fresh. */
export type Auth = {
  /** The headers for one request. Rejects as a request does when a token is needed and cannot be had. */
  readonly headers: (signal: AbortSignal) => Promise<AuthHeaders>
  /**
   * StackStorm answered 401 to these headers. Gives newer ones to try once more, or rejects with a
   * `StackStormRefused` that tells the operator what to do.
   */
  readonly renew: (
    used: AuthHeaders,
    refusal: StackStormRefused,
    signal: AbortSignal,
  ) => Promise<AuthHeaders>
  /** The refusal of credentials that cannot be made better, in words for the operator. */
  readonly explain: (refusal: StackStormRefused) => StackStormRefused
}

export type AuthOptions = {
  /** The auth service's address, without `/v1`. */
  readonly url: string
  readonly credentials: Credentials
  readonly http: Http
  readonly clock: Clock
  readonly log: Log
  /** ms for a token. */
  readonly deadline: number
}

/** A part of a token's life after which a new one is fetched, while the old one still works. */
const renewAfter = 0.8

type Token = {
  readonly headers: AuthHeaders
  /** By the monotonic clock, ms. */
  readonly renewAt: number
  readonly endsAt: number
}

/** Waits for shared work, but no longer than one's own signal allows. */
const unlessAborted = <Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> => {
  const { promise, reject } = Promise.withResolvers<never>()
  const abort = () => reject(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', abort))
}

/**
 * How long a token lives, in ms. The server's clock decides about the end, and its Date header says what
 * that clock shows now. A token without a readable end lives until a 401 tells otherwise.
 */
const lifeOf = (expiry: string | undefined, date: string | null, now: number): number => {
  const end = Date.parse(expiry ?? '')
  const serverNow = Date.parse(date ?? '')
  const life = end - (Number.isNaN(serverNow) ? now : serverNow)
  return Number.isNaN(life) ? Infinity : Math.max(life, 0)
}

/** An API key or a token of the operator's: nothing can be renewed. */
const fixedAuth = (headers: AuthHeaders, explain: Auth['explain']): Auth => ({
  headers: async () => headers,
  renew: async (_used, refusal) => {
    throw explain(refusal)
  },
  explain,
})

const saying = (refusal: StackStormRefused, reason: string): StackStormRefused =>
  new StackStormRefused(refusal.status, reason, { requestId: refusal.requestId, cause: refusal })

const explainKey: Auth['explain'] = (refusal) =>
  saying(
    refusal,
    /disabled/.test(refusal.reason)
      ? 'The API key in ST2_API_KEY is disabled. Enable it with "st2 apikey enable", or make a new one.'
      : 'StackStorm does not know the API key in ST2_API_KEY. Make one with "st2 apikey create -k".',
  )

const insteadOfToken =
  'Set ST2_API_KEY instead, which never expires: "st2 apikey create -k" makes one.'

const explainToken: Auth['explain'] = (refusal) =>
  saying(
    refusal,
    /expired/.test(refusal.reason)
      ? 'The token in ST2_AUTH_TOKEN has expired and cannot be renewed. ' + insteadOfToken
      : 'StackStorm does not know the token in ST2_AUTH_TOKEN. ' + insteadOfToken,
  )

const explainNewToken: Auth['explain'] = (refusal) =>
  saying(
    refusal,
    "StackStorm's API does not accept a token that the auth service has just given. Check that ST2_API_URL and ST2_AUTH_URL belong to one StackStorm.",
  )

/** User and password: a token from the auth service, renewed ahead of its end, one request at a time. */
const passwordAuth = (
  options: AuthOptions,
  { username, password }: Extract<Credentials, { kind: 'password' }>,
): Auth => {
  const { url, http, clock, log, deadline } = options
  const basic = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  let token: Token | undefined
  let pending: Promise<Token> | undefined
  // A wrong password is not tried again at once: many directories lock an account after a few.
  let refused: { readonly error: StackStormRefused; readonly until: number } | undefined
  let failures = 0
  let retryAt = 0

  const request = async (): Promise<Token> => {
    const target = { service: 'auth service', url: `${url}/v1/tokens`, variable: 'ST2_AUTH_URL' }
    const answer = await exchange(http, {
      ...target,
      method: 'POST',
      headers: { authorization: basic },
      body: {},
      signal: new AbortController().signal,
      deadline,
    })
    const read = v.safeParse(tokenSchema, answer.document)
    if (!read.success) throw unreadable(answer.status, target, answer.requestId)
    const life = lifeOf(read.output.expiry, answer.headers.get('date'), clock.now())
    const now = clock.monotonic()
    return {
      headers: { 'x-auth-token': read.output.token },
      renewAt: now + life * renewAfter,
      endsAt: now + life,
    }
  }

  const obtain = async (): Promise<Token> => {
    try {
      token = await request()
      failures = 0
      refused = undefined
      log.debug('StackStorm gave a new token.')
      return token
    } catch (error) {
      const wait = fullJitter(++failures, clock)
      retryAt = clock.monotonic() + wait
      if (!(error instanceof StackStormRefused) || error.status !== 401) throw error
      const told = saying(
        error,
        'StackStorm does not accept ST2_AUTH_USERNAME and ST2_AUTH_PASSWORD. Correct them, or set ST2_API_KEY instead.',
      )
      refused = { error: told, until: retryAt }
      throw told
    }
  }

  const renewed = (): Promise<Token> => {
    if (refused !== undefined && clock.monotonic() < refused.until) {
      return Promise.reject(refused.error)
    }
    pending ??= obtain().finally(() => {
      pending = undefined
    })
    return pending
  }

  /** The old token still works: nobody waits for the new one, and a failure is nobody's but ours. */
  const renewMeanwhile = (): void => {
    if (pending !== undefined || clock.monotonic() < retryAt) return
    renewed().catch((error) => {
      log.warn('The token for StackStorm could not be renewed yet; the old one still works.', {
        error: error instanceof Error ? error : new Error(String(error)),
      })
    })
  }

  return {
    headers: async (signal) => {
      const now = clock.monotonic()
      if (token === undefined || now >= token.endsAt) {
        return (await unlessAborted(renewed(), signal)).headers
      }
      if (now >= token.renewAt) renewMeanwhile()
      return token.headers
    },
    renew: async (used, _refusal, signal) => {
      // Another request may have met the same 401 and be through with it.
      if (token !== undefined && token.headers !== used) return token.headers
      return (await unlessAborted(renewed(), signal)).headers
    },
    explain: explainNewToken,
  }
}

/** The one who shows the credentials; which kind they are, nobody else needs to know. */
export const createAuth = (options: AuthOptions): Auth => {
  const { credentials } = options
  switch (credentials.kind) {
    case 'api-key':
      return fixedAuth({ 'st2-api-key': credentials.key }, explainKey)
    case 'token':
      return fixedAuth({ 'x-auth-token': credentials.token }, explainToken)
    case 'password':
      return passwordAuth(options, credentials)
  }
}
