import { describe, expect, test } from 'bun:test'
import { parsePattern } from '../../src/alias/python-regex/parse.ts'
import { PatternError } from '../../src/alias/python-regex/tokens.ts'

const errorOf = (pattern: string): string => {
  try {
    parsePattern(pattern)
    return 'none'
  } catch (error) {
    if (error instanceof PatternError) return error.message
    throw error
  }
}

describe('Python 3.11 refuses', () => {
  // Texts and positions as printed by Python 3.11.7.
  test.each([
    ['*a', 'nothing to repeat at position 0'],
    ['a**', 'multiple repeat at position 2'],
    ['a{3,1}', 'min repeat greater than max repeat at position 2'],
    ['a)', 'unbalanced parenthesis at position 1'],
    ['[a', 'unterminated character set at position 0'],
    ['[z-a]', 'bad character range z-a at position 1'],
    ['[\\w-a]', 'bad character range \\w-a at position 1'],
    ['\\q', 'bad escape \\q at position 0'],
    ['\\', 'bad escape (end of pattern) at position 0'],
    ['\\x1', 'incomplete escape \\x1 at position 0'],
    ['\\2', 'invalid group reference 2 at position 1'],
    ['(\\1)', 'cannot refer to an open group at position 1'],
    ['(?P<1a>x)', "bad character in group name '1a' at position 4"],
    ['(?P<a', 'missing >, unterminated name at position 4'],
    ['(?P=a)', "unknown group name 'a' at position 4"],
    ['(?Px)', 'unknown extension ?Px at position 1'],
    ['(?<a>x)', 'unknown extension ?<a at position 1'],
    ['(?z)', 'unknown extension ?z at position 1'],
    ['(?#x', 'missing ), unterminated comment at position 0'],
    ['(?(2)a)', 'invalid group reference 2 at position 3'],
    ['(?(1)a|b|c)', 'conditional backref with more than two branches at position 8'],
    ['(?i-i:x)', 'bad inline flags: flag turned on and off at position 5'],
    ['(?L)x', "bad inline flags: cannot use 'L' flag with a str pattern at position 3"],
    ['x(?i)', 'global flags not at the start of the expression at position 1'],
    ['(?', 'unexpected end of pattern at position 2'],
  ])('%s', (pattern, message) => {
    expect(errorOf(pattern)).toBe(message)
  })
})

describe('Python 3.11 reads', () => {
  test('a shared prefix of alternatives out of them', () => {
    const [anchor, set] = parsePattern('^a|^b').nodes
    expect(anchor).toEqual({ op: 'at', place: 'beginning' })
    expect(set?.op).toBe('set')
  })

  test('a brace that is no repeat as itself', () => {
    expect(parsePattern('a{x}').nodes.map((node) => node.op)).toEqual(Array(4).fill('literal'))
    expect(parsePattern('{.+?}').nodes[0]).toEqual({ op: 'literal', code: 123 })
  })

  test('blanks and comments of a verbose pattern as nothing', () => {
    expect(parsePattern('(?x) a # b\n c').nodes).toEqual(parsePattern('ac').nodes)
  })

  test('every kind of group', () => {
    const { names, groupCount } = parsePattern(
      '(a)(?:b)(?P<n>c)(?i:d)(?>e)(?=f)(?<!g)(?(n)h|i)(?P=n)',
    )
    expect([...names]).toEqual([['n', 2]])
    expect(groupCount).toBe(3)
  })
})
