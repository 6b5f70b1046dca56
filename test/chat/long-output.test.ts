import { expect, spyOn, test } from 'bun:test'
import { layOut } from '../../src/chat/long-output.ts'

const limits = { textUnits: 300, unit: 'bytes', partsBeforeUpload: 3 } as const
const link = 'https://st2/#/history/5f/general'
const lines = (count: number) => `${'ä line of a result\n'.repeat(count)}the end`

test('a short text is one message, a longer one a few', () => {
  expect(layOut('short', { limits, features: { files: true }, link })).toEqual({
    kind: 'parts',
    parts: ['short'],
  })
  const few = layOut(lines(30), { limits, features: { files: true }, link })
  expect(few).toMatchObject({ kind: 'parts' })
})

test('a long one is a file where there are files, with its beginning as the message', () => {
  const text = lines(100)
  const layout = layOut(text, { limits, features: { files: true }, link })
  if (layout.kind !== 'file') throw new Error('not a file')
  expect(layout.content).toBe(text)
  expect(layout.beginning).toEndWith('... (all of it is in the file)')
  expect(text.startsWith(layout.beginning.split('\n...')[0] as string)).toBe(true)
  expect(Buffer.byteLength(layout.beginning)).toBeLessThanOrEqual(limits.textUnits)
})

test('without files the beginning goes out with the link to the rest', () => {
  const layout = layOut(lines(100), { limits, features: { files: false }, link })
  if (layout.kind !== 'parts') throw new Error('not parts')
  expect(layout.parts).toHaveLength(1)
  expect(layout.parts[0]).toEndWith(`... (all of it: ${link})`)
  expect(Buffer.byteLength(layout.parts[0] as string)).toBeLessThanOrEqual(limits.textUnits)
})

test('with neither file nor link every part goes out: nothing is cut in silence', () => {
  const layout = layOut(lines(100), { limits, features: { files: false } })
  if (layout.kind !== 'parts') throw new Error('not parts')
  expect(layout.parts.length).toBeGreaterThan(3)
  expect(layout.parts.at(-1)).toEndWith('the end')
})

test.each([
  ['line breaks', '\n'.repeat(2_000_000)],
  ['short lines', 'ab\n'.repeat(700_000)],
  ['one line', 'x'.repeat(2_000_000)],
])('of %s no more is looked at than goes out', (_, middle) => {
  const measured = spyOn(Buffer, 'byteLength')
  try {
    const layout = layOut(`begin${middle}end`, { limits, features: { files: true }, link })
    expect(layout).toMatchObject({ kind: 'file', beginning: expect.stringMatching(/^begin/) })
    expect(measured.mock.calls.length).toBeLessThan(10_000)
  } finally {
    measured.mockRestore()
  }
})
