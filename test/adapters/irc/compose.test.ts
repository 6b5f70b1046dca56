import { describe, expect, test } from 'bun:test'
import { compose, mostLines } from '../../../adapters/irc/compose.ts'
import { wrap } from '../../../adapters/irc/wrap.ts'
import { createRandom } from '../../config/random.ts'
import { outgoing } from './connect.ts'

const room = 60
const lines = (text: string) => compose(outgoing({ text }), room)

describe('a long line', () => {
  test('goes on behind a blank', () => {
    expect(wrap('one two three four', 9)).toEqual(['one two', 'three', 'four'])
    expect(wrap('one two  three', 8)).toEqual(['one two', 'three'])
  })

  test('fits to the byte', () => {
    expect(wrap('ü'.repeat(10), 20)).toEqual(['ü'.repeat(10)])
    expect(wrap('ü'.repeat(11), 20)).toEqual(['ü'.repeat(10), 'ü'])
    expect(wrap('ü'.repeat(11), 21)).toEqual(['ü'.repeat(10), 'ü'])
    expect(wrap('x'.repeat(60), 60)).toEqual(['x'.repeat(60)])
  })

  test('ends where there is room for nothing', () => {
    expect(wrap('😀😀', 3)).toEqual(['😀', '😀'])
    for (const room of [-5, 0, 1]) expect(wrap('a bé', room)).toEqual(['a', 'b', 'é'])
  })

  test('is never cut inside what people see as one character', () => {
    const family = '👩‍👩‍👧‍👦'
    const accent = 'e\u0301'
    for (let size = 26; size < 80; size++) {
      expect(wrap(family.repeat(9), size).every((piece) => piece.length % family.length === 0))
        .toBeTrue()
      expect(wrap(accent.repeat(50), size).every((piece) => piece.length % 2 === 0)).toBeTrue()
    }
  })

  test('of any text keeps every word, and every byte of its room', () => {
    const random = createRandom(11)
    const words = ['a', 'wörd', '漢字', '👩‍🚀', 'x'.repeat(90), 'e\u0301', '\ud800'] as const
    for (let n = 0; n < 300; n++) {
      const text = Array.from({ length: 40 }, () => random.pick(words)).join(' ')
      const pieces = wrap(text, room)
      expect(pieces.every((piece) => Buffer.byteLength(piece) <= room)).toBeTrue()
      expect(pieces.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
    }
  })

  test('of a megabyte takes no more than its share of time', () => {
    expect(wrap('x'.repeat(1_000_000), 400)).toHaveLength(2_500)
    expect(wrap('\u0301'.repeat(100_000), 400).join('')).toHaveLength(100_000)
  })
})

describe('a message', () => {
  test('has a line of IRC for each of its lines, and none for empty ones', () => {
    expect(lines('\none\n\n  \ntwo\r\nthree\rfour\n')).toEqual(['one', 'two', 'three', 'four'])
  })

  test('says first whom it is for, on the line of its first words', () => {
    const message = outgoing({ user: { name: 'alice' }, text: '\nAction completed.\nfine' })
    expect(compose(message, room)).toEqual(['alice: Action completed.', 'fine'])
    expect(compose({ ...message, pretext: 'head' }, room))
      .toEqual(['alice: head', 'Action completed.', 'fine'])
  })

  test('shows code as it is, bold as bold, and no fences', () => {
    expect(lines('**done** in `x`\n```json\n  {"a": "**b**"}\n\tz\n```\n```one line```')).toEqual([
      '\x02done\x02 in `x`',
      '  {"a": "**b**"}',
      '    z',
      'one line',
    ])
    expect(lines('(**a b**), **c**: d')).toEqual(['(\x02a b\x02), \x02c\x02: d'])
    for (const text of ['2 ** 3 ** 4', 'src/**/test/**/*.ts', 'f(**a, **b)', '** x **']) {
      expect(lines(text)).toEqual([text])
    }
  })

  test('can ask nothing of the clients that show it', () => {
    expect(lines('\x01DCC SEND x\x01 \x07bell\x00')).toEqual(['DCC SEND x bell'])
    expect(lines('\x1b[31mred\x1b[0m \x1b]0;title\x07text')).toEqual(['red text'])
    expect(lines('\x0304an author may\x0f')).toEqual(['\x0304an author may\x0f'])
  })

  test('of many lines ends with the link to all of them, where there is one', () => {
    const text = Array.from({ length: 250 }, (_, number) => `line ${number}`).join('\n')
    expect(lines(text)).toHaveLength(250)
    const linked = compose(outgoing({ text, link: 'https://st2/1' }), room)
    expect(linked).toHaveLength(mostLines)
    expect(linked.at(-1)).toBe('... (151 more lines, all of it: https://st2/1)')
  })

  test('without words has no lines', () => {
    expect(lines('\n \n```\n```\n')).toEqual([])
  })
})
