import { describe, expect, test } from 'bun:test'
import { parseLine } from '../../../adapters/irc/line.ts'
import { createLineReader, EndlessLine } from '../../../adapters/irc/line-reader.ts'
import { fold } from '../../../adapters/irc/names.ts'
import { isChannel, readSupport, unknownSupport } from '../../../adapters/irc/support.ts'
import { spokenText } from '../../../adapters/irc/text.ts'

describe('a line', () => {
  const lines: readonly (readonly [string, object])[] = [
    ['PING :irc.test', { command: 'PING', params: ['irc.test'] }],
    [
      ':alice!~a@10.0.0.1 PRIVMSG #ops :!help me',
      {
        source: { nick: 'alice', user: '~a', host: '10.0.0.1' },
        command: 'PRIVMSG',
        params: ['#ops', '!help me'],
      },
    ],
    [':irc.test 001 hubot :Welcome', { source: { nick: 'irc.test' }, command: '001' }],
    [':a!b@c PRIVMSG #ops :', { params: ['#ops', ''] }],
    [':a!b@c PRIVMSG #ops ::) : x', { params: ['#ops', ':) : x'] }],
    [':a!b@c  JOIN   #ops', { command: 'JOIN', params: ['#ops'] }],
    ['join #ops', { command: 'JOIN' }],
    [
      '@time=2026-11-22T12:00:00.000Z;account=alice;+typing :a!b@c PRIVMSG #ops hi',
      { tags: { time: '2026-11-22T12:00:00.000Z', account: 'alice', '+typing': '' } },
    ],
    ['@x=a\\:b\\sc\\\\d\\r\\n\\e;y=1=2 PING 1', { tags: { x: 'a;b c\\d\r\ne', y: '1=2' } }],
    ['@__proto__=x;constructor PING 1', { tags: { constructor: '' } }],
  ]
  test.each(lines)('%s', (line, expected) => {
    expect(parseLine(line)).toMatchObject(expected)
  })

  test.each(['', ' ', ':', '@', '@a=b', ':alice!a@b', '12 x', '1234 x', 'PRIV-MSG x'])(
    '"%s" is none',
    (line) => expect(parseLine(line)).toBeUndefined(),
  )
})

describe('lines of a stream', () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

  test('come whole, however they are cut, and keep their characters', () => {
    const all = bytes('PING 1\r\n:a!b@c PRIVMSG #ops :Grüße 👩‍🚀\n\r\nPING 2\r\n')
    for (let size = 1; size < all.length; size++) {
      const read = createLineReader()
      const lines: string[] = []
      for (let at = 0; at < all.length; at += size) lines.push(...read(all.slice(at, at + size)))
      expect(lines).toEqual(['PING 1', ':a!b@c PRIVMSG #ops :Grüße 👩‍🚀', 'PING 2'])
    }
  })

  test('may be of an old client', () => {
    expect(createLineReader()(new Uint8Array([0x47, 0x72, 0xfc, 0xdf, 0x65, 10]))).toEqual([
      'Grüße',
    ])
  })

  test('that the server cut inside a character are as long as they are whole', () => {
    const read = (text: string, ...bytes: readonly number[]): readonly string[] =>
      createLineReader()(Buffer.concat([Buffer.from(text), Buffer.from([...bytes, 13, 10])]))
    const mark = [...Buffer.from('[CUT]')]
    expect(read('hubot é', 0xc3)).toEqual(['hubot é'])
    expect(read('hubot é', 0xe2, 0x82)).toEqual(['hubot é'])
    expect(read('hubot é', 0xf0, 0x9f, 0x98)).toEqual(['hubot é'])
    expect(read('hubot é', 0xc3, ...mark)).toEqual(['hubot é[CUT]'])
    expect(read('x'.repeat(505), 0xc3)).toEqual(['x'.repeat(505)])
    expect(read('caf', 0xe9)).toEqual(['café'])
    expect(read('é caf', 0xe9, 0x20)).toEqual(['Ã© café '])
  })

  test('without an end are an error, not a memory that fills up', () => {
    const read = createLineReader()
    expect(() => {
      for (let n = 0; n < 100; n++) read(new Uint8Array(10_000).fill(65))
    }).toThrow(EndlessLine)
  })
})

test('names are equal as the network says', () => {
  expect(fold('#Ops[1]~', 'ascii')).toBe('#ops[1]~')
  expect(fold('#Ops[1]\\~', 'rfc1459')).toBe('#ops{1}|^')
  expect(fold('#Ops[1]~', 'rfc1459-strict')).toBe('#ops{1}~')
  expect(fold('ÄRGER', 'rfc1459')).toBe('Ärger')
})

test('what the server supports is read, and what it does not say is known', () => {
  const known = [
    'CASEMAPPING=ascii',
    'CHANTYPES=#&',
    'TARGMAX=PRIVMSG:4,JOIN:7,KICK:',
    'NICKLEN=30',
  ]
  const support = readSupport(unknownSupport, known)
  expect(support).toMatchObject({ caseMapping: 'ascii', channelTypes: '#&', joinTargets: 7 })
  expect(readSupport(support, ['STATUSMSG=@+', 'CASEMAPPING=new']))
    .toMatchObject({ statusPrefixes: '@+', caseMapping: 'rfc1459' })
  expect(['#a', '&a', '+a', '', 'a'].filter((name) => isChannel(name, support))).toEqual([
    '#a',
    '&a',
  ])
})

test('what is said is text, whatever it is dressed with', () => {
  expect(spokenText('\x02bold\x02 \x0304,12red\x0f \x04ff0000hex\x1f\x1d\x16\x1e\x11'))
    .toBe('bold red hex')
  expect(spokenText('\x031 2')).toBe(' 2')
  expect(spokenText('\x01ACTION waves\x01')).toBe('waves')
  expect(spokenText('\x01VERSION\x01')).toBeUndefined()
  expect(spokenText('\x01DCC SEND x 1 2 3\x01')).toBeUndefined()
})
