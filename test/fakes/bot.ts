import { createBacktracker } from '../../src/alias/backtracker.ts'
import { createBot } from '../../src/bot/bot.ts'
import type { BotOptions } from '../../src/bot/bot-type.ts'
import type { Bot } from '../../src/bot/bot-type.ts'
import { createWording } from '../../src/chat/wording.ts'
import { openJournal } from '../../src/delivery/journal.ts'
import { createFakeChat, type FakeChat } from './adapter.ts'
import { createManualClock, type ManualClock, settle } from './clock.ts'
import { createKeptLog } from './log.ts'
import { offline } from './network.ts'
import { createFakeStackStorm, type FakeStackStorm } from './stackstorm.ts'

export type TestBot = {
  readonly bot: Bot
  readonly chat: FakeChat
  readonly stackstorm: FakeStackStorm
  readonly clock: ManualClock
  readonly log: ReturnType<typeof createKeptLog>
  readonly outcomes: string[]
}

type More = Partial<BotOptions> & {
  readonly chats?: readonly FakeChat[]
  readonly stackstorm?: FakeStackStorm
}

/** A whole bot between a chat and a StackStorm in memory, with the aliases loaded. */
export const startTestBot = async (
  documents: readonly unknown[],
  more: More = {},
): Promise<TestBot> => {
  const made = createTestBot(documents, more)
  await made.bot.start()
  await settle()
  return made
}

/** The same bot before it is started. */
export const createTestBot = (documents: readonly unknown[], more: More = {}): TestBot => {
  const { chats = [createFakeChat()], ...options } = more
  const clock = createManualClock()
  const log = createKeptLog()
  const outcomes: string[] = []
  const stackstorm = more.stackstorm ?? createFakeStackStorm(documents)
  let ids = 0
  const bot = createBot({
    chosen: chats.map(({ definition }) => ({ definition, options: {} })),
    journal: openJournal({ clock, log }),
    wording: createWording(log),
    clock,
    log,
    meter: {
      command: (outcome) => outcomes.push(`command ${outcome}`),
      catchUp: (outcome) => outcomes.push(`catch-up ${outcome}`),
      announcement: (outcome) => outcomes.push(`announcement ${outcome}`),
      send: (service, outcome) => outcomes.push(`send ${service} ${outcome}`),
    },
    version: '4.0.0',
    name: 'hubot',
    alias: '!',
    route: 'hubot',
    reloadInterval: 120_000,
    answerUnknown: true,
    maxLength: 500,
    catchUpWindow: 3_600_000,
    backtracker: createBacktracker(),
    newId: () => `id-${++ids}`,
    onEnd: () => {},
    onFail: () => {},
    network: offline,
    ...options,
    stackstorm,
  })
  return { bot, chat: chats[0] as FakeChat, stackstorm, clock, log, outcomes }
}
