import type { Bot } from '../bot/bot-type.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { StopReason } from './stop.ts'

/** Under the 30 s that container platforms and the unit file wait before they kill. */
const afterSignal = 25_000
/** A terminal's last command may run for a while; somebody who waits for it can end the wait. */
const afterInput = 10 * 60_000
const lookEvery = 20

/**
 * Waits until nothing is under way: messages on their way out and, where a restart would lose them, results to come.
 * What is not done in time is named in the log. A second signal ends the wait. Gives whether all was done.
 */
export const drain = async (
  { bot, clock, log, why, awaitResults, again }: {
    readonly bot: Pick<Bot, 'underWay'>
    readonly clock: Clock
    readonly log: Log
    readonly why: StopReason
    /** Whether commands that still owe a result are waited for as well. */
    readonly awaitResults: boolean
    readonly again: AbortSignal
  },
): Promise<boolean> => {
  const until = clock.monotonic() + (why.kind === 'end of input' ? afterInput : afterSignal)
  const isDone = (): boolean => {
    const { messages, owing } = bot.underWay()
    return messages === 0 && (!awaitResults || owing.length === 0)
  }
  while (!isDone() && !again.aborted && clock.monotonic() < until) {
    await clock.sleep(lookEvery, again).catch(() => {})
  }
  const { messages, owing } = bot.underWay()
  if (messages > 0) log.error('Ended before all messages were out.', { messages })
  if (!awaitResults) return messages === 0
  for (const execution of owing) {
    log.warn('Ended before the result of an execution came.', { execution })
  }
  return messages === 0 && owing.length === 0
}
