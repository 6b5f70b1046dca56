import type { Bot } from '../bot/bot.ts'
import type { Clock } from '../clock.ts'
import type { ProcessEnvironment } from '../config/process.ts'
import type { Journal } from '../delivery/journal.ts'
import { summariseReadiness } from '../ops/readiness.ts'
import { createNotifier, watchdogInterval } from '../ops/systemd.ts'

/** How often the state is looked at; the manager hears of it only when it has changed. */
const lookEvery = 1_000

/**
 * Keeps systemd informed: ready once the bot can do its job, and from then on a status line that says how things are.
 * The sign of life comes from work that was done, a write to the journal; an outage elsewhere never withholds it,
 * because a restart would not help.
 */
export const tellSystemd = (
  { bot, journal, environment, clock }: {
    readonly bot: Pick<Bot, 'readiness'>
    readonly journal: Pick<Journal, 'beat'>
    readonly environment: ProcessEnvironment
    readonly clock: Clock
  },
): { readonly stopping: () => void; readonly close: () => void } => {
  const notifier = createNotifier({ socket: environment.NOTIFY_SOCKET })
  const ending = new AbortController()
  const every = Math.min(lookEvery, watchdogInterval(environment.WATCHDOG_USEC) ?? lookEvery)

  const watch = async (): Promise<void> => {
    let said = ''
    let isReady = false
    while (!ending.signal.aborted) {
      const readiness = bot.readiness()
      const status = summariseReadiness(readiness)
      if (readiness.ready && !isReady) notifier.ready(status)
      else if (status !== said) notifier.status(status)
      isReady ||= readiness.ready
      said = status
      await journal.beat()
      notifier.watchdog()
      await clock.sleep(every, ending.signal).catch(() => {})
    }
  }
  if (environment.NOTIFY_SOCKET) void watch()

  return {
    stopping: () => notifier.stopping('Stopping: finishing what is under way'),
    close: () => ending.abort(),
  }
}
