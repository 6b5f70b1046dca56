import { expect, test } from 'bun:test'
import { systemClock } from '../src/clock.ts'

test('a sleep longer than a timer can take does not end at once', async () => {
  const ending = new AbortController()
  const long = systemClock.sleep(3_000_000_000, ending.signal).then(() => 'long')
  const short = systemClock.sleep(50).then(() => 'short')
  expect(await Promise.race([long, short])).toBe('short')
  ending.abort(new Error('enough'))
  expect(long).rejects.toThrow('enough')
})
