import { expect, test } from 'bun:test'
import { createRate } from '../../src/delivery/rate.ts'
import { createManualClock } from '../fakes/clock.ts'

test('a burst goes out at once, then one by one as the channel takes them', () => {
  const rate = createRate(createManualClock())
  const waits = Array.from({ length: 7 }, () => rate.take('ops', 1))
  expect(waits).toEqual([0, 0, 0, 0, 1000, 2000, 3000])
})

test("one channel's burst is not another's, and rest fills it up again", async () => {
  const clock = createManualClock()
  const rate = createRate(clock)
  for (let n = 0; n < 8; n++) rate.take('ops', 1)
  expect(rate.take('dev', 1)).toBe(0)
  await clock.advance(60_000)
  expect(rate.take('ops', 1)).toBe(0)
})

test("a service that takes less than one message in the burst's time still gets its first at once", () => {
  const rate = createRate(createManualClock())
  expect([rate.take('ops', 0.1), rate.take('ops', 0.1)]).toEqual([0, 10_000])
})
