import { describe, expect, test } from 'bun:test'
import { createTurns } from '../../src/bot/turns.ts'

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
