import type { Bot } from '../bot/bot.ts'
import type { Clock } from '../clock.ts'
import type { Journal } from '../delivery/journal.ts'
import { summariseReadiness } from '../ops/readiness.ts'
import type { Notifier } from '../ops/systemd.ts'

/** How often, in ms, the state is looked at; systemd hears of it only when it has changed. */
const lookEvery = 1_000

export type TellSystemdOptions = {
  readonly bot: Pick<Bot, 'readiness'>
  readonly journal: Pick<Journal, 'beat'>
  readonly notifier: Notifier
  /** How often, in ms, systemd wants a sign of life; undefined: it does not. */
  readonly watchdog: number | undefined
  readonly clock: Clock
  /** Aborts when the bot ends. */
  readonly signal: AbortSignal
}

/**
 * Keeps systemd informed until the signal aborts: ready once the bot can do its job, and from then on a status line that says how
 * things are. The sign of life comes from work that was done, a write to the journal; an outage elsewhere never
 * withholds it, because a restart would not help.
 */
export const tellSystemd = async (options: TellSystemdOptions): Promise<void> => {
  const { bot, journal, notifier, watchdog = lookEvery, clock, signal } = options
  let said = ''
  let isReady = false
  while (!signal.aborted) {
    const readiness = bot.readiness()
    const status = summariseReadiness(readiness)
    if (readiness.ready && !isReady) notifier.ready(status)
    else if (status !== said) notifier.status(status)
    isReady ||= readiness.ready
    said = status
    await journal.beat()
    notifier.watchdog()
    await clock.sleep(Math.min(lookEvery, watchdog), signal).catch(() => {})
  }
}
