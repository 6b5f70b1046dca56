import { describe, expect, test } from 'bun:test'
import {
  command,
  longestLine,
  NotOneWord,
  rawCommand,
  secretCommand,
} from '../../../adapters/irc/command.ts'
import { parseLine } from '../../../adapters/irc/line.ts'
import { roomFor } from '../../../adapters/irc/outbound.ts'
import { saslAnswer } from '../../../adapters/irc/sasl.ts'
import { createRandom } from '../../config/random.ts'

describe('a command', () => {
  test('is what the other side reads', () => {
    expect(command('PRIVMSG', '#ops', 'hello you').text).toBe('PRIVMSG #ops :hello you')
    expect(command('PRIVMSG', '#ops', ':)').text).toBe('PRIVMSG #ops ::)')
    expect(command('PRIVMSG', '#ops', '').text).toBe('PRIVMSG #ops :')
    expect(command('NICK', 'hubot').text).toBe('NICK hubot')
    expect(command('QUIT').text).toBe('QUIT')
  })

  test('is one line, whatever is in it', () => {
    const random = createRandom(7)
    const signs = ['\r', '\n', '\0', ' ', ':', 'a', 'QUIT', 'ü', '\u2028', '\x85', '👩'] as const
    for (let n = 0; n < 2_000; n++) {
      const said = Array.from({ length: 1 + random.below(8) }, () => random.pick(signs)).join('')
      const { text } = command('PRIVMSG', '#ops', said)
      expect(text).not.toMatch(/[\r\n\0]/)
      const read = parseLine(text)
      expect(read?.command).toBe('PRIVMSG')
      expect(read?.params).toEqual(['#ops', said.replace(/[\r\n\0]/g, ' ')])
    }
  })

  test.each(['', 'two words', ':colon', 'line\nQUIT', 'a\rb', 'a\0b', 'a\tb'])(
    'has no word like %j before its last',
    (word) => expect(() => command('PRIVMSG', word, 'x')).toThrow(NotOneWord),
  )

  test('that is secret shows what it is and nothing more', () => {
    expect(secretCommand(1, 'JOIN', '#vault', 's3cret').shown).toBe('JOIN #vault ***')
    expect(secretCommand(0, 'PASS', 's3cret').shown).toBe('PASS ***')
    expect(rawCommand('PRIVMSG Q :AUTH me s3cret\r\nQUIT')).toEqual({
      text: 'PRIVMSG Q :AUTH me s3cret  QUIT',
      shown: 'PRIVMSG ***',
    })
  })
})

test('a line with all the room it is given is never over 512 bytes for others', () => {
  const nick = 'n'.repeat(31)
  const user = `~${'u'.repeat(10)}`
  const host = 'h'.repeat(64)
  for (const target of ['#ops', 'alice', `#${'c'.repeat(49)}`]) {
    const room = roomFor(target, { nick: 'hubot', user: 'nodebot' })
    const line = `:${nick}!${user}@${host} PRIVMSG ${target} :${'x'.repeat(room)}\r\n`
    expect(line).toHaveLength(longestLine)
  }
})

test('a line has room for words, whatever the names are', () => {
  const user = 'u'.repeat(192)
  for (const nick of ['hubot', 'n'.repeat(300)]) {
    expect(roomFor(`#${'x'.repeat(199)}`, { nick, user })).toBeGreaterThanOrEqual(64)
  }
})

test('a SASL answer goes in pieces, and tells where it ends', () => {
  const texts = (password: string) =>
    saslAnswer({ mechanism: 'PLAIN', account: 'hubot', password }).map(({ text }) => text)
  expect(texts('s3cret')).toEqual(['AUTHENTICATE AGh1Ym90AHMzY3JldA=='])
  const whole = texts('x'.repeat(300 - 7))
  expect(whole.map((text) => text.length)).toEqual([413, 14])
  expect(whole.at(-1)).toBe('AUTHENTICATE +')
  expect(texts('x'.repeat(300)).map((text) => text.length)).toEqual([413, 25])
  expect(saslAnswer({ mechanism: 'EXTERNAL' }).map(({ text }) => text)).toEqual(['AUTHENTICATE +'])
})
