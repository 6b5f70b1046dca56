import type { Bot } from '../bot/bot-type.ts'
import type { Clock } from '../clock.ts'
import type { Journal } from '../delivery/journal.ts'
import { summariseReadiness } from '../ops/readiness.ts'
import type { Notifier } from '../ops/systemd.ts'

/** How often, in ms, the state is looked at; systemd hears of it only when it has changed. */
const lookEvery = 1_000
/** `systemctl start` waits to hear of readiness: a bot that has just begun is looked at this often, for so long, both in ms. */
const lookOften = 20
const oftenFor = 10_000

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
  const every = Math.min(lookEvery, watchdog)
  let said = ''
  let isReady = false
  const began = clock.monotonic()
  let beaten = -Infinity
  while (!signal.aborted) {
    const readiness = bot.readiness()
    const status = summariseReadiness(readiness)
    if (readiness.ready && !isReady) notifier.ready(status)
    else if (status !== said) notifier.status(status)
    isReady ||= readiness.ready
    said = status
    if (clock.monotonic() - beaten >= every) {
      beaten = clock.monotonic()
      await journal.beat()
      notifier.watchdog()
    }
    const isYoung = !isReady && clock.monotonic() - began < oftenFor
    const untilBeat = beaten + every - clock.monotonic()
    await clock.sleep(isYoung ? Math.min(lookOften, untilBeat) : untilBeat, signal).catch(() => {})
  }
}
