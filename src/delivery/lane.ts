import { createQueue, type Queue } from './queue.ts'

/** What a person waits for, or what is told to all. */
export type Turn = 'reply' | 'announcement'

/** What waits for one channel. */
export type Lane<Item> = {
  readonly put: (item: Item, turn: Turn) => void
  readonly take: () => Item | undefined
}

/** So many replies may go ahead of the announcement that waits at the front: then that goes, or it might wait for ever. */
const mostAhead = 4

type Placed<Item> = { readonly item: Item; readonly place: number }

/**
 * A person who asks is not kept waiting by eighty announcements: a reply goes ahead of those. Each kind keeps its own order, and no
 * announcement goes ahead of a reply that was there before it: an acknowledgement never comes after its result.
 */
export const createLane = <Item>(): Lane<Item> => {
  // Most lanes never have anything in them: their first message is sent and nothing comes meanwhile.
  let replies: Queue<Placed<Item>> | undefined
  let announcements: Queue<Placed<Item>> | undefined
  let place = 0
  /** How many replies went ahead of the announcement at the front. */
  let ahead = 0

  return {
    put: (item, turn) => {
      const queue = turn === 'reply'
        ? (replies ??= createQueue())
        : (announcements ??= createQueue())
      queue.put({ item, place: place++ })
    },
    take: () => {
      const reply = replies?.first()
      const announcement = announcements?.first()
      const isDue = reply === undefined ||
        (announcement !== undefined && announcement.place < reply.place && ahead >= mostAhead)
      if (isDue) {
        ahead = 0
        return announcements?.take()?.item
      }
      if (announcement !== undefined && announcement.place < reply.place) ahead++
      return replies?.take()?.item
    },
  }
}
