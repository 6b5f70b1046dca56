import { expect, test } from 'bun:test'
import { createSeen } from '../../src/delivery/dedupe.ts'
import { createManualClock } from '../fakes/clock.ts'

test('an event is new once, for a day', async () => {
  const clock = createManualClock()
  const seen = createSeen(clock)
  expect(seen.first('a')).toBe(true)
  expect(seen.first('a')).toBe(false)
  await clock.advance(24 * 60 * 60_000 + 1)
  expect(seen.first('b')).toBe(true)
  expect(seen.first('a')).toBe(true)
})

test('a flood does not grow it without end', () => {
  const seen = createSeen(createManualClock())
  for (let event = 0; event < 60_000; event++) seen.first(String(event))
  expect(seen.first('59999')).toBe(false)
  expect(seen.first('0')).toBe(true)
})
