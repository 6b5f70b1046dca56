import { createQueue } from '../delivery/queue.ts'

/** Waits for a turn; what it resolves with gives the turn back, and does so once however often it is called. */
export type TakeTurn = () => Promise<() => void>

/** Lets `limit` pieces of work go on at a time; the others wait for their turn, in order. */
export const createTurns = (limit: number): TakeTurn => {
  const waiting = createQueue<() => void>()
  let taken = 0

  const giveBack = (): void => {
    const next = waiting.take()
    if (next === undefined) taken--
    // The turn passes on without being free in between.
    else next()
  }

  return async function take() {
    if (taken < limit) taken++
    else await new Promise<void>((resolve) => waiting.put(resolve))
    let held = true
    return () => {
      if (held) giveBack()
      held = false
    }
  }
}
