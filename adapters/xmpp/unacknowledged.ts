import { ConnectionLost } from '../../src/chat/connection-failures.ts'
import type { Element } from './xml.ts'

/** A stanza that is out; `handled` is called when the server has told that it took it, `lost` when nobody can know. */
type Entry = {
  readonly stanza: Element
  /** Whom it is for has to be looked up again before it is sent again. */
  readonly isFleeting: boolean
  readonly handled: () => void
  readonly lost: (why: Error) => void
}

/** Our stanzas that the server has not acknowledged yet (XEP-0198, section 4). */
export type Unacknowledged = {
  readonly add: (entry: Entry) => void
  /** The server has handled so many since the stream began. False, and not believed, where that cannot be. */
  readonly acknowledge: (handled: number) => boolean
  /** What the server has not handled, to be sent again on the stream that goes on; what is fleeting is lost. */
  readonly rest: () => readonly Element[]
  /** The stream is gone for good. */
  readonly giveUp: (why: Error) => void
  readonly size: () => number
}

/** XEP-0198, section 4: counters begin anew after 2^32 - 1. */
const difference = (a: number, b: number): number => (a - b) >>> 0

export const createUnacknowledged = (): Unacknowledged => {
  const entries: Entry[] = []
  let acknowledged = 0
  return {
    add: (entry) => void entries.push(entry),
    acknowledge: (handled) => {
      const count = difference(handled, acknowledged)
      if (!Number.isSafeInteger(handled) || count > entries.length) return false
      acknowledged = handled
      for (const entry of entries.splice(0, count)) entry.handled()
      return true
    },
    rest: () => {
      const all = entries.splice(0)
      entries.push(...all.filter(({ isFleeting }) => !isFleeting))
      const why = new ConnectionLost('The connection broke before the message had arrived.')
      for (const entry of all) if (entry.isFleeting) entry.lost(why)
      return entries.map(({ stanza }) => stanza)
    },
    giveUp: (why) => {
      acknowledged = 0
      for (const entry of entries.splice(0)) entry.lost(why)
    },
    size: () => entries.length,
  }
}
