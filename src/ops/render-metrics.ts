import type * as Prometheus from 'prom-client'
import { families, type MetricName } from './metric-families.ts'
import type { Series } from './metrics.ts'

// The parts that render text. The library's index also loads cluster and push gateway support, which
// costs 15 MB of memory against 6 (Bun 1.4.5, compiled); these parts have no types of their own.
const Registry: typeof Prometheus.Registry = require('prom-client/lib/registry.js')
const Counter: typeof Prometheus.Counter = require('prom-client/lib/counter.js')
const Gauge: typeof Prometheus.Gauge = require('prom-client/lib/gauge.js')

/** All numbers in Prometheus' text format, through a registry that lives for one scrape. */
export const renderMetrics = async (
  all: ReadonlyMap<MetricName, ReadonlyMap<string, Series>>,
): Promise<string> => {
  const registry = new Registry()
  for (const [name, { kind, help, labels }] of Object.entries(families)) {
    const series = [...(all.get(name as MetricName)?.values() ?? [])]
    const about = {
      name: `st2chatops_${name}`,
      help,
      labelNames: [...labels],
      registers: [registry],
    }
    if (kind === 'counter') {
      const counter = new Counter(about)
      for (const { labels, value } of series) counter.inc(labels, value)
    } else {
      const gauge = new Gauge(about)
      for (const { labels, value } of series) gauge.set(labels, value)
    }
  }
  return await registry.metrics()
}
