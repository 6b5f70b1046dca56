import { expect, test } from 'bun:test'
import { createOutbound } from '../../../adapters/slack/outbound.ts'
import { slack as definition } from '../../../adapters/slack/index.ts'
import { createDirectory } from '../../../adapters/slack/directory.ts'
import { nobody } from '../../../adapters/slack/self.ts'
import { anyAnswer, createWeb } from '../../../adapters/slack/web.ts'
import { Undeliverable } from '../../../src/chat/adapter.ts'
import { systemClock } from '../../../src/clock.ts'
import { silentLog } from '../../../src/log.ts'
import { createHttp } from '../../../src/net/http.ts'
import { hurriedClock } from '../../fakes/hurried-clock.ts'
import { startFakeSlack } from '../../fakes/slack/slack.ts'
import { connectTo, optionsOf, outgoing, socketModeVariables } from './connect.ts'

/** Objects or lists, one in the other; read from text, because that is how they come. */
const nested = (open: string, close: string, levels: number): unknown =>
  JSON.parse(`${open.repeat(levels)}1${close.repeat(levels)}`)

const objects = (levels: number) => nested('{"a":', '}', levels)
const lists = (levels: number) => nested('[', ']', levels)

const extras = (levels: number): readonly Readonly<Record<string, unknown>>[] => [
  { title: objects(levels) },
  { blocks: lists(levels) },
  { attachments: [{ fields: lists(levels) }] },
  { metadata: objects(levels) },
]

for (const allowed of ['false', 'true']) {
  for (const levels of [150, 5_000, 60_000]) {
    test(`extra of ${levels} levels is undeliverable, and says so (broadcast allowed: ${allowed})`, async () => {
      await using slack = await startFakeSlack()
      const variables = { ...socketModeVariables, ST2CHATOPS_ALLOW_BROADCAST: allowed }
      await using it = await connectTo(slack, { variables, clock: hurriedClock() })
      await slack.reached(1)
      for (const extra of extras(levels)) {
        const error = await it.connection.send(outgoing({ extra }))
          .then(() => undefined, (thrown: unknown) => thrown)
        expect(error).toBeInstanceOf(Undeliverable)
        expect((error as Undeliverable).message).toContain('more than 100 levels')
        expect((error as Undeliverable).message).not.toContain('could not be reached')
        expect((error as Undeliverable).advice).toContain('extra.slack')
      }
      expect(slack.posts).toEqual([])
    })
  }
}

test('extra of as many levels as any author writes goes out', async () => {
  await using slack = await startFakeSlack()
  await using it = await connectTo(slack)
  await slack.reached(1)
  for (const extra of extras(40)) await it.connection.send(outgoing({ extra }))
  expect(slack.posts).toHaveLength(4)
})

test('what cannot be written as a call is not told of as a failure to reach Slack', async () => {
  await using slack = await startFakeSlack()
  const web = createWeb({
    token: 'xoxb-anything',
    http: createHttp({ proxy: {} }),
    apiUrl: slack.apiUrl,
    log: silentLog,
    signal: new AbortController().signal,
  })
  const error = await web.call('chat.postMessage', { attachments: lists(60_000) }, anyAnswer)
    .catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(RangeError)
  expect(slack.calls).toEqual([])
})

test('a message for which there is no room is undeliverable', async () => {
  const { signal } = new AbortController()
  const web = {
    call: () => Promise.reject(new RangeError('Out of memory')),
    upload: () => Promise.resolve(),
  }
  const send = createOutbound({
    web,
    directory: createDirectory({
      web,
      clock: systemClock,
      signal,
      self: () => nobody,
      channelsHold: 1_000,
    }),
    clock: systemClock,
    log: silentLog,
    signal,
    limits: definition.limits,
    features: definition.features,
    options: await optionsOf({}),
    botName: () => 'st2',
  })
  const error = await send(outgoing()).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(Undeliverable)
  expect((error as Undeliverable).message).toContain('Out of memory')
})
