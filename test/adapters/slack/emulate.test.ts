import { URLSearchParams } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { createEmulator, type Emulator } from 'emulate'
import { createDirectory } from '../../../adapters/slack/directory.ts'
import { nobody, selfAnswer } from '../../../adapters/slack/self.ts'
import { createWeb, type SlackWeb } from '../../../adapters/slack/web.ts'
import { slack as definition } from '../../../adapters/slack/index.ts'
import { createOutbound } from '../../../adapters/slack/outbound.ts'
import { Undeliverable } from '../../../src/chat/adapter.ts'
import { systemClock } from '../../../src/clock.ts'
import { silentLog } from '../../../src/log.ts'
import { createHttp } from '../../../src/net/http.ts'
import { optionsOf, outgoing } from './connect.ts'

/** A workspace whose Web API somebody else has written. */
let emulator: Emulator
let web: SlackWeb

const { signal } = new AbortController()

beforeAll(async () => {
  emulator = await createEmulator({ service: 'slack', port: 0 })
  web = createWeb({
    token: 'xoxb-anything',
    http: createHttp({ proxy: {} }),
    apiUrl: `${emulator.url}/api/`,
    log: silentLog,
    signal,
  })
})
afterAll(() => emulator.close())

const open = async () => {
  const { self } = await web.call('auth.test', {}, selfAnswer)
  const directory = createDirectory({
    web,
    clock: systemClock,
    signal,
    self: () => self,
    channelsHold: 1_000,
  })
  const send = createOutbound({
    web,
    directory,
    clock: systemClock,
    log: silentLog,
    signal,
    limits: definition.limits,
    features: definition.features,
    options: await optionsOf({ ST2CHATOPS_ACK_UPDATE: 'true' }),
    botName: () => 'st2',
  })
  return { directory, send }
}

/** What stands in a channel, newest first. */
const history = async (channel: string) => {
  const answer = await fetch(`${emulator.url}/api/conversations.history`, {
    method: 'POST',
    headers: { authorization: 'Bearer xoxb-anything' },
    body: new URLSearchParams({ channel }),
  })
  const { messages } = await answer.json() as {
    readonly messages: readonly Readonly<Record<string, unknown>>[]
  }
  return messages
}

test('it says who the bot is', async () => {
  const { self } = await web.call('auth.test', {}, selfAnswer)
  expect(self.id).toStartWith('U')
  expect(self).not.toEqual(nobody)
})

test('names lead to ids, and back', async () => {
  const { directory } = await open()
  const channel = await directory.channelIdOf('#general')
  const user = await directory.userIdOf('@admin')
  expect(channel).toStartWith('C')
  expect(await directory.channelNameOf(channel)).toBe('general')
  expect(await directory.handleOf(user ?? '')).toBe('admin')
})

test('a result is posted in the channel and its thread; a receipt is its address', async () => {
  const { directory, send } = await open()
  const channel = await directory.channelIdOf('general')
  const receipt = await send(outgoing({ channel: '#general', pretext: 'head', text: 'body' }))
  const [posted] = await history(channel)
  expect(receipt.id).toBe(`${channel}:${posted?.['ts']}`)
  expect(posted?.['text']).toBe('head')
  expect(await send(outgoing({ channel, thread: String(posted?.['ts']) }))).toHaveProperty('id')
})

test('the acknowledgement is edited when the result is in', async () => {
  const { directory, send } = await open()
  const channel = await directory.channelIdOf('general')
  const link = 'https://st2/#/history/1'
  await send(outgoing({ channel, kind: 'acknowledgement', text: 'On it.', link }))
  await send(outgoing({ channel, link }))
  const texts = (await history(channel)).map(({ text }) => text)
  expect(texts).toContain('On it.\n:white_check_mark: succeeded')
})

test('a channel that is not there is undeliverable', async () => {
  const { send } = await open()
  const error = await send(outgoing({ channel: 'C999999999' })).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(Undeliverable)
})
