import { fullJitter } from '../net/backoff.ts'
import { isStackStormError } from '../stackstorm/errors.ts'
import type { CatchUpPassOptions } from './catch-up-options.ts'
import { createCatchUpPass } from './catch-up-pass.ts'

export type { CatchUpMeter } from './catch-up-options.ts'

export type CatchUpOptions = CatchUpPassOptions

/** How catching up goes. Times are ms since 1970, by our clock. */
export type CatchUpStatus = {
  /** When the last pass was completed; undefined: none was yet. */
  readonly completed?: number
  /** Why the latest pass failed; undefined: it did not. */
  readonly error?: string
}

/** Reads from StackStorm what was announced while nobody listened. */
export type CatchUp = {
  /**
   * Goes through it once. While a pass runs, one more is put behind it, for all who ask: that one sees what is there now. Never
   * rejects; settles when the pass has ended, well or not.
   */
  readonly run: (why: string) => Promise<void>
  /** Goes through it at once, every 5 minutes, and again soon after a failure; resolves when the signal aborts. */
  readonly keepUp: () => Promise<void>
  readonly status: () => CatchUpStatus
}

/** StackStorm's stream service drops an event now and then with nobody noticing; ms between two sweeps. */
const sweepEvery = 5 * 60_000
/** Something undecided is not looked at more often than this, in ms. */
const soonest = 1_000

export const createCatchUp = (options: CatchUpOptions): CatchUp => {
  const { clock, log, meter, signal } = options
  const pass = createCatchUpPass(options)
  let current: Promise<void> | undefined
  let queued: Promise<void> | undefined
  let failures = 0
  let status: CatchUpStatus = {}
  let due = clock.monotonic()
  let nap = new AbortController()

  const schedule = (wait: number): void => {
    due = clock.monotonic() + wait
    nap.abort()
  }

  const attempt = async (why: string): Promise<void> => {
    try {
      const { again = sweepEvery } = await pass()
      if (failures > 0) log.info('Results are caught up again.', { failures })
      log.debug('Caught up with StackStorm.', { why })
      failures = 0
      status = { completed: clock.now() }
      meter.catchUp('complete')
      schedule(Math.max(soonest, Math.min(again, sweepEvery)))
    } catch (cause) {
      if (signal.aborted) return
      const error = cause instanceof Error ? cause : new Error(String(cause))
      failures++
      const wait = fullJitter(failures, clock)
      // Without the id of a request, which would make each try look like news.
      const reason = isStackStormError(error) ? error.reason : error.message
      const say = reason === status.error ? log.debug : log.warn
      say('Results that were missed could not be read from StackStorm; trying again.', {
        why,
        failures,
        seconds: Math.round(wait / 1000),
        error,
      })
      status = { ...status, error: reason }
      meter.catchUp('failed')
      schedule(wait)
    }
  }

  const run = (why: string): Promise<void> => {
    if (signal.aborted) return Promise.resolve()
    if (current === undefined) {
      current = attempt(why).finally(() => {
        current = undefined
      })
      return current
    }
    queued ??= current.then(() => {
      queued = undefined
      return run(why)
    })
    return queued
  }

  return {
    run,
    status: () => status,
    keepUp: async () => {
      const stop = () => nap.abort()
      signal.addEventListener('abort', stop, { once: true })
      await run('start')
      while (!signal.aborted) {
        const wait = due - clock.monotonic()
        if (wait <= 0) {
          await run('sweep')
          continue
        }
        nap = new AbortController()
        await clock.sleep(wait, nap.signal).catch(() => {})
      }
      signal.removeEventListener('abort', stop)
    },
  }
}
