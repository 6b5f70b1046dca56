import { expect, test } from 'bun:test'
import { flatness } from '../../bench/flat.ts'

/** A soak of 30 moments. */
const soak = (memory: (minute: number) => number, files: (minute: number) => number = () => 14) =>
  flatness(
    Array.from({ length: 30 }, (_, minute) => ({
      minute,
      memory: memory(minute),
      files: files(minute),
    })),
  )

test('what grows in the first third only, and wavers after that, is flat', () => {
  const { flat, line } = soak((minute) => Math.min(100, 50 + minute * 5) + (minute % 2) * 4)
  expect(flat).toBe(true)
  expect(line).toStartWith('Flat: memory 102 MB in the second third, 102 MB in the last')
})

test('what goes on growing is not, be it memory or files', () => {
  expect(soak((minute) => 50 + minute * 2).flat).toBe(false)
  const files = soak(() => 100, (minute) => 14 + minute)
  expect(files.flat).toBe(false)
  expect(files.line).toStartWith('NOT flat')
})
