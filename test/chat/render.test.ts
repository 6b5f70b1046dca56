import { describe, expect, test } from 'bun:test'
import type { OutgoingMessage } from '../../src/chat/message.ts'
import { plainText, shorten } from '../../src/chat/plain.ts'
import { neutralise, render } from '../../src/chat/render.ts'

describe('render', () => {
  test('splits at {~} and drops what stands behind a second one', () => {
    expect(render({ message: 'head{~}body{~}tail', extra: {} }, ['irc'])).toEqual({
      pretext: 'head',
      text: 'body',
      status: 'succeeded',
      extra: {},
    })
    expect(render({ message: 'all', extra: {} }, ['irc'])).toMatchObject({
      pretext: '',
      text: 'all',
    })
  })

  test('finds extra under the name or an alias of the service', () => {
    const extra = { mattermost: { color: 'red' }, slack: 'broken' }
    expect(render({ message: 'x', extra }, ['matteruser', 'mattermost']).extra).toEqual({
      color: 'red',
    })
    expect(render({ message: 'x', extra }, ['slack']).extra).toEqual({})
  })

  test('a colour at the top of extra holds where the service has no own', () => {
    expect(render({ message: 'x', extra: { color: 'blue' } }, ['slack']).extra).toEqual({
      color: 'blue',
    })
    const both = { color: 'blue', slack: { color: 'red', title: 't' } }
    expect(render({ message: 'x', extra: both }, ['slack']).extra).toEqual({
      color: 'red',
      title: 't',
    })
  })

  test('reads the failure off the default result', () => {
    expect(render({ message: 'Action a.b completed.\nstatus : failed\n', extra: {} }, []).status)
      .toBe('failed')
  })
})

test('neutralise leaves no template to render', () => {
  expect(neutralise('{{ 7*7 }} {% x %} {# c #} {{{ {a}')).toBe(
    '{ { 7*7 }} { % x %} { # c #} { { { {a}',
  )
})

describe('plain text', () => {
  const message: OutgoingMessage = {
    key: '1',
    kind: 'result',
    channel: 'ops',
    user: { name: 'alice' },
    whisper: false,
    pretext: 'head',
    text: 'body',
    extra: {},
    link: 'https://st2/#/history/5f/general',
  }

  test('puts the addressee in front and joins both parts', () => {
    expect(plainText(message)).toBe('alice: head\nbody')
    expect(plainText({ ...message, whisper: true, pretext: '' })).toBe('body')
  })

  test('what is cut ends with the link', () => {
    expect(shorten('x'.repeat(600), 500, message.link)).toBe(
      `${'x'.repeat(500)}\n... (100 more characters, all of it: https://st2/#/history/5f/general)`,
    )
    expect(shorten('x'.repeat(600), 0)).toHaveLength(600)
  })

  test('cuts at a line end where one is near, and never inside a character', () => {
    expect(shorten('one two\nthree four', 12)).toBe('one two\n... (11 more characters)')
    expect(shorten('😀😀😀', 3)).toBe('😀\n... (4 more characters)')
    expect(shorten('exactly', 7)).toBe('exactly')
  })
})
