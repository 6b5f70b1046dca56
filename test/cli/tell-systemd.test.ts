import { expect, test } from 'bun:test'
import { tellSystemd } from '../../src/cli/tell-systemd.ts'
import { assessReadiness } from '../../src/ops/readiness.ts'
import { createNotifier } from '../../src/ops/systemd.ts'
import { createManualClock, settle } from '../fakes/clock.ts'

const setUp = (beat: () => Promise<void> = () => Promise.resolve()) => {
  const told: string[] = []
  const clock = createManualClock()
  const ending = new AbortController()
  let isUp = false
  const telling = tellSystemd({
    bot: {
      readiness: () =>
        assessReadiness({
          stackstorm: { state: isUp ? 'connected' : 'connecting', since: 0, credentials: 'good' },
          stream: { state: 'connected', since: 0 },
          adapters: { irc: { state: 'connected', since: 0 } },
          journal: { durable: true, waiting: 0, deadLetters: 0 },
        }),
    },
    journal: { beat },
    notifier: createNotifier({
      socket: '/run/notify',
      send: (_, message) => told.push(...message.split('\n')) > 0,
    }),
    watchdog: 500,
    clock,
    signal: ending.signal,
  })
  return { told, clock, ending, telling, come: (up: boolean) => isUp = up }
}

test('systemd hears of readiness once and of each change of state once', async () => {
  const { told, clock, ending, telling, come } = setUp()
  await clock.advance(5_000)
  come(true)
  await clock.advance(5_000)
  come(false)
  await clock.advance(5_000)
  ending.abort()
  await telling
  expect(told.filter((line) => line !== 'WATCHDOG=1')).toEqual([
    'STATUS=Not ready: StackStorm connecting, stream, irc',
    'READY=1',
    'STATUS=Ready: StackStorm, stream, irc',
    'STATUS=Not ready: StackStorm connecting, stream, irc',
  ])
})

test('who waits for the start of the service does not wait a second', async () => {
  const { told, clock, come } = setUp()
  await clock.advance(100)
  come(true)
  await clock.advance(50)
  expect(told).toContain('READY=1')
  await clock.advance(350)
  expect(told.filter((line) => line === 'WATCHDOG=1')).toHaveLength(2)
})

test('the sign of life comes as often as it is wanted, also while StackStorm is away', async () => {
  const { told, clock } = setUp()
  await clock.advance(10_000)
  expect(told.filter((line) => line === 'WATCHDOG=1').length).toBeGreaterThanOrEqual(20)
})

test('no sign of life comes from a process whose work stands still', async () => {
  const { told, clock } = setUp(() => new Promise(() => {}))
  await settle()
  await clock.advance(60_000)
  expect(told).not.toContain('WATCHDOG=1')
})
