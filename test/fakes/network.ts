import type { Network } from '../../src/bot/services.ts'

const nowhere = () => Promise.reject(new Error('there is no network here'))

/** No way out: for bots and adapters that need none. */
export const offline: Network = {
  http: nowhere,
  websocket: nowhere,
  tunnel: nowhere,
  secure: nowhere,
  route: undefined,
}
