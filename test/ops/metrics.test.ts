import { expect, test } from 'bun:test'
import { families } from '../../src/ops/metric-families.ts'
import { createMetrics } from '../../src/ops/metrics.ts'
import { createManualClock } from '../fakes/clock.ts'

// It may know more than the metric tells.
const build = { name: 'st2chatops', version: '4.0.0', commit: 'abc', bun: '1.4.5' }

const setUp = () => {
  const clock = createManualClock(1_000_000)
  return { clock, metrics: createMetrics({ clock, build }) }
}

const seriesIn = (text: string) => text.split('\n').filter((line) => line !== '' && line[0] !== '#')

test('counts by label, and gauges take the last value', async () => {
  const { metrics, clock } = setUp()
  metrics.count('commands_total', { outcome: 'accepted' })
  metrics.count('commands_total', { outcome: 'accepted' }, 2)
  metrics.count('sends_total', { outcome: 'sent', adapter: 'slack' })
  metrics.count('sends_total', { adapter: 'slack', outcome: 'sent' })
  metrics.set('stream_connected', {}, true)
  metrics.set('adapter_connected', { adapter: 'irc' }, true)
  metrics.set('adapter_connected', { adapter: 'irc' }, false)
  await clock.advance(90_000)
  const series = seriesIn(await metrics.render())
  expect(series).toContain('st2chatops_commands_total{outcome="accepted"} 3')
  expect(series).toContain('st2chatops_sends_total{outcome="sent",adapter="slack"} 2')
  expect(series).toContain('st2chatops_stream_connected 1')
  expect(series).toContain('st2chatops_adapter_connected{adapter="irc"} 0')
  expect(series).toContain('st2chatops_build_info{version="4.0.0",commit="abc",bun="1.4.5"} 1')
  expect(series).toContain('st2chatops_start_time_seconds 1000')
  expect(series).toContain('st2chatops_uptime_seconds 90')
})

test('every family has its help and type, and can be rendered again', async () => {
  const { metrics } = setUp()
  const first = await metrics.render()
  const second = await metrics.render()
  expect(second.match(/^# HELP /gm)).toHaveLength(Object.keys(families).length)
  expect(second.match(/^# TYPE /gm)).toEqual(first.match(/^# TYPE /gm))
  expect(first).toMatch(/^st2chatops_resident_memory_bytes [1-9]\d{6,}$/m)
})
