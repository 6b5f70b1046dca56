import type { Health } from './adapter.ts'
import type { Clock } from '../clock.ts'

/** What is known of a connection, written by whoever holds it. */
export type VitalSigns = {
  readonly health: () => Health
  /** Something came in. */
  readonly traffic: () => void
  readonly up: () => void
  /** It is not up, and is being brought back; `failed`: not without a change of the configuration. */
  readonly down: (error?: string, failed?: boolean) => void
}

export const createVitalSigns = (clock: Clock): VitalSigns => {
  let health: Health = { state: 'connecting', since: clock.now() }
  const become = (state: Health['state'], error?: string): void => {
    const { state: before, since, lastTraffic } = health
    health = {
      state,
      since: state === before ? since : clock.now(),
      ...(lastTraffic !== undefined && { lastTraffic }),
      ...(error !== undefined && { error }),
    }
  }
  return {
    health: () => health,
    traffic: () => {
      health = { ...health, lastTraffic: clock.now() }
    },
    up: () => become('connected'),
    down: (error, failed = false) => become(failed ? 'failed' : 'connecting', error),
  }
}
