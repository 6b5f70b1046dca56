import { expect, test } from 'bun:test'
import { NotStarted } from '../../src/bot/bot.ts'
import { createTestBot } from '../fakes/bot.ts'
import { createFakeChat } from '../fakes/adapter.ts'

test('a bot that still connects to chat says so, and announces nothing', async () => {
  const chat = createFakeChat()
  const { promise: letIn, resolve } = Promise.withResolvers<void>()
  const { definition } = chat
  const slow = {
    ...chat,
    definition: {
      ...definition,
      connect: (context: Parameters<typeof definition.connect>[0]) =>
        letIn.then(() => definition.connect(context)),
    },
  }
  const { bot } = createTestBot([], { chats: [slow] })
  const payload = { channel: 'general', message: 'Hello' }
  const started = bot.start()
  expect(bot.readiness().ready).toBe(false)
  expect(bot.readiness().adapters).toMatchObject({ [definition.name]: { state: 'connecting' } })
  expect(() => bot.announce(payload)).toThrow(NotStarted)
  resolve()
  await started
  expect(bot.readiness().adapters).toMatchObject({ [definition.name]: { state: 'connected' } })
  expect(() => bot.announce(payload)).not.toThrow()
  await bot.close()
})
