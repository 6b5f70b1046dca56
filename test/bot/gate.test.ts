import { expect, test } from 'bun:test'
import { createGate } from '../../src/bot/gate.ts'

test('a gate that is open lets work begin at once; one that is closed keeps it, in order', async () => {
  const gate = createGate()
  const done: string[] = []
  const work = (name: string) => () => {
    done.push(name)
    return Promise.resolve()
  }
  void gate.pass(work('a'))
  expect(done).toEqual(['a'])
  const { promise, resolve } = Promise.withResolvers<void>()
  gate.closeUntil(promise)
  const kept = [gate.pass(work('b')), gate.pass(work('c'))]
  expect(done).toEqual(['a'])
  resolve()
  await Promise.all(kept)
  expect(done).toEqual(['a', 'b', 'c'])
  void gate.pass(work('d'))
  expect(done).toEqual(['a', 'b', 'c', 'd'])
})

test('what a gate was closed for earlier does not open it', async () => {
  const gate = createGate()
  const done: string[] = []
  const first = Promise.withResolvers<void>()
  const second = Promise.withResolvers<void>()
  gate.closeUntil(first.promise)
  gate.closeUntil(second.promise)
  first.resolve()
  await first.promise
  const kept = gate.pass(() => {
    done.push('a')
    return Promise.resolve()
  })
  expect(done).toEqual([])
  second.resolve()
  await kept
  expect(done).toEqual(['a'])
})
