import { expect, test } from 'bun:test'
import { createTidy } from '../../src/bot/tidy.ts'
import { createManualClock, settle } from '../fakes/clock.ts'

const setUp = (takes = 5) => {
  const clock = createManualClock()
  const ending = new AbortController()
  let collections = 0
  const tidy = createTidy({
    clock: { ...clock, monotonic: () => clock.monotonic() + collections * takes },
    signal: ending.signal,
    collect: () => {
      collections++
    },
  })
  const pass = async (ms: number) => {
    await clock.advance(ms)
    await settle()
  }
  return { tidy, pass, ending, collections: () => collections }
}

test('collects once when much work is over, not while it goes on', async () => {
  const { tidy, pass, collections } = setUp()
  tidy.note(10_000)
  await pass(200)
  tidy.note(1)
  await pass(200)
  expect(collections()).toBe(0)
  await pass(300)
  expect(collections()).toBe(1)
  await pass(60_000)
  expect(collections()).toBe(1)
})

test('little work is not worth it, until there was much of it', async () => {
  const { tidy, pass, collections } = setUp()
  for (let round = 0; round < 6; round++) {
    tidy.note(99)
    await pass(1_000)
  }
  expect(collections()).toBe(1)
})

test('what took too long is left alone for a while', async () => {
  const { tidy, pass, collections } = setUp(50)
  const burst = async () => {
    tidy.note(1_000)
    await pass(1_000)
  }
  await burst()
  await burst()
  expect(collections()).toBe(1)
  await pass(10 * 60_000)
  await burst()
  expect(collections()).toBe(2)
})

test('what takes its time later is measured as well', async () => {
  const clock = createManualClock()
  let collections = 0
  const tidy = createTidy({
    clock,
    signal: new AbortController().signal,
    collect: () => {
      collections++
      return clock.sleep(50)
    },
  })
  for (let burst = 0; burst < 3; burst++) {
    tidy.note(1_000)
    for (let step = 0; step < 10; step++) {
      await clock.advance(100)
      await settle()
    }
  }
  expect(collections).toBe(1)
})

test('does nothing more when the bot has ended', async () => {
  const { tidy, pass, ending, collections } = setUp()
  tidy.note(1_000)
  ending.abort()
  await pass(1_000)
  expect(collections()).toBe(0)
})
