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

test.each([[1_999, 0], [2_000, 1]])(
  'a list of %d aliases is so much work: told %d times',
  async (count, times) => {
    let told = 0
    const aliases = Array.from(
      { length: count },
      (_, at) => aliasDocument(`a${at}`, [`a${at} {{x}}`]),
    )
    const { bot } = await startTestBot(aliases, {
      onBusy: () => void told++,
    })
    await bot.aliases.attempted
    expect(told).toBe(times)
  },
)
