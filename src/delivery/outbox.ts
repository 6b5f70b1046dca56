import { type Receipt, RetryLater, Undeliverable } from '../chat/adapter.ts'
import type { OutgoingMessage } from '../chat/message.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { fullJitter } from '../net/backoff.ts'
import { createLane, type Lane, type Turn } from './lane.ts'
import { createRate } from './rate.ts'

/** How a message ended, as far as this process is concerned. */
export type Outcome =
  | { readonly kind: 'sent'; readonly receipt: Receipt }
  | { readonly kind: 'undeliverable'; readonly reason: string; readonly advice: string }
  /** The bot ended first: a journal may bring it back after the next start. */
  | { readonly kind: 'stopped' }

export type Outbox = {
  /**
   * Sends a reply to a person, ahead of the announcements that wait in its channel unless there are many such replies. Resolves
   * with how it ended; never rejects.
   */
  readonly post: (service: string, message: OutgoingMessage) => Promise<Outcome>
  /** Sends what nobody waits for at this moment: a result, a notice. Resolves as `post` does. */
  readonly announce: (service: string, message: OutgoingMessage) => Promise<Outcome>
  /** How many messages are not yet sent. */
  readonly waiting: () => number
}

export type OutboxOptions = {
  readonly clock: Clock
  readonly log: Log
  /** Aborts when the bot ends: what still waits stops waiting. */
  readonly signal: AbortSignal
  readonly send: (service: string, message: OutgoingMessage) => Promise<Receipt>
  /** Messages a second that one channel of a service takes. */
  readonly perSecond: (service: string) => number
  readonly onOutcome?: (service: string, message: OutgoingMessage, outcome: Outcome) => void
}

/** A service that is down for longer than this is told of by a report, not by one more attempt. */
const giveUpAfter = 30 * 60_000
/** An error that is neither `RetryLater` nor `Undeliverable` is a fault of ours: it will hardly pass with time. */
const attemptsAtFaults = 3

/**
 * Sends messages channel by channel, in the order of a lane: a slow or failing channel never holds up another. A channel gets no more a second than its service takes. What a service cannot take now is tried again,
 * after 0.5 s, doubled up to 60 s, with full jitter, or as long as the service asks for, for half an hour.
 */
export const createOutbox = (options: OutboxOptions): Outbox => {
  const { clock, log, signal, send, perSecond, onOutcome } = options
  const lanes = new Map<string, Lane<Waiting>>()
  const rate = createRate(clock)
  let waiting = 0

  const pause = (ms: number): Promise<void> => clock.sleep(ms, signal).catch(() => {})

  /** What an operator looks for is the end of a command; a flood of answers would only hide it. */
  const tell = (service: string, { kind, channel, execution }: OutgoingMessage): void => {
    if (kind === 'result') log.info('A result was posted.', { service, channel, execution })
    else log.debug('A message was posted.', { service, channel, kind })
  }

  /** What a failed attempt means: how the message ended, or how many ms to wait before the next. */
  const judge = (item: Waiting, tries: number, error: unknown): Outcome | number => {
    if (error instanceof Undeliverable) {
      return { kind: 'undeliverable', reason: error.message, advice: error.advice }
    }
    if (signal.aborted) return stopped
    const { service, message, began } = item
    const reason = error instanceof Error ? error.message : String(error)
    const later = error instanceof RetryLater
    const enough = later
      ? clock.monotonic() - began > giveUpAfter
      : ++item.faults >= attemptsAtFaults
    if (enough) return { kind: 'undeliverable', reason, advice: later ? tooLong : ourFault }
    log.debug('A message could not be sent yet.', { service, channel: message.channel, reason })
    return Math.max(fullJitter(tries, clock), later ? error.after : 0)
  }

  const report = (service: string, message: OutgoingMessage, outcome: Outcome): Outcome => {
    if (outcome.kind === 'undeliverable') {
      log.error('A message could not be delivered.', {
        service,
        channel: message.channel,
        kind: message.kind,
        reason: outcome.reason,
        advice: outcome.advice,
        link: message.link,
      })
    }
    onOutcome?.(service, message, outcome)
    return outcome
  }

  /** Sends `first` and what waits in the lane, one after the other, until nothing is left. */
  const run = async (name: string, lane: Lane<Waiting>, first: Waiting): Promise<void> => {
    for (let next: Waiting | undefined = first; next !== undefined; next = lane.take()) {
      const { service, message } = next
      let outcome: Outcome | undefined
      for (let tries = 1; outcome === undefined; tries++) {
        const wait = rate.take(name, perSecond(service))
        if (wait > 0) await pause(wait)
        if (signal.aborted) {
          outcome = stopped
          break
        }
        try {
          outcome = { kind: 'sent', receipt: await send(service, message) }
          tell(service, message)
        } catch (error) {
          const judged = judge(next, tries, error)
          if (typeof judged === 'number') await pause(judged)
          else outcome = judged
        }
      }
      waiting--
      next.end(report(service, message, outcome))
    }
    lanes.delete(name)
  }

  const put = (turn: Turn): Outbox['post'] => (service, message) =>
    new Promise((end) => {
      const name = laneOf(service, message)
      waiting++
      const lane = lanes.get(name)
      const item = { service, message, began: clock.monotonic(), faults: 0, end }
      // An acknowledgement and its result link to the same execution.
      if (lane !== undefined) return lane.put(item, turn, message.link)
      const own = createLane<Waiting>()
      lanes.set(name, own)
      void run(name, own, item)
    })

  return {
    post: put('reply'),
    announce: put('announcement'),
    waiting: () => waiting,
  }
}

/** A message that is not yet sent. */
type Waiting = {
  readonly service: string
  readonly message: OutgoingMessage
  /** When it was posted, ms of the clock's monotonic time. */
  readonly began: number
  /** Attempts that failed by a fault of ours. */
  faults: number
  readonly end: (outcome: Outcome) => void
}

const stopped: Outcome = { kind: 'stopped' }

const laneOf = (service: string, { channel }: OutgoingMessage): string => `${service}\n${channel}`

const tooLong = 'The chat service took nothing for 30 minutes; see the execution for what it says.'
const ourFault = 'This is a fault in st2chatops; please report it with the log line above.'
