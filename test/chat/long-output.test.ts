import { expect, test } from 'bun:test'
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
