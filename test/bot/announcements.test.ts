import { describe, expect, test } from 'bun:test'
import type { AdapterDefinition } from '../../src/chat/adapter.ts'
import { openJournal } from '../../src/delivery/journal.ts'
import { silentLog } from '../../src/log.ts'
import { createFakeChat } from '../fakes/adapter.ts'
import { startTestBot } from '../fakes/bot.ts'
import { createManualClock, settle } from '../fakes/clock.ts'
import { aliasDocument, executionId } from '../fakes/stackstorm.ts'

const remote = aliasDocument('remote_shell_cmd', ['run {{cmd}} on {{hosts}}'])

test('a result comes back to where its command was typed, thread, person and link', async () => {
  const { chat, stackstorm, bot } = await startTestBot([remote])
  chat.say('!run date on localhost', { thread: 'T1' })
  await chat.next()
  expect(bot.underWay().owing).toEqual([executionId(1)])
  const [request] = stackstorm.requests
  stackstorm.announce({
    channel: request?.channel,
    user: 'alice',
    message: 'Done.{~}status : failed',
    whisper: false,
    context: request?.context,
    extra: { 'fake-too': { color: 'red' } },
  })
  await settle()
  expect(chat.posted[1]).toMatchObject({
    kind: 'result',
    channel: 'C1',
    thread: 'T1',
    user: { id: 'U1', name: 'alice' },
    pretext: 'Done.',
    text: 'status : failed',
    status: 'failed',
    extra: { color: 'red' },
    link: `https://st2/#/history/${executionId(1)}/general`,
  })
  expect(bot.underWay().owing).toEqual([])
})

test('a result that overtakes the reply to its own command waits for the acknowledgement', async () => {
  const { chat, stackstorm } = await startTestBot([remote])
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  stackstorm.execute = async () => {
    await held
    return { id: executionId(1), link: 'l', alias: {} }
  }
  chat.say('!run date on localhost')
  await settle()
  const context = stackstorm.requests[0]?.context
  stackstorm.announce({ channel: 'C1', message: 'the result', context })
  stackstorm.announce({ channel: 'C1', message: "somebody else's" })
  await settle()
  expect(chat.texts()).toEqual(["somebody else's"])
  release()
  await settle()
  expect(chat.posted.map(({ kind }) => kind)).toEqual(['result', 'acknowledgement', 'result'])
})

test('a workflow that names another channel is followed there, without the thread', async () => {
  const { chat, stackstorm } = await startTestBot([remote])
  chat.say('!run date on localhost', { thread: 'T1' })
  await settle()
  const context = stackstorm.requests[0]?.context
  stackstorm.announce({ channel: '#dev', message: 'deployed', context })
  await settle()
  expect(chat.posted[1]).toMatchObject({ channel: '#dev', text: 'deployed' })
  expect(chat.posted[1]).not.toHaveProperty('thread')
})

test('an announcement that nobody asked for goes to the service that its channel names, else to the first', async () => {
  const irc = createFakeChat({ name: 'irc' })
  const slack = createFakeChat({ name: 'slack' })
  const { stackstorm } = await startTestBot([], { chats: [slack, irc] })
  stackstorm.announce({ channel: '#ops', message: 'one' })
  stackstorm.announce({ channel: 'irc:#ops', message: 'two' })
  await settle()
  expect(slack.posted).toMatchObject([{ channel: '#ops', text: 'one' }])
  expect(irc.posted).toMatchObject([{ channel: '#ops', text: 'two' }])
})

test('a context that is not ours, or was changed on its way, costs nothing but the thread', async () => {
  const { chat, stackstorm } = await startTestBot([])
  const contexts = [
    { room: 'x', user: {} },
    { origin: 'no base64 {{' },
    { origin: 5 },
    null,
    'text',
    [],
  ]
  for (const context of contexts) stackstorm.announce({ channel: 'C1', message: 'hello', context })
  await settle()
  expect(chat.posted).toHaveLength(contexts.length)
})

describe('a whisper', () => {
  test('goes to its person', async () => {
    const { chat, stackstorm } = await startTestBot([])
    stackstorm.announce({ channel: 'C1', user: 'alice', whisper: true, message: 'secret' })
    await settle()
    expect(chat.posted).toMatchObject([{ whisper: true, user: { name: 'alice' }, text: 'secret' }])
  })

  test.each([
    ['no private way', { features: { private: false } }, { user: 'alice' }],
    ['nobody to give it to', {}, {}],
  ])('with %s is never posted in public', async (_, options, payload) => {
    const { chat, stackstorm, log } = await startTestBot([], { chats: [createFakeChat(options)] })
    stackstorm.announce({ channel: 'C1', whisper: true, message: 'secret', ...payload })
    await settle()
    expect(chat.posted).toMatchObject([{ kind: 'failure', whisper: false, channel: 'C1' }])
    expect(JSON.stringify(chat.posted)).not.toContain('secret')
    expect(log.lines.some(({ level }) => level === 'error')).toBe(true)
  })
})

test('a malformed announcement is named in the log, and the next one is posted', async () => {
  const { chat, stackstorm, log, outcomes } = await startTestBot([])
  stackstorm.emit('st2.announcement__chatops', null)
  stackstorm.emit('st2.announcement__chatops', { payload: null })
  stackstorm.announce({ message: 'no channel' })
  stackstorm.announce({ channel: 'C1' })
  stackstorm.announce({ channel: 'C1', message: 42 })
  await settle()
  expect(chat.texts()).toEqual(['42'])
  expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(4)
  expect(outcomes.filter((outcome) => outcome === 'announcement malformed')).toHaveLength(3)
})

test('an announcement without a channel goes where its command was typed, else it is a dead letter', async () => {
  const journal = openJournal({ clock: createManualClock(), log: silentLog })
  const { chat, stackstorm } = await startTestBot([remote], { journal })
  chat.say('!run date on localhost', { thread: 'T1' })
  await settle()
  stackstorm.announce({ message: 'the result', context: stackstorm.requests[0]?.context })
  stackstorm.announce({ message: 'for nobody' })
  await settle()
  expect(chat.posted[1]).toMatchObject({ channel: 'C1', thread: 'T1', text: 'the result' })
  expect(journal.deadLetters()).toMatchObject([
    { message: { text: 'for nobody' }, reason: 'The announcement names no channel.' },
  ])
})

test('a service without attachments gets at most ST2_MAX_MESSAGE_LENGTH, and the link to the rest', async () => {
  const chats = [createFakeChat({ features: { attachments: false } })]
  const { chat, stackstorm } = await startTestBot([remote], { chats, maxLength: 20 })
  chat.say('!run date on localhost')
  await settle()
  const context = stackstorm.requests[0]?.context
  stackstorm.announce({ channel: 'C1', message: 'x'.repeat(30), context })
  await settle()
  expect(chat.posted[1]?.text).toBe(
    `${'x'.repeat(20)}\n... (10 more characters, all of it: https://st2/#/history/${
      executionId(1)
    }/general)`,
  )
})

test('order is kept in a burst', async () => {
  const { chat, stackstorm } = await startTestBot([])
  for (let n = 0; n < 500; n++) stackstorm.announce({ channel: `C${n % 3}`, message: String(n) })
  await settle()
  await settle()
  expect(chat.posted).toHaveLength(500)
  const inFirst = chat.posted.filter(({ channel }) => channel === 'C0').map(({ text }) =>
    Number(text)
  )
  expect(inFirst).toEqual([...inFirst].sort((a, b) => a - b))
})

test('a result for a chat service that is not here goes to no other, and is told of', async () => {
  const journal = openJournal({ clock: createManualClock(), log: silentLog })
  const slack = await startTestBot([remote], {
    chats: [createFakeChat({ name: 'slack' })],
    journal,
  })
  slack.chat.say('!run date on localhost')
  await settle()
  const context = slack.stackstorm.requests[0]?.context
  const irc = await startTestBot([remote], { chats: [createFakeChat({ name: 'irc' })], journal })
  irc.stackstorm.announce({
    channel: 'C1',
    user: 'alice',
    whisper: true,
    message: 'secret',
    context,
  })
  await settle()
  expect(irc.chat.posted).toEqual([])
  expect(journal.deadLetters()).toMatchObject([
    { service: 'slack', reason: 'There is no chat service "slack".' },
  ])
})

test("a result of another bot's command is not this bot's business, unless it names a service of ours", async () => {
  const journal = openJournal({ clock: createManualClock(), log: silentLog })
  const shell = await startTestBot([remote], { chats: [createFakeChat({ name: 'shell' })] })
  shell.chat.say('!run date on localhost')
  await settle()
  const context = shell.stackstorm.requests[0]?.context
  const slack = await startTestBot([remote], {
    chats: [createFakeChat({ name: 'slack' })],
    journal,
  })
  slack.stackstorm.announce({ channel: 'C1', user: 'alice', message: "the shell's", context })
  slack.stackstorm.announce({ channel: 'slack:#ops', message: 'deployed', context })
  await settle()
  expect(slack.chat.posted).toMatchObject([{ channel: '#ops', text: 'deployed' }])
  expect(journal.deadLetters()).toEqual([])
  expect(slack.log.lines.filter(({ level }) => level === 'error')).toEqual([])
  expect(slack.outcomes).toContain('announcement foreign')
})

describe('a guest beside the bot that serves this StackStorm', () => {
  const startGuest = async () => {
    const fake = createFakeChat({ name: 'shell' })
    const definition: AdapterDefinition = {
      ...fake.definition,
      connect: async (context) => ({
        ...await fake.definition.connect(context),
        shows: ({ channel }) => channel === 'C1',
      }),
    }
    const guest = await startTestBot([remote], { chats: [{ ...fake, definition }], guest: true })
    guest.chat.say('!run date on localhost')
    await settle()
    const own = guest.stackstorm.requests[0]?.context
    return { ...guest, own, results: () => guest.chat.posted.slice(1).map(({ text }) => text) }
  }

  test('gets the results of its own commands, wherever they go', async () => {
    const { stackstorm, own, results } = await startGuest()
    stackstorm.announce({ channel: 'C1', message: 'mine', context: own })
    stackstorm.announce({ channel: '#dev', message: 'mine in #dev', context: own })
    await settle()
    expect(results()).toEqual(['mine', 'mine in #dev'])
  })

  test("does not get another shell's, nor those of a bot that is not ours", async () => {
    const other = await startGuest()
    const { stackstorm, results } = await startGuest()
    stackstorm.announce({ channel: 'C1', message: "alice's", context: other.own })
    stackstorm.announce({ channel: 'C1', message: "hubot's", context: { room: 'C1' } })
    await settle()
    expect(results()).toEqual([])
  })

  test('gets what nobody typed when it is for the place where its person is', async () => {
    const { stackstorm, results } = await startGuest()
    stackstorm.announce({ channel: 'C1', message: 'for here' })
    stackstorm.announce({ channel: 'shell:C1', message: 'for here, by name' })
    stackstorm.announce({ channel: 'C2', message: 'for others' })
    await settle()
    expect(results()).toEqual(['for here', 'for here, by name'])
  })
})

test('whoever announces over HTTP without a channel is told so, and nothing is kept', async () => {
  const journal = openJournal({ clock: createManualClock(), log: silentLog })
  const { bot, chat, stackstorm } = await startTestBot([remote], { journal })
  expect(() => bot.announce({ message: 'for nobody' })).toThrow(
    'The announcement names no channel. Give it the field "channel".',
  )
  await settle()
  expect(journal.deadLetters()).toEqual([])
  chat.say('!run date on localhost')
  await settle()
  bot.announce({ message: 'the result', context: stackstorm.requests[0]?.context })
  await settle()
  expect(chat.posted[1]).toMatchObject({ channel: 'C1', text: 'the result' })
})
