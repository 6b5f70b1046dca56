import { describe, expect, test } from 'bun:test'
import { createFakeChat } from '../fakes/adapter.ts'
import { startTestBot } from '../fakes/bot.ts'
import { settle } from '../fakes/clock.ts'
import { aliasDocument, createFakeStackStorm, executionId } from '../fakes/stackstorm.ts'
import {
  StackStormRefused,
  StackStormUnclear,
  StackStormUnreachable,
} from '../../src/stackstorm/errors.ts'

const remote = aliasDocument('remote_shell_cmd', ['run {{cmd}} on {{hosts}}'], {
  description: 'Execute a command on a remote host via SSH.',
})

describe('a command', () => {
  test('is handed to StackStorm once, with ids alone, and acknowledged where it was typed', async () => {
    const { chat, stackstorm, outcomes } = await startTestBot([remote])
    chat.say('!run date on localhost', {
      thread: 'T1',
      user: { id: 'U1', name: 'a {{ st2kv.x }}' },
    })
    const { kind, channel, thread, text, link } = await chat.next()
    expect(stackstorm.requests).toHaveLength(1)
    const [request] = stackstorm.requests
    expect(request).toMatchObject({
      name: 'remote_shell_cmd',
      format: 'run {{cmd}} on {{hosts}}',
      command: 'run date on localhost',
      user: 'a { { st2kv.x }}',
      channel: 'C1',
      route: 'hubot',
    })
    expect(JSON.stringify(request?.context)).not.toMatch(/\{\{|st2kv/)
    expect({ kind, channel, thread }).toEqual({
      kind: 'acknowledgement',
      channel: 'C1',
      thread: 'T1',
    })
    expect(text).toContain(executionId(1))
    expect(link).toBe(`https://st2/#/history/${executionId(1)}/general`)
    expect(outcomes).toContain('command started')
  })

  test('runs once though its event comes twice', async () => {
    const { chat, stackstorm } = await startTestBot([remote])
    chat.say('!run date on localhost', { id: 'same' })
    chat.say('!run date on localhost', { id: 'same' })
    await settle()
    expect(stackstorm.requests).toHaveLength(1)
  })

  test('needs no name in a direct message, and takes one', async () => {
    const { chat, stackstorm } = await startTestBot([remote])
    chat.say('run a on b', { direct: true })
    chat.say('!run c on d', { direct: true })
    chat.say('st2bot: run e on f')
    await settle()
    expect(stackstorm.requests.map(({ command }) => command)).toEqual([
      'run a on b',
      'run c on d',
      'run e on f',
    ])
  })

  test("the acknowledgement is the alias' own where it has one", async () => {
    const { chat, stackstorm } = await startTestBot([
      aliasDocument('quiet', ['quiet'], { ack: { enabled: false } }),
      aliasDocument('own', ['own'], { ack: { format: 'x', append_url: false } }),
    ])
    stackstorm.execute = () =>
      Promise.resolve({
        id: executionId(7),
        link: 'https://st2/7',
        alias: {},
        message: 'Hold on{~}working',
        extra: { fake: { color: 'blue' }, other: {} },
      })
    chat.say('!quiet')
    await settle()
    expect(chat.posted).toEqual([])
    chat.say('!own')
    await settle()
    expect(chat.posted).toMatchObject([
      { pretext: 'Hold on', text: 'working', extra: { color: 'blue' } },
    ])
  })

  test('that fits two aliases runs neither and names both', async () => {
    const { chat, stackstorm } = await startTestBot([
      aliasDocument('one', ['deploy {{app}}']),
      aliasDocument('two', ['deploy {{service}}']),
    ])
    chat.say('!deploy web')
    const { text } = await chat.next()
    expect(text).toContain('examples.one')
    expect(text).toContain('examples.two')
    expect(stackstorm.requests).toEqual([])
  })

  test('that asks for a second factor is not run without one', async () => {
    const { chat, stackstorm } = await startTestBot([
      aliasDocument('safe', ['open safe'], { extra: { security: { twofactor: false } } }),
    ])
    chat.say('!open safe')
    expect((await chat.next()).text).toContain('second confirmation')
    expect(stackstorm.requests).toEqual([])
  })

  test('of 100 kB is refused with a sentence', async () => {
    const { chat, stackstorm } = await startTestBot([remote])
    chat.say(`!run ${'x '.repeat(50_000)}`)
    expect((await chat.next()).text).toContain('too long')
    expect(stackstorm.requests).toEqual([])
  })
})

describe('what goes wrong is told truthfully', () => {
  test.each([
    [
      new StackStormRefused(400, 'Action is disabled.', { requestId: 'r1' }),
      'Action is disabled. (request r1)',
    ],
    [new StackStormUnreachable('refused', { requestId: 'r1' }), 'was not started'],
    [new StackStormUnclear('cut', { requestId: 'r1' }), 'seems that nothing was started'],
  ])('%#', async (error, said) => {
    const { chat, stackstorm, clock } = await startTestBot([remote])
    stackstorm.execute = () => Promise.reject(error)
    chat.say('!run date on localhost')
    const answered = chat.next()
    await clock.advance(30_000)
    const { kind, text, status } = await answered
    expect({ kind, status }).toEqual({ kind: 'failure', status: 'failed' })
    expect(text).toContain(said)
    expect(stackstorm.requests).toHaveLength(1)
  })

  test('a lost answer is looked up by its correlation, and never sent again', async () => {
    const asked: string[] = []
    const stackstorm = {
      ...createFakeStackStorm([remote]),
      executeAlias: () => Promise.reject(new StackStormUnclear('no answer within 30 s')),
      findExecution: (correlation: string) => {
        asked.push(correlation)
        return Promise.resolve({ id: executionId(9), status: 'running' })
      },
    } as unknown as ReturnType<typeof createFakeStackStorm>
    const { chat } = await startTestBot([], { stackstorm })
    chat.say('!run date on localhost')
    expect((await chat.next()).text).toContain(
      `it did start: execution ${executionId(9)}, now running`,
    )
    expect(asked).toHaveLength(1)
  })

  test('before the aliases are in, it says so', async () => {
    const stackstorm = createFakeStackStorm([])
    stackstorm.documents = () => Promise.reject(new Error('StackStorm is away'))
    const { chat } = await startTestBot([], { stackstorm })
    chat.say('!run date on localhost')
    expect((await chat.next()).text).toContain('StackStorm is away')
    chat.say('!ping')
    expect((await chat.next()).text).toBe('PONG')
  })

  test('a fault inside is said, logged, and ends nothing', async () => {
    const { chat, stackstorm, log } = await startTestBot([remote])
    stackstorm.execute = () => Promise.reject(new TypeError('x is not a function'))
    chat.say('!run date on localhost')
    expect((await chat.next()).text).toContain('went wrong inside me')
    expect(log.lines.some(({ level }) => level === 'error')).toBe(true)
    chat.say('!ping')
    expect((await chat.next()).text).toBe('PONG')
  })
})

describe('what is no command', () => {
  test('gets the nearest ones, once a minute in a channel', async () => {
    const { chat, clock } = await startTestBot([remote])
    chat.say('!rnu date on localhost')
    const { text } = await chat.next()
    expect(text).toContain('!run {{cmd}} on {{hosts}}')
    expect(text).toContain('!help')
    chat.say('!rnu date on localhost')
    chat.say('!what', { channel: 'C2' })
    await settle()
    expect(chat.posted.map(({ channel }) => channel)).toEqual(['C1', 'C2'])
    await clock.advance(60_001)
    chat.say('!rnu date on localhost')
    await settle()
    expect(chat.posted).toHaveLength(3)
  })

  test('is never answered when it was not surely meant for the bot, or when that is switched off', async () => {
    const { chat } = await startTestBot([remote])
    for (const text of ['!!!', 'hubots are great', 'hubot', '! ?']) chat.say(text)
    await settle()
    expect(chat.posted).toEqual([])
    const quiet = await startTestBot([remote], { answerUnknown: false })
    quiet.chat.say('!what is this')
    await settle()
    expect(quiet.chat.posted).toEqual([])
  })

  test('1,000 messages of noise cost no answer and no request', async () => {
    const { chat, stackstorm, bot } = await startTestBot([remote])
    for (let n = 0; n < 1000; n++) chat.say(`some chatter about run date on localhost, part ${n}`)
    await settle()
    expect(chat.posted).toEqual([])
    expect(stackstorm.requests).toEqual([])
    expect(bot.underWay()).toEqual({ messages: 0, owing: [] })
  })
})

test('two chat services answer each for itself, and one that cannot connect stops no other', async () => {
  const good = createFakeChat({ name: 'good' })
  const bad = createFakeChat({ name: 'bad' })
  const broken = {
    ...bad,
    definition: {
      ...bad.definition,
      connect: () => Promise.reject(new Error('the token is of the wrong kind')),
    },
  }
  const { bot, chat } = await startTestBot([remote], { chats: [good, broken] })
  chat.say('!ping')
  expect((await chat.next()).text).toBe('PONG')
  expect(bot.readiness()).toMatchObject({
    ready: true,
    adapters: { bad: { state: 'failed', error: 'the token is of the wrong kind' } },
  })
})
