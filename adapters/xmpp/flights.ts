import { ConnectionLost } from '../../src/chat/connection-failures.ts'
import { type StanzaRefused } from './failures.ts'

/** A message that is out, and of which nobody has said yet that it has arrived. */
type Flight = {
  /** The room that will repeat it to us, or undefined for a message to one person. */
  readonly room: string | undefined
  readonly body: string
  readonly landed: PromiseWithResolvers<void>
}

/** What a room tells of a message that came from us. */
export type Reflection = {
  readonly room: string
  readonly ids: readonly string[]
  readonly body: string
  /** The room tells of the time before. */
  readonly isOld: boolean
}

/** Our messages between leaving and arriving, by their ids. */
export type Flights = {
  /** Whether this message has arrived: its room has shown it, or the server has taken it to a person. */
  readonly hasLanded: (id: string) => boolean
  /**
   * Follows a message, which `launch` sends if it is not out already. Settles when it has arrived; rejects with
   * `StanzaRefused`, or with `ConnectionLost` when it may be sent again.
   */
  readonly follow: (
    message: { readonly id: string; readonly room: string | undefined; readonly body: string },
    launch: () => Promise<void>,
  ) => Promise<void>
  /** A room has repeated a message of ours, now or as history. */
  readonly reflected: (reflection: Reflection) => void
  /** True where a message of ours was meant. */
  readonly refused: (id: string, error: StanzaRefused) => boolean
  /** All that was under way to a room has arrived or never will: its history is known. */
  readonly settle: (room: string) => void
}

/** So many ids of messages that have arrived. */
const rememberAtMost = 5_000

/**
 * The id of a message: the same for each part on every attempt, also in a later life of the bot, so that a room's history
 * shows by it what went out. Nobody can guess it who does not know the message's key.
 */
export const stanzaId = (key: string, part: number): string => {
  const hash = new Bun.CryptoHasher('sha256').update(`${key}\n${part}`).digest('base64url')
  return `st2-${hash.slice(0, 20)}`
}
const isOwnId = /^st2-[\w-]{20}$/

/** Servers may take blanks at the ends away. */
const plain = (body: string): string => body.replace(/\s+/g, ' ').trim()

export const createFlights = (): Flights => {
  const flights = new Map<string, Flight>()
  const arrived = new Set<string>()

  const land = (id: string): void => {
    arrived.add(id)
    const oldest = arrived.size > rememberAtMost ? arrived.values().next().value : undefined
    if (oldest !== undefined) arrived.delete(oldest)
    flights.get(id)?.landed.resolve()
    flights.delete(id)
  }
  const crash = (id: string, error: Error): void => {
    flights.get(id)?.landed.reject(error)
    flights.delete(id)
  }

  return {
    hasLanded: (id) => arrived.has(id),
    follow: ({ id, room, body }, launch) => {
      const under = flights.get(id)
      if (under !== undefined) return under.landed.promise
      const landed = Promise.withResolvers<void>()
      // Whoever sent it may have stopped waiting.
      landed.promise.catch(() => {})
      flights.set(id, { room, body: plain(body), landed })
      launch().then(() => {
        if (room === undefined) land(id)
      }, (error) => crash(id, error))
      return landed.promise
    },
    reflected: ({ room, ids, body, isOld }) => {
      const own = ids.filter((id) => isOwnId.test(id))
      for (const id of own) land(id)
      if (own.length > 0 || isOld) return
      // Some rooms give every message an id of their own: what was said tells which one it is.
      const same = [...flights].find(([, flight]) =>
        flight.room === room && flight.body === plain(body)
      )
      if (same !== undefined) land(same[0])
    },
    refused: (id, error) => {
      const known = flights.has(id)
      crash(id, error)
      return known
    },
    settle: (room) => {
      for (const [id, flight] of [...flights]) {
        if (flight.room === room) crash(id, new ConnectionLost('The message was lost on its way.'))
      }
    },
  }
}
