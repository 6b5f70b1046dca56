import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RetryLater, Undeliverable } from '../../src/chat/adapter.ts'
import { type Journal, openJournal } from '../../src/delivery/journal.ts'
import { StackStormUnclear } from '../../src/stackstorm/errors.ts'
import { createFakeChat } from '../fakes/adapter.ts'
import { startTestBot } from '../fakes/bot.ts'
import { createManualClock, settle } from '../fakes/clock.ts'
import { createKeptLog } from '../fakes/log.ts'
import { aliasDocument, createFakeStackStorm, executionId } from '../fakes/stackstorm.ts'
import { takeIn } from '../delivery/messages.ts'

let folder = ''
beforeEach(() => folder = mkdtempSync(join(tmpdir(), 'durability-')))
afterEach(() => rmSync(folder, { recursive: true }))

const openAgain = (boot = 'boot 1'): Journal =>
  openJournal({ folder, boot, clock: createManualClock(), log: createKeptLog() })
const remote = aliasDocument('remote_shell_cmd', ['run {{cmd}} on {{hosts}}'])

test('what a chat service did not take is posted after the next start, in order', async () => {
  const down = createFakeChat({ send: () => Promise.reject(new RetryLater('down')) })
  const first = openAgain()
  const before = await startTestBot([], { chats: [down], journal: first })
  for (const message of ['one', 'two', 'three']) {
    before.stackstorm.announce({ channel: 'C1', message })
  }
  await settle()
  await before.bot.close()
  await settle()
  first.close()

  const second = openAgain()
  const after = await startTestBot([], { journal: second })
  expect(after.chat.texts()).toEqual(['one', 'two', 'three'])
  await settle()
  expect(second.waiting()).toEqual([])
  second.close()
})

test('an event that is redelivered after a restart runs nothing', async () => {
  const first = openAgain()
  const before = await startTestBot([remote], { journal: first })
  before.chat.say('!run date on localhost', { id: 'same' })
  await settle()
  await before.bot.close()
  first.close()
  const second = openAgain()
  const after = await startTestBot([remote], { journal: second })
  after.chat.say('!run date on localhost', { id: 'same' })
  await settle()
  expect(after.stackstorm.requests).toEqual([])
  second.close()
})

test.each([
  ['it did start', { id: executionId(5), status: 'running' }, executionId(5)],
  ['nothing was started', undefined, 'nothing was started'],
])(
  'a command that was being started when the process died is looked up: %s',
  async (_, found, said) => {
    const first = openAgain()
    const before = await startTestBot([remote], { journal: first })
    // The answer never comes: the process dies while it waits.
    before.stackstorm.execute = () => new Promise(() => {})
    before.chat.say('!run date on localhost', { thread: 'T9' })
    await settle()
    const correlation = before.stackstorm.requests[0]?.correlation
    first.close()

    const asked: (string | undefined)[] = []
    const stackstorm = {
      ...createFakeStackStorm([remote]),
      whoami: () => Promise.resolve({}),
      findExecution: (wanted: string) => {
        asked.push(wanted)
        return Promise.resolve(found)
      },
    } as unknown as ReturnType<typeof createFakeStackStorm>
    const second = openAgain()
    const after = await startTestBot([], { journal: second, stackstorm })
    await after.clock.advance(20_000)
    expect(new Set(asked)).toEqual(new Set([correlation]))
    expect(after.chat.posted).toMatchObject([{ channel: 'C1', thread: 'T9', kind: 'failure' }])
    expect(after.chat.texts()[0]).toContain(said)
    expect(stackstorm.requests).toEqual([])
    expect(second.unfinished()).toEqual([])
    second.close()
  },
)

test('many commands of an outage are looked up beside each other, four requests at a time', async () => {
  const first = openAgain()
  const before = await startTestBot([remote], { journal: first })
  before.stackstorm.execute = () => new Promise(() => {})
  for (let number = 0; number < 60; number++) before.chat.say(`!run ${number} on localhost`)
  await settle()
  first.close()

  let asking = 0
  let most = 0
  const stackstorm = {
    ...createFakeStackStorm([remote]),
    whoami: () => Promise.resolve({}),
    findExecution: async () => {
      most = Math.max(most, ++asking)
      await new Promise((resolve) => setImmediate(resolve))
      asking--
    },
  } as unknown as ReturnType<typeof createFakeStackStorm>
  const second = openAgain()
  const after = await startTestBot([], { journal: second, stackstorm })
  await after.clock.advance(15_000)
  // The last of them is written down as answered.
  await settle()
  expect(second.unfinished()).toEqual([])
  expect(after.chat.texts()).toHaveLength(60)
  expect(most).toBe(4)
  second.close()
})

test('a command whose answer is lost is begun once in the journal', async () => {
  const journal = openAgain()
  const { chat, stackstorm, clock } = await startTestBot([remote], { journal })
  stackstorm.execute = () => Promise.reject(new StackStormUnclear('cut'))
  chat.say('!run date on localhost')
  await settle()
  expect(journal.unfinished()).toHaveLength(1)
  await clock.advance(30_000)
  expect(journal.unfinished()).toEqual([])
  journal.close()
})

test('what can never be delivered is a dead letter, told to the operators, and goes out when it is put back', async () => {
  let invited = false
  const chat = createFakeChat({
    name: 'irc',
    send: ({ channel }) =>
      channel === '#closed' && !invited
        ? Promise.reject(new Undeliverable('not in the channel', { advice: '/invite hubot' }))
        : Promise.resolve({}),
  })
  const journal = openAgain()
  const { stackstorm, clock } = await startTestBot([], {
    chats: [chat],
    journal,
    opsChannel: 'irc:#ops',
  })
  stackstorm.announce({ channel: '#closed', message: 'the result' })
  await settle()
  expect(journal.deadLetters()).toMatchObject([{ reason: 'not in the channel' }])
  expect(chat.posted).toMatchObject([{ channel: '#ops', kind: 'failure' }])
  expect(chat.texts()[0]).toContain('/invite hubot')

  invited = true
  const other = openAgain()
  await other.retry(1)
  other.close()
  await clock.advance(6_000)
  expect(chat.texts()).toContain('the result')
  expect(journal.deadLetters()).toEqual([])
  journal.close()
})

test('a command that was taken in and not begun is run after the next start, once', async () => {
  const first = openAgain()
  const away = createFakeStackStorm([])
  away.documents = () => new Promise(() => {})
  const before = await startTestBot([], { journal: first, stackstorm: away })
  before.chat.say('!run date on localhost', { id: 'early' })
  await settle()
  first.close()
  const second = openAgain()
  const after = await startTestBot([remote], { journal: second })
  await settle()
  expect(after.stackstorm.requests).toMatchObject([{ command: 'run date on localhost' }])
  after.chat.say('!run date on localhost', { id: 'early' })
  await settle()
  expect(after.stackstorm.requests).toHaveLength(1)
  expect(second.unfinished()).toEqual([])
  second.close()
})

test('a command that is said not to have started never starts, though the bot dies with these words just out', async () => {
  const first = openAgain()
  const away = createFakeStackStorm([])
  away.documents = () => Promise.reject(new Error('away'))
  const said: string[] = []
  const chat = createFakeChat({
    send: ({ text }) => {
      said.push(text)
      return new Promise(() => {})
    },
  })
  await startTestBot([], { journal: first, stackstorm: away, chats: [chat] })
  chat.say('!run date on localhost', { id: 'early' })
  await settle()
  expect(said).toEqual([expect.stringContaining('Nothing was started')])
  first.close()

  const second = openAgain()
  const stackstorm = { ...createFakeStackStorm([remote]), whoami: () => Promise.resolve({}) }
  const after = await startTestBot([], {
    journal: second,
    stackstorm: stackstorm as unknown as ReturnType<typeof createFakeStackStorm>,
  })
  await after.clock.advance(15_000)
  await settle()
  expect(stackstorm.requests).toEqual([])
  expect(after.chat.texts()).toEqual([expect.stringContaining('it seems that nothing was started')])
  expect(second.unfinished()).toEqual([])
  second.close()
})

describe.each([
  ['was taken in and whose being sent was lost', true],
  ['was lost whole and is delivered again', false],
])('after a loss of power, a command that %s', (_, isKept) => {
  const typed = {
    id: 'early',
    channel: 'C1',
    user: { id: 'U1', name: 'alice' },
    text: '!run date on localhost',
    direct: false,
    at: createManualClock().now() - 5_000,
  }

  const afterPowerLoss = async (found: { id: string; status: string } | undefined) => {
    const first = openAgain()
    const event = first.eventOf('fake', typed)
    if (isKept) await takeIn(first, event, 'fake', typed)
    first.close()
    // The life that learns of it may end before it has done anything about it.
    openAgain('boot 2').close()
    const journal = openAgain('boot 2')
    const stackstorm = createFakeStackStorm([remote])
    const asked: string[] = []
    Object.assign(stackstorm, {
      findExecution: (correlation: string) => {
        asked.push(correlation)
        return Promise.resolve(found)
      },
    })
    const { chat, clock } = await startTestBot([], { journal, stackstorm })
    if (!isKept) chat.say(typed.text, typed)
    await clock.advance(20_000)
    expect(new Set(asked)).toEqual(new Set([event]))
    expect(journal.unfinished()).toEqual([])
    journal.close()
    return { requests: stackstorm.requests, texts: chat.texts() }
  }

  test('does not run again where StackStorm has its execution', async () => {
    const { requests, texts } = await afterPowerLoss({ id: executionId(5), status: 'running' })
    expect(requests).toEqual([])
    expect(texts).toEqual([expect.stringContaining(`it did start: execution ${executionId(5)}`)])
  })

  test('runs where StackStorm has none', async () => {
    const { requests } = await afterPowerLoss(undefined)
    expect(requests).toMatchObject([{ command: 'run date on localhost' }])
  })
})

test('after a long loss of power, nobody is told that a command did not start that did', async () => {
  const first = openAgain()
  await takeIn(first, first.eventOf('fake', { id: 'old' }), 'fake', {
    id: 'old',
    channel: 'C1',
    user: { id: 'U1', name: 'alice' },
    text: '!run date on localhost',
    direct: false,
    at: createManualClock().now(),
  })
  first.close()
  const clock = createManualClock(createManualClock().now() + 10 * 60_000)
  const journal = openJournal({ folder, boot: 'boot 2', clock, log: createKeptLog() })
  const stackstorm = createFakeStackStorm([remote])
  Object.assign(stackstorm, {
    whoami: () => Promise.resolve({}),
    findExecution: () => Promise.resolve({ id: executionId(5), status: 'succeeded' }),
  })
  const { chat } = await startTestBot([], { journal, stackstorm, clock })
  await settle()
  expect(stackstorm.requests).toEqual([])
  expect(chat.texts()).toEqual([
    expect.stringContaining(`it did start: execution ${executionId(5)}`),
  ])
  expect(journal.unfinished()).toEqual([])
  journal.close()
})

test('what is typed after a loss of power is not looked up', async () => {
  openAgain().close()
  const journal = openAgain('boot 2')
  const { chat, stackstorm, clock } = await startTestBot([remote], { journal })
  Object.assign(stackstorm, { findExecution: () => Promise.reject(new Error('nobody may ask')) })
  chat.say('!run date on localhost', { at: clock.now() + 120_000 })
  await settle()
  expect(stackstorm.requests).toHaveLength(1)
  journal.close()
})

test('one that was taken in long ago is told of, not run', async () => {
  const first = openAgain()
  await takeIn(first, first.eventOf('fake', { id: 'old' }), 'fake', {
    id: 'old',
    channel: 'C1',
    user: { id: 'U1', name: 'alice' },
    text: '!run date on localhost',
    direct: false,
    at: 0,
  })
  first.close()
  const clock = createManualClock(1_700_000_000_000 + 10 * 60_000)
  const second = openJournal({ folder, clock, log: createKeptLog() })
  const { chat, stackstorm } = await startTestBot([remote], { journal: second, clock })
  await settle()
  expect(stackstorm.requests).toEqual([])
  expect(chat.texts()).toMatchObject([expect.stringContaining('Nothing was started')])
  expect(second.unfinished()).toEqual([])
  second.close()
})

test('what is typed while the bot stops is left to the next start, or turned away without a journal', async () => {
  const first = openAgain()
  const before = await startTestBot([remote], { journal: first })
  before.bot.stopIntake()
  before.chat.say('!run date on localhost')
  await settle()
  expect(before.stackstorm.requests).toEqual([])
  expect(before.chat.posted).toEqual([])
  await before.bot.close()
  first.close()
  const second = openAgain()
  const after = await startTestBot([remote], { journal: second })
  await settle()
  expect(after.stackstorm.requests).toHaveLength(1)
  second.close()

  const { bot, chat, stackstorm } = await startTestBot([remote])
  bot.stopIntake()
  chat.say('!run date on localhost')
  expect((await chat.next()).text).toContain('I am being stopped')
  expect(stackstorm.requests).toEqual([])
})
