import { describe, expect, test } from 'bun:test'
import { createLine, createTurns } from '../../src/bot/turns.ts'

/** Lets everything that can go on go on. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('turns', () => {
  test('are given to as many as there are, and then in order', async () => {
    const take = createTurns(2)
    const began: number[] = []
    const givers: (() => void)[] = []
    for (const number of [1, 2, 3, 4]) {
      void take().then((giveBack) => {
        began.push(number)
        givers.push(giveBack)
      })
    }
    await settle()
    expect(began).toEqual([1, 2])
    givers[1]?.()
    await settle()
    expect(began).toEqual([1, 2, 3])
    givers[0]?.()
    await settle()
    expect(began).toEqual([1, 2, 3, 4])
  })

  test('are given back once', async () => {
    const take = createTurns(1)
    const giveBack = await take()
    giveBack()
    giveBack()
    await take()
    let third = false
    void take().then(() => {
      third = true
    })
    await settle()
    expect(third).toBe(false)
  })
})

test('a line begins with as many as may go on, and tells how many wait', () => {
  const began: string[] = []
  const givers: (() => void)[] = []
  const line = createLine<string>(1, (item, giveBack) => {
    began.push(item)
    givers.push(giveBack)
  })
  for (const item of ['a', 'b', 'c']) line.put(item)
  expect(began).toEqual(['a'])
  expect(line.waiting()).toBe(2)
  givers[0]?.()
  givers[0]?.()
  expect(began).toEqual(['a', 'b'])
  expect(line.waiting()).toBe(1)
  givers[1]?.()
  givers[2]?.()
  expect(line.waiting()).toBe(0)
  line.put('d')
  expect(began).toEqual(['a', 'b', 'c', 'd'])
})
