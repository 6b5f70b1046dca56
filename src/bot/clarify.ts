import type { Clock } from '../clock.ts'
import type { Journal } from '../delivery/journal.ts'
import type { Log } from '../log.ts'
import type { StackStorm } from '../stackstorm/types.ts'
import { createTurns } from './turns.ts'

/** What a search for an execution came to. */
export type Clarified = {
  /** Whether the executions could be searched at all. */
  readonly looked: boolean
  readonly found?: { readonly id: string; readonly status: string; readonly link: string }
}

/**
 * Finds out whether a command started whose answer was lost, by the correlation that travels with it, and writes down that it did.
 * It is never sent again. `since`: when it was sent, ms since 1970 by StackStorm's clock. Rejects when the bot ends first.
 */
export type Clarify = (correlation: string, since: number) => Promise<Clarified>

export type ClarifyOptions = {
  readonly stackstorm: Pick<StackStorm, 'findExecution' | 'executionLink'>
  readonly journal: Pick<Journal, 'commandStarted'>
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal
}

/** Executions are searched from this many ms before the command: hosts' clocks differ. */
const clockSkew = 60_000
/** StackStorm may still be at work on a request whose connection is gone: it is looked for after these ms as well. */
const lookAfter = [0, 2_000, 8_000]
/**
 * A StackStorm that comes back has enough to do. Only the requests take turns: who waits before the next look holds up nobody, or
 * two hundred commands of an outage would be told of one after the other for ten minutes.
 */
const lookUpsAtOnce = 4

export const createClarify = (options: ClarifyOptions): Clarify => {
  const { stackstorm, journal, clock, log, signal } = options
  const takeTurn = createTurns(lookUpsAtOnce)

  const look = async (
    correlation: string,
    since: number,
  ): ReturnType<StackStorm['findExecution']> => {
    const giveBack = await takeTurn()
    try {
      signal.throwIfAborted()
      return await stackstorm.findExecution(correlation, since, signal)
    } finally {
      giveBack()
    }
  }

  return async function clarify(correlation, since) {
    let looked = false
    for (const wait of lookAfter) {
      if (wait > 0) await clock.sleep(wait, signal)
      try {
        const found = await look(correlation, since - clockSkew)
        looked = true
        if (found === undefined) continue
        await journal.commandStarted(correlation, found.id)
        const { id, status } = found
        return { looked, found: { id, status, link: stackstorm.executionLink(id) } }
      } catch (error) {
        if (signal.aborted) throw error
        log.warn('The execution of a command could not be looked up.', {
          correlation,
          error: error instanceof Error ? error : new Error(String(error)),
        })
      }
    }
    return { looked }
  }
}
