import { expect, test } from 'bun:test'
import { deepest, isTooDeep } from '../src/nesting.ts'

const nested = (open: string, close: string, levels: number): unknown =>
  JSON.parse(`${open.repeat(levels)}1${close.repeat(levels)}`)

for (const [open, close] of [['[', ']'], ['{"a":', '}'], ['{"b":1,"a":[2,', ']}']] as const) {
  const each = open.endsWith('[2,') ? 2 : 1
  test(`counts the levels of ${open}`, () => {
    expect(isTooDeep(nested(open, close, deepest / each))).toBe(false)
    expect(isTooDeep(nested(open, close, deepest / each + 1))).toBe(true)
    expect(isTooDeep(nested(open, close, 200_000))).toBe(true)
    expect(isTooDeep(nested(open, close, 2), 2 * each)).toBe(false)
    expect(isTooDeep(nested(open, close, 2), 2 * each - 1)).toBe(true)
  })
}

test('what holds nothing is flat', () => {
  for (const value of [undefined, null, 'text', 5]) expect(isTooDeep(value, 0)).toBe(false)
  for (const value of [[], {}, { a: null }]) expect(isTooDeep(value, 1)).toBe(false)
})
