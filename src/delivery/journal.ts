import type { ChatMessage, OutgoingMessage } from '../chat/message.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { type JournalStatus, openStore } from './journal-store.ts'
import * as rows from './journal-rows.ts'

/** A message to the bot that an earlier process took in and did not get done with. */
export type Unfinished = {
  readonly event: string
  readonly service: string
  readonly message: ChatMessage
  /** When it was taken in, ms since 1970. */
  readonly at: number
  /** It was being handed to StackStorm, under this correlation: whether it started must be looked up. */
  readonly sent?: { readonly correlation: string; readonly command: string }
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
 */
export type Journal = {
  readonly status: () => JournalStatus

  /**
   * Writes down a message to the bot before anything is done about it: from then on it is answered or told of, also after a
   * restart. False: this event has been seen in the last 24 hours.
   */
  readonly takeIn: (event: string, service: string, message: ChatMessage) => Promise<boolean>
  /**
   * A command is about to be sent. It has reached the disk when this settles: nothing runs twice even after a loss of power.
   * False: it was begun before, and must not be sent.
   */
  readonly beginCommand: (event: string, correlation: string, command: string) => Promise<boolean>
  readonly commandStarted: (correlation: string, execution: string) => Promise<void>
  /** The message is answered, and nothing more is to be done about it. */
  readonly answered: (event: string) => Promise<void>
  /** Oldest first. */
  readonly unfinished: () => readonly Unfinished[]
  readonly executionOf: (correlation: string) => string | undefined

  /** The number under which it is to be posted, or undefined when it is known already. */
  readonly accept: (announcement: AcceptedAnnouncement) => Promise<number | undefined>
  /** Whether `accept` would find it known. */
  readonly knows: (
    announcement: Pick<AcceptedAnnouncement, 'hash' | 'source' | 'execution' | 'at'>,
  ) => boolean
  readonly sent: (number: number) => Promise<void>
  readonly dead: (number: number, reason: string, advice: string) => Promise<void>
  /** Puts a dead letter back among those that wait. False: there is none of this number. */
  readonly retry: (number: number) => Promise<boolean>
  readonly drop: (number: number) => Promise<boolean>
  /** In the order in which they were accepted. */
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
  /** Forgets what is old; call it now and then. */
  readonly prune: () => Promise<void>
  readonly close: () => void
}

/** Events of chat services are redelivered within minutes; announcements are searched within the catch-up window. */
const keepFor = 24 * 60 * 60_000
/** Whoever has not looked at a dead letter for a month will not. */
const keepDeadFor = 30 * keepFor
const keepRows = 50_000
/** A search finds what the stream told about the same time; further apart it is the same text said again. */
const sameWithin = 10 * 60_000
/** The stream tells within seconds: what it says of an older text that a search has found is that it was said again. */
const heardWithin = 60_000
const windowOf = (source: 'stream' | 'search'): number =>
  source === 'stream' ? heardWithin : sameWithin

/** Opens the journal in `folder`; without one it is in memory. Never throws. */
export const openJournal = (
  { folder, clock, log }: {
    readonly folder?: string | undefined
    readonly clock: Clock
    readonly log: Log
  },
): Journal => {
  const store = openStore({ folder, clock, log })

  return {
    status: store.status,

    takeIn: (event, service, message) =>
      store.write((database) => rows.insertMessage(database, event, service, message, clock.now())),
    beginCommand: (event, correlation, command) =>
      store.write((database) => rows.beginCommand(database, event, correlation, command), true),
    commandStarted: (correlation, execution) =>
      store.write((database) => rows.startedCommand(database, correlation, execution)),
    answered: (event) => store.write((database) => rows.endMessage(database, event)),
    unfinished: () => store.read(rows.unfinished),
    executionOf: (correlation) => store.read((database) => rows.executionOf(database, correlation)),

    accept: (announcement) =>
      store.write((database) => {
        const { execution, source, hash, at } = announcement
        if (execution !== undefined && rows.hasExecution(database, execution)) return undefined
        const within = windowOf(source)
        const same = rows.findSame(database, hash, source, at - within, at + within)
        if (same !== undefined) {
          rows.join(database, same, execution ?? null)
          return undefined
        }
        return rows.insertAnnouncement(database, announcement, clock.now())
      }),
    knows: ({ hash, source, execution, at }) =>
      store.read((database) =>
        (execution !== undefined && rows.hasExecution(database, execution)) ||
        rows.findSame(database, hash, source, at - windowOf(source), at + windowOf(source)) !==
          undefined
      ),
    sent: (number) =>
      store.write((database) => rows.endAnnouncement(database, number, 'sent', clock.now())),
    dead: (number, reason, advice) =>
      store.write((database) =>
        rows.endAnnouncement(database, number, 'dead', clock.now(), reason, advice)
      ),
    retry: (number) => store.write((database) => rows.retryDead(database, number)),
    drop: (number) => store.write((database) => rows.dropDead(database, number, clock.now())),
    waiting: () => store.read(rows.waiting),
    deadLetters: () => store.read(rows.deadLetters),
    counts: () => store.read(rows.counts),
    hasAnnouncement: (correlation) =>
      store.read((database) => rows.hasAnnouncement(database, correlation)),

    born: () => store.read((database) => rows.readFact(database, 'born')) ?? clock.now(),
    watermark: () => store.read((database) => rows.readFact(database, 'watermark')),
    mark: (time) => store.write((database) => rows.writeFact(database, 'watermark', time)),

    foreignWrites: () => store.read(rows.dataVersion),
    beat: () => store.write((database) => rows.writeFact(database, 'beat', clock.now())),
    prune: () =>
      store.write((database) => {
        const now = clock.now()
        rows.prune(database, now - keepFor, now - keepDeadFor, keepRows)
      }),
    close: store.close,
  }
}
