import { expect, test } from 'bun:test'
import { readCallback } from '../../../adapters/slack/events.ts'
import { startFakeSlack } from '../../fakes/slack/slack.ts'
import { bot } from '../../fakes/slack/world.ts'
import { haveRecordings, recording, recordingsIn } from '../../recordings.ts'
import { connectTo, until } from './connect.ts'

type Payload = Readonly<Record<string, unknown>>

const isPayload = (value: unknown): value is Payload => typeof value === 'object' && value !== null

/** Everything in a recording that Slack would send as an event. */
const callbacksIn = (value: unknown): readonly Payload[] => {
  if (!isPayload(value)) return []
  if (value['type'] === 'event_callback') return [value]
  return Object.values(value).flatMap(callbacksIn)
}

const names = recordingsIn('slack').filter((name) => name.endsWith('.json'))
const replays = names.filter((name) => !name.includes('/shapes/'))
const shapes = names.filter((name) => name.includes('/shapes/events-'))

/** A recording as if its bot were the one of the stand-in. */
const replay = (name: string): readonly Payload[] => {
  const text = recording(name)
  const { botUserId } = JSON.parse(text)
  return callbacksIn(JSON.parse(botUserId ? text.replaceAll(botUserId, bot.id) : text))
}

const eventOf = (payload: Payload): Payload => isPayload(payload['event']) ? payload['event'] : {}

/** What a person said, and nothing else. */
const isSaid = (payload: Payload): boolean => {
  const { type, subtype, user, bot_id: botId } = eventOf(payload)
  return type === 'message' && subtype === undefined && user !== bot.id && botId === undefined
}

test.skipIf(!haveRecordings)('there are recordings with messages in them', () => {
  expect(replays.flatMap(replay).filter(isSaid).length).toBeGreaterThan(5)
  expect(shapes.length).toBeGreaterThan(5)
})

for (const name of replays) {
  test(`the recording ${name} is heard as people meant it`, async () => {
    await using slack = await startFakeSlack()
    await using it = await connectTo(slack)
    await slack.reached(1)
    const payloads = replay(name)
    const said = payloads.filter(isSaid).map(eventOf)
    for (const payload of payloads) slack.deliver(payload)
    await until(() => slack.acknowledged.length === payloads.length)
    expect(it.heard.map(({ id }) => id).toSorted())
      .toEqual(said.map(({ channel, ts }) => `${channel}:${ts}`).toSorted())
    for (const message of it.heard) {
      const event = said.find(({ ts }) => message.id.endsWith(String(ts)))
      expect(message.user.id).toBe(String(event?.['user']))
      expect(message.direct).toBe(String(event?.['channel']).startsWith('D'))
      expect(message.mentioned).toBe(String(event?.['text']).startsWith(`<@${bot.id}>`))
      expect(message.text).not.toContain(`<@${bot.id}>`)
    }
  })
}

for (const name of shapes) {
  test(`the shape ${name} is read without a fault`, () => {
    const shape: unknown = JSON.parse(recording(name))
    const kind = readCallback({ ...(isPayload(shape) ? shape : {}), type: 'event_callback' }).kind
    expect(['message', 'other']).toContain(kind)
  })
}
