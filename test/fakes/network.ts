import type { Network } from '../../src/bot/services.ts'

/** No way out: for bots and adapters that need none. */
export const offline: Network = {
  http: () => Promise.reject(new Error('there is no network here')),
  websocket: () => Promise.reject(new Error('there is no network here')),
  route: undefined,
}
