import { describe, expect, test } from 'bun:test'
import { duration } from '../../src/bot/built-ins/status.ts'
import { createFakeChat } from '../fakes/adapter.ts'
import { startTestBot } from '../fakes/bot.ts'
import { settle } from '../fakes/clock.ts'
import { aliasDocument, createFakeStackStorm } from '../fakes/stackstorm.ts'

const many = Array.from(
  { length: 60 },
  (_, n) =>
    aliasDocument(`deploy_${n}`, [`deploy app${n} to {{env}}`], {
      description: `Deploys app ${n}.`,
    }),
)

describe('help', () => {
  test('of one page goes where it was asked for', async () => {
    const { chat } = await startTestBot(many.slice(0, 2))
    chat.say('!help')
    const { kind, whisper, text } = await chat.next()
    expect({ kind, whisper }).toEqual({ kind: 'help', whisper: false })
    expect(text).toContain('2 commands')
    expect(text).toContain('!deploy app0 to {{env}} - Deploys app 0.')
    expect(text).toContain('!status')
  })

  test('that is long goes to the person alone, page by page', async () => {
    const { chat } = await startTestBot(many)
    chat.say('!help')
    const first = await chat.next()
    expect(first).toMatchObject({ whisper: true, user: { name: 'alice' } })
    expect(first.text).toContain('page 1 of 3')
    expect(first.text).toContain('`!help 2`')
    chat.say('!help 3')
    expect((await chat.next()).text).toContain('page 3 of 3')
  })

  test('that is long stays in the channel where there is no private way', async () => {
    const chats = [createFakeChat({ features: { private: false } })]
    const { chat } = await startTestBot(many, { chats })
    chat.say('!help')
    expect((await chat.next()).whisper).toBe(false)
  })

  test('searches', async () => {
    const { chat } = await startTestBot(many)
    chat.say('!help app7')
    const { text } = await chat.next()
    expect(text).toContain('deploy app7 to')
    expect(text).not.toContain('deploy app8 to')
    chat.say('!help nothing-like-it')
    expect((await chat.next()).text).toContain('No command has "nothing-like-it"')
  })

  test('has no prefix in a direct message', async () => {
    const { chat } = await startTestBot(many.slice(0, 1))
    chat.say('help', { direct: true })
    expect((await chat.next()).text).toContain('    deploy app0 to {{env}}')
  })
})

test('an alias with the same words wins, and `bot` in front still means ours', async () => {
  const { chat, stackstorm } = await startTestBot([aliasDocument('ping', ['ping'])])
  chat.say('!ping')
  await settle()
  expect(stackstorm.requests).toHaveLength(1)
  chat.say('!bot ping')
  expect((await chat.next()).text).toBe('PONG')
})

test('status tells versions, connections and the last event', async () => {
  const { chat, stackstorm, clock } = await startTestBot(many)
  stackstorm.announce({ channel: 'C2', message: 'x' })
  await clock.advance(150_000)
  chat.say('!status')
  await settle()
  const text = chat.texts().at(-1)
  expect(text).toContain('st2chatops 4.0.0, up 2 min')
  expect(text).toContain('StackStorm: 3.9.0, connected')
  expect(text).toContain('last event: 2 min ago')
  expect(text).toContain('60 aliases, 0 problems')
  expect(text).toContain('fake: connected')
})

test('reload takes the new list whole, names what is bad, and keeps the last good one when it fails', async () => {
  const { chat, stackstorm, bot } = await startTestBot(many)
  stackstorm.documents = () =>
    Promise.resolve([aliasDocument('good', ['good']), aliasDocument('bad', ['bad ( {{x}}'])])
  chat.say('!reload')
  const { text } = await chat.next()
  expect(text).toContain('examples.bad')
  chat.say('!good')
  await settle()
  expect(stackstorm.requests).toMatchObject([{ name: 'good' }])
  stackstorm.documents = () => Promise.reject(new Error('503 for now'))
  chat.say('!reload')
  await settle()
  expect(chat.texts().at(-1)).toContain('503 for now')
  chat.say('!good')
  await settle()
  expect(stackstorm.requests).toHaveLength(2)
  expect(bot.aliases.problem()).toBe('503 for now')
})

describe('cancel', () => {
  /** A bot through which alice has started an execution in C1. */
  const started = async () => {
    const asked: string[] = []
    const id = 'f'.repeat(24)
    const stackstorm = Object.assign(createFakeStackStorm([aliasDocument('deploy', ['deploy'])]), {
      execute: () => Promise.resolve({ id, link: 'https://st2/x', alias: {} }),
      cancel: (id: string) => {
        asked.push(id)
        return Promise.resolve({ kind: 'canceling' } as const)
      },
    })
    const bot = await startTestBot([], { stackstorm })
    bot.chat.say('!deploy')
    await bot.chat.next()
    return { ...bot, asked, id }
  }
  const bob = { id: 'U2', name: 'bob' }

  test("repeats StackStorm's answer, and the log says who asked where", async () => {
    const { chat, asked, id, log } = await started()
    chat.say(`!cancel ${id.toUpperCase()}`)
    expect((await chat.next()).text).toContain(`${id} is being cancelled`)
    expect(asked).toEqual([id])
    expect(log.lines.filter(({ message }) => message.includes('cancel'))).toMatchObject([
      {
        level: 'info',
        fields: { service: 'fake', channel: 'C1', user: 'alice', userId: 'U1', execution: id },
      },
    ])
  })

  test('is for the channel where it was started, and for who started it, elsewhere and in private', async () => {
    const { chat, asked, id } = await started()
    chat.say(`!cancel ${id}`, { user: bob })
    await chat.next()
    chat.say(`!cancel ${id}`, { channel: 'C2' })
    await chat.next()
    chat.say(`cancel ${id}`, { channel: 'D1', direct: true })
    await chat.next()
    expect(asked).toEqual([id, id, id])
  })

  test('leaves alone what others started elsewhere, and what this bot did not start, and says what to do', async () => {
    const { chat, asked, id, log } = await started()
    const foreign = '5f00000000000000000000aa'
    for (
      const [execution, from] of [
        [id, { user: bob, channel: 'C2' }],
        [id, { user: bob, channel: 'D2', direct: true }],
        [foreign, {}],
      ] as const
    ) {
      chat.say(`!cancel ${execution}`, from)
      const { text, kind } = await chat.next()
      expect(kind).toBe('failure')
      expect(text).toContain(`st2 execution cancel ${execution}`)
    }
    expect(log.lines.filter(({ message }) => message.includes('not cancelled'))).toMatchObject([
      { level: 'info', fields: { channel: 'C2', user: 'bob', execution: id } },
      { level: 'info', fields: { channel: 'D2', user: 'bob', execution: id } },
      { level: 'info', fields: { channel: 'C1', user: 'alice', execution: foreign } },
    ])
    expect(asked).toEqual([])
  })
})

test('cancel asks for an id where there is none', async () => {
  const { chat } = await startTestBot([])
  chat.say('!cancel everything')
  expect((await chat.next()).text).toContain('`!cancel <execution id>`')
})

test('a length of time as a person says it', () => {
  expect([0, 42_000, 300_000, 12_000_000, 187_200_000].map(duration)).toEqual([
    '0 s',
    '42 s',
    '5 min',
    '3 h 20 min',
    '2 d 4 h',
  ])
})
