import { describe, expect, test } from 'bun:test'
import { createAddressing } from '../../src/chat/addressing.ts'
import type { ChatMessage } from '../../src/chat/message.ts'

const message = (text: string, more: Partial<ChatMessage> = {}): ChatMessage => ({
  id: '1',
  channel: 'ops',
  user: { id: 'u1', name: 'alice' },
  text,
  direct: false,
  at: 0,
  ...more,
})
const addressed = createAddressing(['hubot', '!', 'st2.bot'])

describe('in a channel', () => {
  test.each([
    ['!help', 'help'],
    ['hubot help', 'help'],
    ['Hubot: help', 'help'],
    ['@hubot, help', 'help'],
    ['@!help', 'help'],
    ['  \n hubot\thelp me ', 'help me '],
    ['hubot:: x', ': x'],
    ['!!x', '!x'],
    ['ST2.BOT run\non', 'run\non'],
  ])('%j is the command %j', (text, command) => {
    expect(addressed(message(text))).toEqual({ text: command, certain: true })
  })

  test('a name without a blank behind it may be a word: the command counts, but not for certain', () => {
    expect(addressed(message('hubots are great'))).toEqual({
      text: 's are great',
      certain: false,
    })
  })

  test.each([
    'hubot',
    'hubot ',
    '!',
    '',
    '   ',
    'good morning',
    'st2xbot x',
    'ask hubot help',
    '@',
  ])(
    '%j is for nobody',
    (text) => expect(addressed(message(text))).toBeUndefined(),
  )
})

describe('in a direct message', () => {
  test('the whole text is the command', () => {
    expect(addressed(message('help', { direct: true }))).toEqual({ text: 'help', certain: true })
  })

  test('an addressee in front is taken off, and the whole text kept in case it was the command', () => {
    expect(addressed(message('!help', { direct: true }))).toEqual({
      text: 'help',
      whole: '!help',
      certain: true,
    })
    expect(addressed(message('hubot restart', { direct: true }))?.whole).toBe('hubot restart')
  })

  test('a word that only begins like the name is part of the command', () => {
    expect(addressed(message('hubots', { direct: true }))).toEqual({
      text: 'hubots',
      certain: true,
    })
  })
})

test('a native mention needs no name; the mark behind it goes', () => {
  expect(addressed(message(': help', { mentioned: true }))).toEqual({ text: 'help', certain: true })
})

test('names are no patterns', () => {
  const odd = createAddressing(['a.b(c)*', '\\'])
  expect(odd(message('A.B(C)* go'))?.text).toBe('go')
  expect(odd(message('axb(c)* go'))).toBeUndefined()
})

test('without an alias its branch is gone', () => {
  expect(createAddressing(['hubot', ''])(message('!help'))).toBeUndefined()
})

test.each([
  ['Émile', 'émile: help', 'help'],
  ['Émile', 'ÉMILE help', 'help'],
  ['émile', '\u00a0@Émile help', 'help'],
  ['_bot', '_BOT help', 'help'],
  ['9bot', '9Bot help', 'help'],
  ['кот', 'Кот, help', 'help'],
])('a bot named %s hears %j', (name, text, command) => {
  expect(createAddressing([name])(message(text))).toEqual({ text: command, certain: true })
})

test('letters and digits of every script are glued to a name', () => {
  for (const next of ['s', 'Z', '7', '_', 'é', 'я', '٣']) {
    expect(createAddressing(['кот7'])(message(`кот7${next} x`))?.certain).toBe(false)
  }
  expect(createAddressing(['кот'])(message('кот🙂 x'))?.certain).toBe(true)
})
