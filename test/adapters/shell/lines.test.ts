import { expect, test } from 'bun:test'
import { Readable } from 'node:stream'
import { readLines } from '../../../adapters/shell/lines.ts'

const pieces = 10_000

test('a pipe that always has more to say leaves others their turn', async () => {
  let pushed = 0
  let taken = 0
  const input = new Readable({
    read() {
      this.push(pushed++ < pieces ? 'noise\n' : null)
    },
  })
  const { promise: ended, resolve: onEnd } = Promise.withResolvers<void>()
  const onLine = () => {
    taken++
    return undefined
  }
  const close = readLines(input, { onLine, onEnd, onTooLong: () => {} })
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
  expect(taken).toBeGreaterThan(0)
  expect(taken).toBeLessThan(pieces)
  close()
  await ended
})

test('the next piece waits until the lines of this one are dealt with', async () => {
  const { promise: dealtWith, resolve: deal } = Promise.withResolvers<void>()
  const { promise: ended, resolve: onEnd } = Promise.withResolvers<void>()
  const lines: string[] = []
  const input = Readable.from(['one\ntwo\n', 'three\nfour'])
  const onLine = (line: string) => {
    lines.push(line)
    return line === 'one' ? dealtWith : undefined
  }
  readLines(input, { onLine, onEnd, onTooLong: () => {} })
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
  expect(lines).toEqual(['one', 'two'])
  deal()
  await ended
  expect(lines).toEqual(['one', 'two', 'three', 'four'])
})
