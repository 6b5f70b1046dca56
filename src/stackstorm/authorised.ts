import type { Auth, AuthHeaders } from './auth.ts'
import { StackStormRefused } from './errors.ts'
import type { HealthKeeper } from './health.ts'

/** Does something with credentials; a 401 is answered with fresh ones, once. */
export type Authorised = <Value>(
  attempt: (headers: AuthHeaders) => Promise<Value>,
  signal: AbortSignal,
) => Promise<Value>

const isUnauthorized = (error: unknown): error is StackStormRefused =>
  error instanceof StackStormRefused && error.status === 401

/**
 * StackStorm checks credentials before it does anything, so even a request that must not run twice may be
 * repeated after a 401.
 */
export const createAuthorised = (auth: Auth, health: HealthKeeper): Authorised =>
  async function authorised(attempt, signal) {
    const tried = async (headers: AuthHeaders) => {
      try {
        return { value: await attempt(headers) }
      } catch (error) {
        if (isUnauthorized(error)) return { refusal: error }
        throw error
      }
    }
    try {
      const headers = await auth.headers(signal)
      const first = await tried(headers)
      const last = first.refusal === undefined
        ? first
        : await tried(await auth.renew(headers, first.refusal, signal))
      if (last.refusal !== undefined) throw auth.explain(last.refusal)
      health.accepted()
      return last.value
    } catch (error) {
      if (isUnauthorized(error)) health.refused(error)
      throw error
    }
  }
