import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { isStackStormError, StackStormRefused, StackStormUnclear } from './errors.ts'
import type { StackStormHealth } from './types.ts'

/** Remembers what the last answers of StackStorm were. */
export type HealthKeeper = {
  readonly view: () => StackStormHealth
  /** StackStorm accepted the credentials of a request. */
  readonly accepted: () => void
  /** StackStorm refused the credentials, also after they were renewed. */
  readonly refused: (refusal: StackStormRefused) => void
  /** A request to the API was answered as it should be. */
  readonly answered: () => void
  /** A request to the API failed, and how. */
  readonly failed: (error: Error) => void
}

/** An answer all the same: StackStorm itself said no, or fell over this one request. */
const isAnswer = (error: Error): boolean =>
  error instanceof StackStormRefused || (error instanceof StackStormUnclear && error.status === 500)

/** A keeper that has seen nothing yet. It logs when credentials are refused, and when they work again. */
export const createHealth = (
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): HealthKeeper => {
  let health: StackStormHealth = {
    state: 'connecting',
    since: clock.now(),
    credentials: 'unknown',
  }

  const change = (next: Omit<StackStormHealth, 'since'>): void => {
    const same = next.state === health.state && next.credentials === health.credentials
    health = { ...next, since: same ? health.since : clock.now() }
  }

  const answered = (): void => {
    const { credentials, error } = health
    if (credentials === 'refused') change({ ...health, lastTraffic: clock.now() })
    else {
      if (error !== undefined) log.info('StackStorm answers again.')
      change({ state: 'connected', credentials, lastTraffic: clock.now() })
    }
  }

  return {
    view: () => health,
    accepted: () => {
      if (health.credentials === 'good') return
      const { credentials, error: _, ...rest } = health
      change({ ...rest, credentials: 'good' })
      if (credentials === 'refused') log.info('StackStorm accepts the credentials again.')
    },
    refused: (refusal) => {
      if (health.credentials !== 'refused') {
        log.error('StackStorm does not accept the credentials; trying again until it does.', {
          error: refusal,
        })
      }
      const error = refusal.reason
      change({ ...health, state: 'connecting', credentials: 'refused', error })
    },
    answered,
    failed: (error) => {
      if (isAnswer(error)) return answered()
      // Without the request's id, which would make every try look like news.
      const words = isStackStormError(error) ? error.reason : error.message
      change({ ...health, state: 'connecting', error: words })
    },
  }
}
