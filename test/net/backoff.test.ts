import { describe, expect, test } from 'bun:test'
import { systemClock } from '../../src/clock.ts'
import { backoff, fullJitter } from '../../src/net/backoff.ts'

const chance = (value: number) => ({ random: () => value })

describe('fullJitter', () => {
  test('doubles its ceiling up to a minute and never goes below half a second', () => {
    const ceilings = [1, 2, 3, 4, 5, 6, 7, 8, 100].map((failures) =>
      Math.round(fullJitter(failures, chance(1 - Number.EPSILON)))
    )
    expect(ceilings).toEqual([1e3, 2e3, 4e3, 8e3, 16e3, 32e3, 60e3, 60e3, 60e3])
    expect(fullJitter(100, chance(0))).toBe(500)
    expect(fullJitter(2000, chance(0.5))).toBe(30_250)
  })

  test('spreads over the whole range', () => {
    expect(fullJitter(7, chance(0.25))).toBe(500 + 59_500 / 4)
  })

  test('takes other bounds', () => {
    expect(fullJitter(9, chance(0.5), { initial: 10, cap: 30 })).toBe(20)
  })
})

describe('backoff', () => {
  const recording = () => {
    const waits: number[] = []
    const clock = {
      ...systemClock,
      random: () => 0.5,
      sleep: async (ms: number) => {
        waits.push(ms)
      },
    }
    return { clock, waits }
  }

  test('grows with each wait and begins anew after a reset', async () => {
    const { clock, waits } = recording()
    const waiting = backoff({ clock })
    await waiting.wait()
    await waiting.wait()
    await waiting.wait()
    expect(waiting.failures()).toBe(3)
    waiting.reset()
    await waiting.wait()
    expect(waits).toEqual([750, 1250, 2250, 750])
  })

  test('ends at once when the signal aborts', async () => {
    const ending = new AbortController()
    const waiting = backoff({ clock: systemClock, initial: 60_000 }).wait(ending.signal)
    ending.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
  })
})
