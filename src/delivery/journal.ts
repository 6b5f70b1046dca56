import type { ChatMessage, OutgoingMessage } from '../chat/message.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { type JournalStatus, openStore } from './journal-store.ts'
import * as arrivalRows from './arrival-rows.ts'
import { createArrivals, type Held } from './arrivals.ts'
import { readDoubt } from './doubt.ts'
import { createIncoming, type TakenIn } from './incoming.ts'
import * as rows from './journal-rows.ts'
import { createSameness } from './sameness.ts'
import { together } from './together.ts'

/** A message to the bot that an earlier process took in and did not get done with. */
export type Unfinished = {
  readonly event: string
  readonly service: string
  readonly message: ChatMessage
  /** When it was taken in, ms since 1970. */
  readonly at: number
  /** The command that was being handed to StackStorm: whether it started must be looked up. */
  readonly sent?: string
}

/** Where a command was given, and by whom: the service's own ids. */
export type CommandOrigin = {
  readonly service: string
  readonly channel: string
  readonly user: string
}

/** An announcement that is to be posted. */
export type AcceptedAnnouncement = {
  /** Of the payload and its route, whatever the order of its keys: the stream gives no id. */
  readonly hash: string
  readonly source: 'stream' | 'search'
  /** The id of the execution that announced it; only a search knows it. */
  readonly execution?: string | undefined
  readonly correlation?: string | undefined
  readonly service: string
  readonly message: OutgoingMessage
  /** When it was announced, ms since 1970, by StackStorm's clock for a search and by ours for the stream. */
  readonly at: number
}

/** An announcement that is written down and not yet with its chat service. */
export type WaitingMessage = {
  readonly number: number
  readonly service: string
  readonly message: OutgoingMessage
}

/** A message that could not be delivered. */
export type DeadLetter = WaitingMessage & {
  readonly reason: string
  readonly advice: string
  /** When it was given up, ms since 1970. */
  readonly ended: number
}

/**
 * What must outlive the process. Everything that is written is committed before the promise settles; no function
 * but `close` throws for a disk that fails: the journal goes on in memory, and `status` says so.
 *
 * How a command runs at most once. Its message is committed as received, and again as being sent before it is; both outlive
 * the process, however that ends. Neither waits for the disk: that happens beside, and the chat service is told that its
 * message has arrived only when the message has reached the disk. So a loss of power can do two things: take the message
 * with it, which the service then delivers again, or only the mark that it was being sent. Either way it was written
 * before the host started anew (`mayHaveForgotten`), and is sent only when StackStorm holds no execution under its key.
 * A journal in memory promises none of this, and says so. Where it took over from a file and its life ends there, the messages of before
 * are in doubt in the next one.
 */
export type Journal = {
  readonly status: () => JournalStatus

  /**
   * The key of a message, one word of 22 letters and digits: what makes it the same message, however often its service
   * delivers it. It travels with the message's execution, and finds that again even where this journal has forgotten the message. Two
   * bots that hear the same message give it two keys.
   */
  readonly eventOf: (service: string, message: Pick<ChatMessage, 'id'>) => string

  /**
   * Writes down a message to the bot: from then on it is answered or told of, also after a restart. What it means may be found out before
   * that is settled; nothing may be said about it or done before.
   */
  readonly takeIn: (event: string, service: string, message: ChatMessage) => TakenIn
  /**
   * A command is about to be sent: this process and every later one knows it. False: it was begun before, and must not be sent.
   */
  readonly beginCommand: (event: string, command: string) => Promise<boolean>
  readonly commandStarted: (event: string, execution: string) => Promise<void>
  /** The command that started an execution, as long as it is remembered: 24 hours. */
  readonly commandOf: (execution: string) => CommandOrigin | undefined
  /** The message is answered, and nothing more is to be done about it. */
  readonly answered: (event: string) => Promise<void>
  /** Oldest first. */
  readonly unfinished: () => readonly Unfinished[]
  readonly executionOf: (event: string) => string | undefined
  /** Whether this message was taken in here, as far back as the journal remembers. */
  readonly hasCommand: (event: string) => boolean

  /** Settles when all that was written before has reached the disk itself: it outlives a loss of power then. */
  readonly reachedDisk: () => Promise<void>
  /**
   * Whether the last moments of the time at which a message was written are in doubt, `at` ms since 1970: the host may have lost
   * its power since, and with it what had not reached the disk, or the bot may have gone on without the disk.
   */
  readonly mayHaveForgotten: (at: number) => boolean

  /**
   * Writes down an announcement that can be no other than a new one, with all that come in this turn of the event loop; `onWritten` is called when it is
   * written, in order. Undefined: it must be looked for, see `accept`.
   */
  readonly hold: (
    announcement: AcceptedAnnouncement,
    onWritten: (held: Held) => void,
  ) => Promise<true> | undefined
  readonly heldSent: (held: Held) => Promise<void>
  /** Gives its number. */
  readonly heldDead: (held: Held, reason: string, advice: string) => Promise<number>
  /** The number under which it is to be posted, or undefined when it is known already. */
  readonly accept: (announcement: AcceptedAnnouncement) => Promise<number | undefined>
  /** Whether `accept` would find it known. */
  readonly knows: (
    announcement: Pick<AcceptedAnnouncement, 'hash' | 'source' | 'execution' | 'at'>,
  ) => boolean
  /** Settles when it is written; all of one turn of the event loop are written as one. */
  readonly sent: (number: number) => Promise<void>
  readonly dead: (number: number, reason: string, advice: string) => Promise<void>
  /** Puts a dead letter back among those that wait. False: there is none of this number. */
  readonly retry: (number: number) => Promise<boolean>
  readonly drop: (number: number) => Promise<boolean>
  /** In the order in which they were accepted, without those that are held. */
  readonly waiting: () => readonly WaitingMessage[]
  readonly deadLetters: () => readonly DeadLetter[]
  /** How many of both there are. */
  readonly counts: () => { readonly waiting: number; readonly deadLetters: number }
  /** Whether an announcement of this command has been accepted. */
  readonly hasAnnouncement: (correlation: string) => boolean

  /** When the journal was begun, ms since 1970 by our clock: what came before is not its business. */
  readonly born: () => number
  /** Up to when, by StackStorm's clock (ms since 1970), every announcement has been accepted; undefined at the first start. */
  readonly watermark: () => number | undefined
  readonly mark: (time: number) => Promise<void>

  /** A number that changes when another process has written: `st2chatops deadletters retry`. */
  readonly foreignWrites: () => number
  /** Writes a sign of life: it settles when the journal works, on disk or in memory. */
  readonly beat: () => Promise<void>
  /** Does at a quiet moment what would else be done in the way of a message; call it every few seconds. */
  readonly tidy: () => void
  /** Forgets what is old; call it now and then. */
  readonly prune: () => Promise<void>
  readonly close: () => void
}

/** Events of chat services are redelivered within minutes; announcements are searched within the catch-up window. */
const keepFor = 24 * 60 * 60_000
/** No search looks at what was told of so long before the time up to which all is found. */
const keepMarksFor = 2 * 60 * 60_000
/** Whoever has not looked at a dead letter for a month will not. */
const keepDeadFor = 30 * keepFor
const keepRows = 50_000
/** The clocks of a chat service and of this host may differ by so many ms; both are set by the network's time. */
const clockSkew = 10_000

export type JournalOptions = {
  /** Without one the journal is in memory. */
  readonly folder?: string | undefined
  /** What is another one after each start of the host, see `bootId`; undefined for who only looks into a journal. */
  readonly boot?: string | undefined
  readonly clock: Clock
  readonly log: Log
}

/** Opens the journal in `folder`; without one it is in memory. Never throws. */
export const openJournal = ({ folder, boot, clock, log }: JournalOptions): Journal => {
  const opened = clock.now()
  const store = openStore({ folder, boot, clock, log })
  const name = store.read((database) => rows.readText(database, 'name')) ?? ''
  const inDoubtUntil = readDoubt(store, boot, opened)
  /** How many announcements are being looked for: what comes behind one of them stays behind it. */
  let searching = 0
  const arrivals = createArrivals(store, clock.now)
  const incoming = createIncoming(store, clock.now)
  const sameness = createSameness(store, arrivals, clock.now)

  return {
    status: store.status,

    commandOf: (execution) => store.read((database) => rows.commandOf(database, execution)),
    eventOf: (service, { id }) =>
      Bun.CryptoHasher.hash('sha256', `${name}\n${service}\n${id}`, 'base64url')
        .slice(0, keyLength),
    takeIn: incoming.takeIn,
    beginCommand: (event, command) =>
      incoming.begin(event, command) ??
        store.write((database) => rows.beginCommand(database, event, command)),
    commandStarted: (event, execution) =>
      store.write((database) => rows.startedCommand(database, event, execution)),
    answered: together(store.write, rows.endMessages),
    unfinished: () => store.read(rows.unfinished),
    executionOf: (event) => store.read((database) => rows.executionOf(database, event)),
    hasCommand: (event) => store.read((database) => rows.hasCommand(database, event)),
    reachedDisk: store.reachedDisk,
    mayHaveForgotten: (at) => at - clockSkew < inDoubtUntil,

    hold: (announcement, onWritten) =>
      searching > 0 || sameness.isPossible(announcement)
        ? undefined
        : arrivals.hold(announcement, onWritten),
    heldSent: arrivals.sent,
    heldDead: (held, reason, advice) =>
      arrivals.writeSeparate((database) => {
        const number = held.number as number
        rows.endDead(database, number, clock.now(), reason, advice)
        return number
      }),
    accept: async (announcement) => {
      searching++
      try {
        return await arrivals.writeSeparate((database) => {
          const { execution } = announcement
          if (execution !== undefined && rows.hasExecution(database, execution)) return undefined
          if (sameness.join(database, announcement)) return undefined
          return rows.insertAnnouncement(database, announcement, clock.now())
        })
      } finally {
        searching--
      }
    },
    knows: (announcement) =>
      store.read((database) =>
        (announcement.execution !== undefined &&
          rows.hasExecution(database, announcement.execution)) ||
        sameness.isKnown(database, announcement)
      ),
    sent: together(
      store.write,
      (database, numbers) => rows.endSent(database, numbers, clock.now()),
    ),
    dead: (number, reason, advice) =>
      store.write((database) => rows.endDead(database, number, clock.now(), reason, advice)),
    retry: (number) => store.write((database) => rows.retryDead(database, number)),
    drop: (number) => store.write((database) => rows.dropDead(database, number, clock.now())),
    waiting: () =>
      store.read((database) => {
        // What an earlier process left.
        database.transaction(() =>
          arrivalRows.separateArrivals(database, (turn) => !arrivals.isOpen(turn))
        )()
        return rows.waiting(database)
      }),
    deadLetters: () => store.read(rows.deadLetters),
    counts: () => {
      const { waiting, deadLetters } = store.read(rows.counts)
      return { waiting: waiting + arrivals.count(), deadLetters }
    },
    hasAnnouncement: (correlation) =>
      store.read((database) =>
        rows.hasAnnouncement(database, correlation) ||
        arrivalRows.hasArrived(database, correlation)
      ),

    born: () => store.read((database) => rows.readFact(database, 'born')) ?? clock.now(),
    watermark: () => store.read((database) => rows.readFact(database, 'watermark')),
    mark: (time) => store.write((database) => rows.writeFact(database, 'watermark', time)),

    foreignWrites: () => store.read(rows.dataVersion),
    beat: () => store.write((database) => rows.writeFact(database, 'beat', clock.now())),
    prune: () =>
      store.write((database) => {
        const now = clock.now()
        rows.prune(database, now - keepFor, now - keepDeadFor, keepRows)
        const watermark = rows.readFact(database, 'watermark') ?? -Infinity
        arrivalRows.pruneArrivals(
          database,
          Math.max(now - keepFor, Math.min(now, watermark) - keepMarksFor),
        )
      }),
    tidy: store.tidy,
    close: store.close,
  }
}

/** 132 bits. */
const keyLength = 22
