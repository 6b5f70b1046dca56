import { describe, expect, test } from 'bun:test'
import { backtrack } from '../../src/alias/backtrack.ts'
import { createMatcher } from '../../src/alias/matcher.ts'
import { PatternError } from '../../src/alias/python-regex/tokens.ts'
import { createRandom } from '../config/random.ts'

const formatPieces = [
  'run',
  'on',
  ' ',
  ' ',
  ' ',
  '"',
  "'",
  '{{a}}',
  '{{b=1}}',
  '{{c="x y"}}',
  '( {{d}})?',
  '(?P<e>\\w+)',
  '.*',
  '\\s+',
  '(x|y)',
  '[!.]?',
]
const textPieces = ['run', 'on', ' ', ' ', ' ', '"', "'", '{', '}', 'x', 'y', '!', 'a b', '\n', 'é']

/** Undefined for a format that the server refuses, such as one with a name twice. */
const matcherOf = (format: string) => {
  try {
    return createMatcher(format)
  } catch (error) {
    if (error instanceof PatternError) return undefined
    throw error
  }
}

describe('the linear-time program and plain backtracking', () => {
  test('agree on what they both can match', () => {
    const random = createRandom(20_241_122).below
    const text = (pieces: readonly string[], length: number) =>
      Array.from({ length }, () => pieces[random(pieces.length)] ?? '').join('')
    let compared = 0
    let matched = 0
    for (let round = 0; round < 3000; round++) {
      const format = text(formatPieces, 1 + random(7))
      const matcher = matcherOf(format)
      if (matcher === undefined) continue
      for (let turn = 0; turn < 4; turn++) {
        const subject = ` ${text(textPieces, random(9))} `
        for (const all of [false, true]) {
          const found = matcher.find(subject, all)
          if (found === undefined) continue
          const expected = backtrack(matcher.pattern().tree, subject, all)
          expect({ format, subject, found }).toEqual({ format, subject, found: [...expected] })
          compared++
          if (found.length > 0) matched++
        }
      }
    }
    expect(compared).toBeGreaterThan(5000)
    expect(matched).toBeGreaterThan(1000)
  }, 60_000)

  test.each([
    ['(?=x)a', 'look-around'],
    ['(a)\\1', 'a back-reference'],
    ['(a)?(?(1)b|c)', 'a conditional'],
    ['(?>a)', 'an atomic group'],
    ['a++', 'a possessive repeat'],
    ['a{1001}', 'more than 1000'],
    ['(a?)*', 'may be empty'],
  ])('say why %s cannot be expressed', (format, reason) => {
    expect(createMatcher(format).inexpressible()).toContain(reason)
  })

  test('a plain format can be expressed', () => {
    expect(createMatcher('run {{cmd}} on {{hosts=x}}').inexpressible()).toBeUndefined()
  })
})
