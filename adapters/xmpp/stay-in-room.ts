import type { Clock } from '../../src/clock.ts'
import type { Log } from '../../src/log.ts'
import { backoff } from '../../src/net/backoff.ts'
import type { ServerRefused } from '../../src/chat/connection-failures.ts'
import { joinProblem } from './muc.ts'

export type StayOptions = {
  readonly room: string
  /** Settles when the bot is in the room; rejects when it does not come in. */
  readonly join: () => Promise<void>
  /** Settles with the reason when the bot, once in, is out again. */
  readonly left: () => Promise<string>
  /** The bot's nick in the room, and the one that it should have. */
  readonly nick: () => string
  readonly wantedNick: string
  /** Asks for the nick that people know. */
  readonly takeNickBack: () => void
  /** The room does not let the bot in: a person must put something right. */
  readonly onRefused: (refused: ServerRefused | undefined) => void
  readonly clock: Clock
  readonly log: Log
}

/** What a person must put right, and a nick that somebody else has, are looked at once a minute; ms. */
const lookAgain = 60_000
/** A stay that was shorter has proved nothing; ms. */
const proof = 10_000

/** Joins a room, and joins it again, until `life` aborts. Says each trouble once, not once an attempt. Never rejects. */
export const stayInRoom = async (options: StayOptions, life: AbortSignal): Promise<void> => {
  const { room, join, left, nick, wantedNick, takeNickBack, onRefused, clock, log } = options
  const waits = backoff({ clock })
  let complaint = ''
  let joins = 0

  const watchNick = async (here: AbortSignal): Promise<void> => {
    for (;;) {
      await clock.sleep(lookAgain, here)
      if (nick() !== wantedNick) takeNickBack()
    }
  }

  /** Settles with the reason when the bot is out; rejects when `life` aborts. */
  const beThere = async (): Promise<string> => {
    const gone = Promise.withResolvers<never>()
    const end = () => gone.reject(life.reason)
    const here = new AbortController()
    life.addEventListener('abort', end, { once: true })
    void watchNick(AbortSignal.any([life, here.signal])).catch(() => {})
    try {
      return await Promise.race([left(), gone.promise])
    } finally {
      life.removeEventListener('abort', end)
      here.abort()
    }
  }

  const tellJoined = (): void => {
    const say = joins++ === 0 && complaint === '' ? log.debug : log.info
    say('The bot is in a room.', { room, nick: nick() })
    complaint = ''
    if (nick() === wantedNick) return
    log.warn('Somebody else has the nick of the bot in a room.', {
      room,
      nick: nick(),
      advice: 'The bot takes it back when it is free. Is another bot of the same name there?',
    })
  }

  while (!life.aborted) {
    try {
      await join()
      const since = clock.monotonic()
      tellJoined()
      const reason = await beThere()
      log.warn('The bot is out of a room, and comes back.', { room, reason })
      if (clock.monotonic() - since >= proof) waits.reset()
      await waits.wait(life)
    } catch (error) {
      if (life.aborted) break
      const { refused, advice } = joinProblem(error, room)
      const reason = error instanceof Error ? error.message : String(error)
      const say = reason === complaint ? log.debug : refused ? log.error : log.warn
      say('The bot could not join a room.', { room, reason, advice })
      complaint = reason
      onRefused(refused)
      const pause = refused === undefined ? 0 : lookAgain
      await Promise.all([waits.wait(life), clock.sleep(pause, life)]).catch(() => {})
    }
  }
}
