import { expect, test } from 'bun:test'
import { createLineWriter } from '../../src/ops/line-writer.ts'
import { settle } from '../fakes/clock.ts'

test('the lines of one turn are written in one piece, in order', async () => {
  const written: string[] = []
  const { write } = createLineWriter((text) => written.push(text))
  write('one\n', false)
  write('two\n', false)
  expect(written).toEqual([])
  await settle()
  write('three\n', false)
  await settle()
  expect(written).toEqual(['one\ntwo\n', 'three\n'])
})

test('what is urgent goes out at once, behind what waits', async () => {
  const written: string[] = []
  const { write, flush } = createLineWriter((text) => written.push(text))
  write('before\n', false)
  write('urgent\n', true)
  expect(written).toEqual(['before\nurgent\n'])
  write('at the end\n', false)
  flush()
  await settle()
  expect(written).toEqual(['before\nurgent\n', 'at the end\n'])
})
