import { describe, expect, test } from 'bun:test'
import { completeLine } from '../../../adapters/shell/complete.ts'
import { printable, renderMarkdown } from '../../../adapters/shell/markdown.ts'
import { readLine, type Speaker } from '../../../adapters/shell/speaker.ts'

const alice: Speaker = { user: 'alice', channel: 'ops', direct: false }

describe('a line at the terminal', () => {
  test('is said in chat, a path included', () => {
    expect(readLine('!help', alice)).toEqual({ kind: 'say', text: '!help' })
    expect(readLine('/etc/hosts is a file', alice)).toEqual({
      kind: 'say',
      text: '/etc/hosts is a file',
    })
    expect(readLine('   ', alice)).toEqual({ kind: 'nothing' })
  })

  test('may change who is talking and where', () => {
    expect(readLine('/user bob', alice)).toMatchObject({ speaker: { ...alice, user: 'bob' } })
    expect(readLine('/channel #dev', alice)).toMatchObject({
      speaker: { ...alice, channel: '#dev' },
    })
    const alone = readLine('/dm', alice)
    expect(alone).toMatchObject({ kind: 'become', speaker: { direct: true } })
    expect(readLine('/channel', { ...alice, direct: true })).toMatchObject({ speaker: alice })
  })

  test('says what is missing', () => {
    expect(readLine('/user', alice)).toMatchObject({ kind: 'tell' })
    expect(readLine('/channel', alice)).toMatchObject({ kind: 'tell' })
    expect(readLine('/help', alice)).toMatchObject({ kind: 'tell' })
  })
})

describe('completion', () => {
  const commands = ['run {{cmd}} on {{hosts}}', 'pack install {{packs}}', 'pack list', 'st2 <word>']

  test('keeps the prefix and stops before a placeholder', () => {
    expect(completeLine('!r', commands)).toEqual([['!run '], '!r'])
    expect(completeLine('hubot pa', commands)).toEqual([
      ['hubot pack install ', 'hubot pack list'],
      'hubot pa',
    ])
    expect(completeLine('PACK L', commands)).toEqual([['pack list'], 'PACK L'])
    expect(completeLine('st2', commands)).toEqual([['st2 '], 'st2'])
  })

  test('offers nothing where nothing fits', () => {
    expect(completeLine('!zzz', commands)).toEqual([[], '!zzz'])
  })

  test('offers nothing that would steer the terminal', () => {
    const hostile = ['run \x1b]52;c;eA==\x07', 'run \x9b2J', 'run \u202eexe', 'run two\nlines']
    expect(completeLine('!r', [...hostile, 'run all'])).toEqual([['!run all'], '!r'])
  })
})

describe('what a terminal shows', () => {
  test('markdown keeps its line breaks, and a fence its text', () => {
    const shown = renderMarkdown('**bold** `code`\nhttps://st2/x\n```\n**raw**\n```')
    expect(Bun.stripANSI(shown)).toBe('bold code\nhttps://st2/x\n---\n**raw**\n---')
    expect(shown).toContain('\x1b[1mbold')
  })

  test('a result cannot steer the terminal', () => {
    expect(printable('a\x1b]0;evil\x07b\r\nc\td\x9b31m')).toBe(
      'a\ufffd]0;evil\ufffdb\nc\td\ufffd31m',
    )
  })
})
