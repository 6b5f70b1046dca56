import { describe, expect, test } from 'bun:test'
import { split } from '../../src/chat/split.ts'

const sizes = {
  utf16: (text: string) => text.length,
  bytes: (text: string) => Buffer.byteLength(text),
}
const withoutNumber = (part: string) => part.replace(/^\(\d+\/\d+\) /, '')

/** A repeatable stream of numbers (mulberry32), so that a failure can be run again by its seed. */
const numbers = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}

describe.each(['utf16', 'bytes'] as const)('in %s', (unit) => {
  const size = sizes[unit]

  test.each(['x', 'é', '漢', '😀'])(
    'one unit under, at and over the limit, made of %s',
    (character) => {
      const textUnits = 240
      const fitting = character.repeat(Math.floor(textUnits / size(character)))
      expect(split(fitting, { textUnits, unit })).toEqual([fitting])
      expect(split(fitting.slice(0, -character.length), { textUnits, unit })).toHaveLength(1)
      const over = split(fitting + character, { textUnits, unit })
      expect(over.length).toBeGreaterThan(1)
      expect(over.every((part) => size(part) <= textUnits)).toBe(true)
      expect(over.map(withoutNumber).join('')).toBe(fitting + character)
    },
  )

  test('whatever the text, every part fits and nothing is lost', () => {
    const alphabet = ['a', 'bc ', 'é', '漢', '😀', '\n', ' ', '👩‍👩‍👧', '\u0301', 'word word ', '\n\n']
    for (let seed = 1; seed <= 200; seed++) {
      const random = numbers(seed)
      const text = Array.from(
        { length: Math.floor(random() * 2000) },
        () => alphabet[Math.floor(random() * alphabet.length)],
      ).join('')
      const textUnits = 64 + Math.floor(random() * 500)
      const parts = split(text, { textUnits, unit })
      const tooLong = parts.filter((part) => size(part) > textUnits)
      expect({ seed, tooLong }).toEqual({ seed, tooLong: [] })
      // A cut between two lines takes their line break's place.
      const squeeze = (value: string) => value.replaceAll('\n', '')
      const whole = parts.length === 1 ? text : parts.map(withoutNumber).join('')
      expect({ seed, text: squeeze(whole) }).toEqual({ seed, text: squeeze(text) })
    }
  })

  test('10 MB', () => {
    const text = `${'some words in a line\n'.repeat(400_000)}${'漢'.repeat(600_000)}`
    const parts = split(text, { textUnits: 4000, unit })
    expect(parts.every((part) => size(part) <= 4000)).toBe(true)
    expect(parts.map(withoutNumber).join('').replaceAll('\n', '')).toBe(text.replaceAll('\n', ''))
  })
})

test('cuts between lines where it can', () => {
  const line = `${'x'.repeat(59)}\n`
  const parts = split(line.repeat(10), { textUnits: 240, unit: 'utf16' })
  expect(parts.slice(0, -1).every((part) => /^\(\d\/\d\) (x{59}\n?)+$/.test(part))).toBe(true)
})

test('a code block that is cut is closed and opened again', () => {
  const text = `Before\n\`\`\`json\n${'"line of code",\n'.repeat(40)}\`\`\`\nAfter`
  const parts = split(text, { textUnits: 300, unit: 'utf16' })
  expect(parts.length).toBeGreaterThan(2)
  for (const part of parts) expect(part.split('```').length % 2).toBe(1)
  expect(parts[1]).toStartWith(`(2/${parts.length}) \`\`\`json\n"line of code"`)
  expect(parts.at(-1)).toEndWith('After')
})

test('a limit that leaves no room is refused', () => {
  expect(() => split('x'.repeat(100), { textUnits: 63, unit: 'bytes' })).toThrow(RangeError)
})
