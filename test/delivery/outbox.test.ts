import { expect, test } from 'bun:test'
import { RetryLater, Undeliverable } from '../../src/chat/adapter.ts'
import type { OutgoingMessage } from '../../src/chat/message.ts'
import { createOutbox, type Outcome } from '../../src/delivery/outbox.ts'
import { createManualClock, settle } from '../fakes/clock.ts'
import { createKeptLog } from '../fakes/log.ts'
import { message } from './messages.ts'

const setUp = (send: (message: OutgoingMessage) => Promise<void>) => {
  const clock = createManualClock()
  const log = createKeptLog()
  const ending = new AbortController()
  const sent: string[] = []
  const outbox = createOutbox({
    clock,
    log,
    signal: ending.signal,
    perSecond: () => 1_000,
    send: async (_, message) => {
      await send(message)
      sent.push(message.text)
      return {}
    },
  })
  return { clock, log, ending, sent, post: (m: OutgoingMessage) => outbox.post('irc', m), outbox }
}

test('order is kept in a channel, and a channel that fails holds up no other', async () => {
  let failing = true
  const { clock, sent, post, outbox } = setUp(async ({ channel }) => {
    if (channel === 'slow' && failing) throw new RetryLater('busy')
  })
  void post(message('slow', 'a1'))
  void post(message('slow', 'a2'))
  await post(message('quick', 'b1'))
  expect(sent).toEqual(['b1'])
  expect(outbox.waiting()).toBe(2)
  failing = false
  await clock.advance(60_000)
  expect(sent).toEqual(['b1', 'a1', 'a2'])
  expect(outbox.waiting()).toBe(0)
})

test('an alert gets through a flood of replies, and a result comes behind its acknowledgement', async () => {
  const { clock, sent, post, outbox } = setUp(async () => {})
  for (let at = 0; at < 60; at++) void post(message('ops', `pong ${at}`))
  const link = 'https://st2/#/history/1'
  void post({ ...message('ops', 'ack'), link })
  const alert = outbox.announce('irc', message('ops', 'alert'))
  const result = outbox.announce('irc', { ...message('ops', 'result'), link })
  await clock.advance(1_000)
  await Promise.all([alert, result])
  const places = ['alert', 'ack', 'result'].map((text) => sent.indexOf(text))
  expect(places).toEqual([5, 7, 8])
  expect(sent).toHaveLength(63)
})

test('a service that asks for time gets it', async () => {
  let attempts = 0
  const { clock, sent, post } = setUp(async () => {
    if (++attempts === 1) throw new RetryLater('rate limited', { after: 30_000 })
  })
  void post(message('ops', 'x'))
  await clock.advance(29_999)
  expect(attempts).toBe(1)
  await clock.advance(1)
  expect(sent).toEqual(['x'])
})

test('waits grow from half a second to a minute, and half an hour ends in a report', async () => {
  let attempts = 0
  const { clock, post, log } = setUp(async () => {
    attempts++
    throw new RetryLater('still down')
  })
  let outcome: Outcome | undefined
  void post(message('ops', 'x')).then((ended) => outcome = ended)
  await clock.advance(31 * 60_000)
  expect(outcome).toMatchObject({ kind: 'undeliverable', reason: 'still down' })
  expect(attempts).toBeGreaterThan(20)
  expect(attempts).toBeLessThan(100)
  expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(1)
})

test('what can never be delivered is reported at once, with the advice, and the next one goes out', async () => {
  const { sent, post, log } = setUp(async ({ text }) => {
    if (text === 'x') throw new Undeliverable('not in channel', { advice: '/invite @bot' })
  })
  const first = post(message('ops', 'x'))
  await post(message('ops', 'y'))
  expect(await first).toEqual({
    kind: 'undeliverable',
    reason: 'not in channel',
    advice: '/invite @bot',
  })
  expect(sent).toEqual(['y'])
  expect(log.lines[0]?.fields).toMatchObject({ channel: 'ops', advice: '/invite @bot' })
})

test('a fault in an adapter is tried three times and then reported', async () => {
  let attempts = 0
  const { clock, post } = setUp(async () => {
    attempts++
    throw new TypeError('undefined is not a function')
  })
  const ended = post(message('ops', 'x'))
  await clock.advance(60_000)
  expect(await ended).toMatchObject({ kind: 'undeliverable' })
  expect(attempts).toBe(3)
})

test('the end of the bot ends the waiting, without giving the message up', async () => {
  const { ending, post, sent } = setUp(async () => {
    throw new RetryLater('down')
  })
  const all = [post(message('ops', 'x')), post(message('ops', 'y'))]
  await settle()
  ending.abort()
  expect(await Promise.all(all)).toEqual([{ kind: 'stopped' }, { kind: 'stopped' }])
  expect(sent).toEqual([])
})

test('a reply overtakes announcements that wait in its channel; those keep their order', async () => {
  const { clock, sent, post, outbox } = setUp(async () => {
    await clock.sleep(1_000)
  })
  for (const text of ['r1', 'r2', 'r3']) void outbox.announce('irc', message('ops', text))
  void post(message('ops', 'status'))
  await clock.advance(4_000)
  expect(sent).toEqual(['r1', 'status', 'r2', 'r3'])
})

test('the log tells of each result that was posted, and in detail of everything else', async () => {
  const { log, post } = setUp(async () => {})
  await post({ ...message('ops', 'x'), execution: 'e1' })
  await post({ ...message('ops', 'y'), kind: 'acknowledgement' })
  expect(log.lines).toEqual([
    {
      level: 'info',
      message: 'A result was posted.',
      fields: { service: 'irc', channel: 'ops', execution: 'e1' },
    },
    {
      level: 'debug',
      message: 'A message was posted.',
      fields: { service: 'irc', channel: 'ops', kind: 'acknowledgement' },
    },
  ])
})
