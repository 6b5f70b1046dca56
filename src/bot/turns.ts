import { createQueue } from '../delivery/queue.ts'

/** Pieces of work that go on so many at a time; the others wait, in order, as what they are: a thousand that wait cost no more than that. */
export type Line<Item> = {
  readonly put: (item: Item) => void
  readonly waiting: () => number
}

/**
 * Lets `limit` pieces of work go on at a time. `begin` is called when the turn of one has come; what it is given gives the turn back, and
 * does so once however often it is called.
 */
export const createLine = <Item>(
  limit: number,
  begin: (item: Item, giveBack: () => void) => void,
): Line<Item> => {
  const queue = createQueue<Item>()
  let waiting = 0
  let taken = 0

  const start = (item: Item): void => {
    let held = true
    begin(item, () => {
      if (held) next()
      held = false
    })
  }

  /** The turn passes on without being free in between. */
  const next = (): void => {
    const item = queue.take()
    if (item === undefined) {
      taken--
      return
    }
    waiting--
    start(item)
  }

  return {
    put: (item) => {
      if (taken < limit) {
        taken++
        return start(item)
      }
      waiting++
      queue.put(item)
    },
    waiting: () => waiting,
  }
}

/** Waits for a turn; what it resolves with gives the turn back. */
export type TakeTurn = () => Promise<() => void>

/** A line for work that waits for its turn somewhere in its middle. */
export const createTurns = (limit: number): TakeTurn => {
  const line = createLine<(giveBack: () => void) => void>(limit, (go, giveBack) => go(giveBack))
  return () => new Promise(line.put)
}
