import { expect, test } from 'bun:test'
import { createQueue } from '../../src/delivery/queue.ts'

test('what was put first is taken first, also when both go on at once', () => {
  const queue = createQueue<number>()
  expect([queue.first(), queue.take()]).toEqual([undefined, undefined])
  queue.put(1)
  queue.put(2)
  expect([queue.first(), queue.take()]).toEqual([1, 1])
  queue.put(3)
  expect([queue.take(), queue.take(), queue.take()]).toEqual([2, 3, undefined])
  queue.put(4)
  expect(queue.take()).toBe(4)
})
