import { expect, test } from 'bun:test'
import { assessReadiness, summariseReadiness } from '../../src/ops/readiness.ts'

const up = { state: 'connected', since: 0 } as const
const down = { state: 'connecting', since: 0, error: 'connect refused' } as const
const stackstorm = { ...up, credentials: 'good' } as const
const journal = { durable: true, waiting: 0, deadLetters: 0 }

test('one chat service that works is enough', () => {
  const readiness = assessReadiness({
    stackstorm,
    stream: up,
    adapters: { slack: up, irc: down },
    journal,
  })
  expect(readiness.ready).toBe(true)
  expect(summariseReadiness(readiness)).toBe(
    'Ready: StackStorm, stream, slack, irc connecting (connect refused)',
  )
})

test('without StackStorm, the stream, or any chat service the bot is not ready', () => {
  const adapters = { slack: up }
  const refused = { ...down, credentials: 'refused' } as const
  expect(assessReadiness({ stackstorm: refused, stream: up, adapters, journal }).ready).toBe(false)
  expect(assessReadiness({ stackstorm, stream: down, adapters, journal }).ready).toBe(false)
  expect(assessReadiness({ stackstorm, stream: up, adapters: { slack: down }, journal }).ready)
    .toBe(false)
  const none = assessReadiness({ stackstorm, stream: up, adapters: {}, journal })
  expect(summariseReadiness(none)).toBe('Not ready: StackStorm, stream')
})

test('a journal that fails is told and takes no readiness away; dead letters are told as well', () => {
  const readiness = assessReadiness({
    stackstorm,
    stream: up,
    adapters: { slack: up },
    journal: { durable: false, problem: 'disk is full', waiting: 0, deadLetters: 2 },
  })
  expect(summariseReadiness(readiness)).toBe(
    'Ready: StackStorm, stream, slack, no journal (disk is full), 2 dead letters',
  )
})
