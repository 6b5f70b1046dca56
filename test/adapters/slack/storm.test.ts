import { expect, test } from 'bun:test'
import type { OutgoingMessage } from '../../../src/chat/message.ts'
import { type Clock, systemClock } from '../../../src/clock.ts'
import { createOutbox } from '../../../src/delivery/outbox.ts'
import { slack as definition } from '../../../adapters/slack/index.ts'
import type { HttpSettings } from '../../../src/net/http.ts'
import { haveOpenssl, selfSigned } from '../../fakes/certificate.ts'
import { hurriedClock } from '../../fakes/hurried-clock.ts'
import { proxiedHost, startProxiedSlack } from '../../fakes/slack/proxied.ts'
import { type FakeSlack, startFakeSlack } from '../../fakes/slack/slack.ts'
import { connectTo, outgoing } from './connect.ts'

const channels = Array.from({ length: 20 }, (_, index) => `C0MANY${index}`)

/** The adapter behind the bot's own outbox. */
const open = async (slack: FakeSlack, clock: Clock, network: HttpSettings = { proxy: {} }) => {
  const it = await connectTo(slack, { clock, network })
  await slack.reached(1)
  const outbox = createOutbox({
    clock,
    log: it.log,
    signal: new AbortController().signal,
    send: (_, message) => it.connection.send(message),
    perSecond: () => definition.limits.perChannelPerSecond,
  })
  const post = (message: OutgoingMessage) => outbox.post('slack', message)
  return { post, [Symbol.asyncDispose]: () => it[Symbol.asyncDispose]() }
}

const textsIn = (slack: FakeSlack, channel: string): readonly unknown[] =>
  slack.posts.filter(({ args }) => args['channel'] === channel)
    .map(({ args }) => (args['attachments'] as { readonly text: string }[])[0]?.text)

test.skipIf(!haveOpenssl)(
  '500 results to 20 channels arrive once each, in order, through a proxy, while Slack fails now and then',
  async () => {
    await using proxied = await startProxiedSlack(selfSigned(proxiedHost))
    const { slack, network } = proxied
    await using room = await open(slack, hurriedClock(), network)
    const numbers = Array.from({ length: 25 }, (_, index) => `result ${index}`)
    const sent = numbers.flatMap((text) =>
      channels.map((channel) => room.post(outgoing({ channel, text })))
    )
    slack.fail('chat.postMessage', { status: 503 }, 10)
    for (const channel of channels.slice(0, 5)) {
      slack.failIn(channel, { status: 429, retryAfter: 1 })
    }
    const outcomes = await Promise.all(sent)
    expect(outcomes.filter(({ kind }) => kind !== 'sent')).toEqual([])
    for (const channel of channels) expect(textsIn(slack, channel)).toEqual(numbers)
  },
  60_000,
)

test('a channel that Slack holds back holds back no other', async () => {
  await using slack = await startFakeSlack()
  await using room = await open(slack, systemClock)
  const [slow = '', ...others] = channels
  slack.failIn(slow, { status: 429, retryAfter: 4 })
  const late = room.post(outgoing({ channel: slow, text: 'late' }))
  await Promise.all(
    others.flatMap((channel) =>
      ['one', 'two', 'three'].map((text) => room.post(outgoing({ channel, text })))
    ),
  )
  expect(textsIn(slack, slow)).toEqual([])
  expect(slack.posts).toHaveLength(57)
  await late
  expect(textsIn(slack, slow)).toEqual(['late'])
}, 30_000)
