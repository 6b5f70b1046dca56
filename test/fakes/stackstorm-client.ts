import { type Clock, systemClock } from '../../src/clock.ts'
import type { Log } from '../../src/log.ts'
import { silentLog } from '../../src/log.ts'
import { createHttp } from '../../src/net/http.ts'
import {
  createStackStorm,
  type Credentials,
  type StackStorm,
  type StackStormOptions,
} from '../../src/stackstorm/client.ts'

/** The real client, pointed at a test's server on the paths of stock nginx. */
export const clientOf = (
  origin: string,
  options: Partial<Omit<StackStormOptions, 'endpoints' | 'http'>> & {
    readonly credentials?: Credentials
    readonly clock?: Clock
    readonly log?: Log
  } = {},
): StackStorm =>
  createStackStorm({
    credentials: { kind: 'api-key', key: 'k3y' },
    clock: systemClock,
    log: silentLog,
    ...options,
    endpoints: {
      api: `${origin}/api`,
      auth: `${origin}/auth`,
      stream: `${origin}/stream`,
      webui: 'https://st2.example.com',
    },
    http: createHttp({ proxy: {} }),
  })

/** What a promise is rejected with. */
export const failureOf = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    await work
  } catch (error) {
    return error
  }
  throw new Error('It was expected to fail, and did not.')
}
