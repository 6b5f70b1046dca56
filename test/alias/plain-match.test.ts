import { describe, expect, test } from 'bun:test'
import { backtrack } from '../../src/alias/backtrack.ts'
import { isPlainSubject, plainMatcher } from '../../src/alias/plain-match.ts'
import { serverPattern } from '../../src/alias/server-pattern.ts'
import { createRandom } from '../config/random.ts'

const formatPieces = [
  ...['run', 'on', 'a', ' ', ' ', ' ', '  ', '-', ',', '"', "'"],
  ...['{{a}}', '{{ b }}', '{{c=1}}', '{{d = x y }}', '{{e=on}}', '{{A}}', '{{a_1=a}}'],
]
const textPieces = [
  ...['run', 'on', 'a', ' ', ' ', ' ', '\n', '\u00a0', 'é', '-', ',', '=', 'x'],
  ...['"', "'", '{', '}', '"', "'"],
]

describe('a plain format', () => {
  test("gives the server's answer without a regular expression", () => {
    const random = createRandom(4_711).below
    const text = (pieces: readonly string[], length: number) =>
      Array.from({ length }, () => pieces[random(pieces.length)] ?? '').join('')
    let plain = 0
    let matched = 0
    for (let round = 0; round < 6_000; round++) {
      const format = `run${text(formatPieces, 1 + random(9))}`
      const matcher = plainMatcher(format)
      if (matcher === undefined) continue
      plain++
      const { tree, defaults } = serverPattern(format)
      expect({ format, defaults: matcher.defaults }).toEqual({ format, defaults: [...defaults] })
      for (let turn = 0; turn < 6; turn++) {
        const subject = ` ${random(9) === 0 ? '' : 'run'}${text(textPieces, random(12))} `
        const found = matcher.match(subject)
        const [expected] = backtrack(tree, subject, false)
        expect({ format, subject, found }).toEqual({ format, subject, found: expected })
        if (found !== undefined) matched++
      }
    }
    expect(plain).toBeGreaterThan(1_000)
    expect(matched).toBeGreaterThan(1_000)
  }, 60_000)

  test.each([
    ...['run (a|b)', 'run {{a}} {{a}}', 'run {{a="x"}}', "run {{a={'k': 1}}}", 'run .*', '{{a}}'],
    ...['run {{a}', 'run }} {{a}}', 'run {{a b}}', 'run\n{{a}}', ' run', 'run x{2}', 'é {{a}}'],
  ])('is not %p', (format) => {
    expect(plainMatcher(format)).toBeUndefined()
  })

  test('leaves a text with characters of two units to others', () => {
    expect(isPlainSubject(' run "x" {y} é ')).toBe(true)
    expect(isPlainSubject(' run \u{1f600} ')).toBe(false)
  })

  test('takes time linear in the text, however often its fixed words come again', () => {
    const matcher = plainMatcher('run {{a}} on {{b}} on {{c=1}} on {{d}} on {{e}} end')
    for (const piece of ['on ', '" on " ', "' on {", '} on {"']) {
      const began = performance.now()
      expect(matcher?.match(` run ${piece.repeat(100_000)}`)).toBeUndefined()
      // Quadratic time would be hours.
      expect(performance.now() - began).toBeLessThan(20_000)
    }
  }, 60_000)
})
