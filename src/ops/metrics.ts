import type { Clock } from '../clock.ts'
import { families, type LabelsOf, type MetricName } from './metric-families.ts'

/** One series of a family: its labels and its number. */
export type Series = { readonly labels: Readonly<Record<string, string>>; value: number }

/** Counts and gauges of the bot. Setting one is an addition in a map; rendering is paid for by who asks. */
export type Metrics = {
  /** Adds `by` (default 1) to a counter. */
  readonly count: <Name extends MetricName>(name: Name, labels: LabelsOf<Name>, by?: number) => void
  /** Sets a gauge. */
  readonly set: <Name extends MetricName>(
    name: Name,
    labels: LabelsOf<Name>,
    value: number | boolean,
  ) => void
  /** Everything in Prometheus' text format 0.0.4. */
  readonly render: () => Promise<string>
}

/** What `st2chatops_build_info` tells. */
export type Build = { readonly version: string; readonly commit: string; readonly bun: string }

/** The values of a family's labels in the family's own order: each message counts, and nothing is to be sorted for it. */
const seriesKey = (name: MetricName, labels: Readonly<Record<string, string>>): string => {
  let key = ''
  for (const label of families[name].labels) key += `${labels[label]}\n`
  return key
}

/**
 * The metrics of one bot.
 *
 * @example
 * metrics.count('commands_total', { outcome: 'accepted' })
 * metrics.set('stream_connected', {}, true)
 */
export const createMetrics = (
  { clock, build: { version, commit, bun } }: { clock: Clock; build: Build },
): Metrics => {
  const started = clock.now()
  const all = new Map<MetricName, Map<string, Series>>()

  const seriesOf = (name: MetricName, labels: Readonly<Record<string, string>>): Series => {
    const family = all.get(name) ?? new Map<string, Series>()
    if (family.size === 0) all.set(name, family)
    const key = seriesKey(name, labels)
    const known = family.get(key)
    if (known !== undefined) return known
    const series = { labels, value: 0 }
    family.set(key, series)
    return series
  }

  const set: Metrics['set'] = (name, labels, value) => {
    seriesOf(name, labels).value = Number(value)
  }

  // A series that does not exist yet is no data; a counter that says 0 can be watched for its first increase.
  for (const [name, { labels }] of Object.entries(families)) {
    if (labels.length === 0) seriesOf(name as MetricName, {})
  }
  set('build_info', { version, commit, bun }, 1)
  set('start_time_seconds', {}, started / 1_000)

  return {
    count: (name, labels, by = 1) => {
      seriesOf(name, labels).value += by
    },
    set,
    render: async () => {
      set('resident_memory_bytes', {}, process.memoryUsage.rss())
      set('uptime_seconds', {}, (clock.now() - started) / 1_000)
      // Loaded at the first scrape: a bot that nobody scrapes does without the library's memory.
      const { renderMetrics } = await import('./render-metrics.ts')
      return await renderMetrics(all)
    },
  }
}
