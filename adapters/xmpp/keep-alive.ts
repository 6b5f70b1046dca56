import type { Clock } from '../../src/clock.ts'
import { ConnectionLost } from '../../src/chat/connection-failures.ts'
import type { Room } from './room.ts'
import type { Session } from './session.ts'
import type { Wire } from './wire.ts'

export type KeepAliveOptions = {
  readonly wire: Wire
  readonly session: Session
  readonly rooms: readonly Room[]
  readonly clock: Clock
  /** When something last came in, by the monotonic clock. */
  readonly lastTraffic: () => number
  /** ms between two signs of life. */
  readonly interval: number
  /** Aborts with the connection. */
  readonly signal: AbortSignal
}

/** Between which times the server may be silent when it is asked for a sign of life; ms. */
const [shortestSilence, longestSilence] = [3_000, 15_000]
/** Each room is asked once in so many intervals whether the bot is still in it. */
const roomsEvery = 10

/**
 * Asks the server for signs of life, and now and then each room whether the bot is still in it. A server that is silent
 * has its connection cut. Settles when the signal aborts; never rejects.
 */
export const keepAlive = async (options: KeepAliveOptions): Promise<void> => {
  const { wire, session, rooms, clock, lastTraffic, interval, signal } = options
  const silence = Math.min(Math.max(interval, shortestSilence), longestSilence)

  const ask = async (): Promise<void> => {
    const asked = clock.monotonic()
    try {
      await session.ping(silence)
    } catch {
      // Anything that came in is a sign of life as well.
      if (lastTraffic() > asked) return
      wire.cut(new ConnectionLost(`The server was silent for ${Math.round(silence / 1000)} s.`))
    }
  }

  try {
    for (let round = 1;; round++) {
      await clock.sleep(interval, signal)
      await ask()
      if (round % roomsEvery !== 0) continue
      // A room that is silent holds nobody up.
      for (const room of rooms) void room.check()
    }
  } catch {
    // The connection has ended.
  }
}
