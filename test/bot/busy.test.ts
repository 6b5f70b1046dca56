import { expect, test } from 'bun:test'
import { startTestBot } from '../fakes/bot.ts'
import { aliasDocument } from '../fakes/stackstorm.ts'

test('tells once that the bot is busy, and counts what is for nobody and what comes by the stream', async () => {
  let told = 0
  const { chat, stackstorm } = await startTestBot([], { onBusy: () => void told++ })
  for (let at = 0; at < 60; at++) chat.say(`coffee ${at}?`)
  for (let at = 0; at < 39; at++) stackstorm.announce({ channel: 'C1', message: `result ${at}` })
  expect(told).toBe(0)
  chat.say('one more')
  expect(told).toBe(1)
  for (let at = 0; at < 300; at++) chat.say(`tea ${at}?`)
  expect(told).toBe(1)
})

test('what a start leaves is collected once, also with a short list of aliases', async () => {
  let collected = 0
  const { bot, clock } = await startTestBot([aliasDocument('a', ['a {{x}}'])], {
    collectGarbage: () => void collected++,
  })
  await bot.aliases.attempted
  await clock.advance(1_000)
  expect(collected).toBe(1)
  await clock.advance(60_000)
  expect(collected).toBe(1)
})
