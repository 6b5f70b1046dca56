import type { Bot } from '../bot/bot-type.ts'
import type { Meter } from '../bot/meter.ts'
import type { Metrics } from '../ops/metrics.ts'

/** Lets the bot count into the metrics. */
export const createBotMeter = (metrics: Metrics): Meter => ({
  command: (outcome) => metrics.count('commands_total', { outcome }),
  announcement: (outcome) => metrics.count('announcements_total', { outcome }),
  catchUp: (outcome) => metrics.count('catch_up_total', { outcome }),
  send: (adapter, outcome) => metrics.count('sends_total', { adapter, outcome }),
})

/** Reads the gauges off the bot, when somebody asks for them. */
export const measure = (metrics: Metrics, bot: Bot): void => {
  const { stackstorm, stream, adapters, journal } = bot.readiness()
  const catalog = bot.aliases.current()
  metrics.set('stackstorm_up', {}, stackstorm.state === 'connected')
  metrics.set('stream_connected', {}, stream.state === 'connected')
  metrics.set('aliases', {}, catalog?.usable.length ?? 0)
  metrics.set('alias_problems', {}, catalog?.problems.length ?? 0)
  metrics.set('journal_durable', {}, journal.durable)
  metrics.set('messages_waiting', {}, journal.waiting)
  metrics.set('dead_letters', {}, journal.deadLetters)
  metrics.set('last_event_timestamp_seconds', {}, (stream.lastTraffic ?? 0) / 1_000)
  for (const [adapter, { state }] of Object.entries(adapters)) {
    metrics.set('adapter_connected', { adapter }, state === 'connected')
  }
}
