import type { Clock } from '../clock.ts'

/** StackStorm's clock, as far as its answers tell. */
export type ServerTime = {
  /** Reads the `Date` header of an answer that has just come. */
  readonly seen: (headers: Headers) => void
  /** ms since 1970 on StackStorm's clock; ours, until it has answered. */
  readonly now: () => number
}

/**
 * The header counts whole seconds and has travelled for a while: the time given is behind by a second or
 * so, which is the right side for "since".
 */
export const createServerTime = (clock: Clock): ServerTime => {
  let ahead = 0
  return {
    seen: (headers) => {
      const date = Date.parse(headers.get('date') ?? '')
      if (!Number.isNaN(date)) ahead = date - clock.now()
    },
    now: () => clock.now() + ahead,
  }
}
