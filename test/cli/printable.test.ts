import { expect, test } from 'bun:test'
import { printable, printableJson, printableLines } from '../../src/cli/printable.ts'
import { expectHarmless, hostile } from './hostile.ts'

test('a text stays on its line and steers nothing', () => {
  expectHarmless(printable(hostile))
  expect(printable('two\nlines\tand é ✓')).toBe('two\\nlines\\tand é ✓')
})

test('several lines stay lines', () => {
  expectHarmless(printableLines(hostile))
  expect(printableLines('a\r\n\tb\n')).toBe('a\n\tb\n')
})

test('JSON reads back as it was', () => {
  const value = { text: `${hostile}\n`, list: ['\u0085\u2028'] }
  for (const indent of [undefined, 2]) {
    expectHarmless(printableJson(value, indent))
    expect(JSON.parse(printableJson(value, indent))).toEqual(value)
  }
  expect(printableJson({ a: 1 }, 2)).toBe('{\n  "a": 1\n}')
})
