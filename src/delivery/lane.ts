import { createQueue, type Queue } from './queue.ts'

/** What a person waits for, or what is told to all. */
export type Turn = 'reply' | 'announcement'

/** What waits for one channel. */
export type Lane<Item> = {
  /** `about`: what a reply acknowledges, and what an announcement is the result of. */
  readonly put: (item: Item, turn: Turn, about?: string) => void
  readonly take: () => Item | undefined
}

/** So many replies may go ahead of the announcements that wait, from then on one ahead of each: a flood of answers holds no alert up. */
const mostAhead = 4

type Placed<Item> = { readonly item: Item; readonly about: string | undefined; isTaken: boolean }

/**
 * A person who asks is not kept waiting by eighty announcements, nor those by eighty answers: a few replies go ahead, then they
 * take turns. Each kind keeps its own order, except that the acknowledgement of a result whose turn it is goes out before that.
 */
export const createLane = <Item>(): Lane<Item> => {
  // Most lanes never have anything in them: their first message is sent and nothing comes meanwhile.
  let replies: Queue<Placed<Item>> | undefined
  let announcements: Queue<Placed<Item>> | undefined
  /** Replies that wait, by what they are about. */
  let acknowledgements: Map<string, Placed<Item>> | undefined
  /** How many replies went ahead of the announcement at the front. */
  let ahead = 0

  const firstReply = (): Placed<Item> | undefined => {
    while (replies?.first()?.isTaken) replies.take()
    return replies?.first()
  }

  const takeReply = (reply: Placed<Item>): Item => {
    reply.isTaken = true
    if (reply.about !== undefined) acknowledgements?.delete(reply.about)
    return reply.item
  }

  return {
    put: (item, turn, about) => {
      const placed = { item, about, isTaken: false }
      if (turn === 'announcement') return (announcements ??= createQueue()).put(placed)
      replies ??= createQueue()
      replies.put(placed)
      if (about !== undefined) (acknowledgements ??= new Map()).set(about, placed)
    },
    take: () => {
      const reply = firstReply()
      const announcement = announcements?.first()
      if (reply === undefined) {
        ahead = 0
        return announcements?.take()?.item
      }
      if (announcement === undefined) return takeReply(reply)
      if (ahead < mostAhead) {
        ahead++
        return takeReply(reply)
      }
      const { about } = announcement
      const own = about === undefined ? undefined : acknowledgements?.get(about)
      if (own !== undefined) return takeReply(own)
      ahead = mostAhead - 1
      return announcements?.take()?.item
    },
  }
}
