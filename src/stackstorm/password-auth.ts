import * as v from 'valibot'
import type { Clock } from '../clock.ts'
import type { Credentials } from '../config/credentials.ts'
import type { Log } from '../log.ts'
import { fullJitter } from '../net/backoff.ts'
import type { Http } from '../net/http.ts'
import { readJson, unreadable } from './answers.ts'
import type { Auth, AuthHeaders } from './auth.ts'
import { explainNewToken, explainPassword } from './auth-refusals.ts'
import { isStackStormError, StackStormRefused, StackStormUnreachable } from './errors.ts'
import { exchange } from './exchange.ts'
import { tokenSchema } from './schema.ts'

export type PasswordAuthOptions = {
  /** The auth service's address, without `/v1`. */
  readonly url: string
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

/** However the request for a token failed: what the token was for has not been sent. */
const asUnreachable = (error: unknown): unknown => {
  if (!isStackStormError(error)) return error
  const reason = error instanceof StackStormRefused
    ? `StackStorm's auth service gives no token: ${error.reason}`
    : error.reason
  return new StackStormUnreachable(reason, {
    requestId: error.requestId,
    cause: error,
    service: 'auth service',
  })
}

/** User and password: a token from the auth service, renewed ahead of its end, one request at a time. */
export const passwordAuth = (
  options: PasswordAuthOptions,
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
      // Tokens are asked for hours apart.
      kept: false,
    }, readJson)
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
      if (!(error instanceof StackStormRefused) || error.status !== 401) throw asUnreachable(error)
      const told = explainPassword(error)
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
