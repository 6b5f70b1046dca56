import { type Receipt, RetryLater, Undeliverable } from '../chat/adapter.ts'
import type { OutgoingMessage } from '../chat/message.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { fullJitter } from '../net/backoff.ts'

/** How a message ended. There is no third way: what is not sent is reported. */
export type Outcome =
  | { readonly kind: 'sent'; readonly receipt: Receipt }
  | { readonly kind: 'undeliverable'; readonly reason: string; readonly advice: string }

export type Outbox = {
  /** Puts a message behind all earlier ones of its channel. Resolves with how it ended; never rejects. */
  readonly post: (service: string, message: OutgoingMessage) => Promise<Outcome>
  /** How many messages are not yet sent. */
  readonly waiting: () => number
}

export type OutboxOptions = {
  readonly clock: Clock
  readonly log: Log
  /** Aborts when the bot ends: waiting messages end as undeliverable, and the log says so. */
  readonly signal: AbortSignal
  readonly send: (service: string, message: OutgoingMessage) => Promise<Receipt>
  readonly onOutcome?: (service: string, message: OutgoingMessage, outcome: Outcome) => void
}

/** A service that is down for longer than this is told of by a report, not by one more attempt. */
const giveUpAfter = 30 * 60_000
/** An error that is neither `RetryLater` nor `Undeliverable` is a fault of ours: it will hardly pass with time. */
const attemptsAtFaults = 3

/**
 * Sends messages in the order in which they were posted, channel by channel: a slow or failing channel
 * never holds up another. What a service cannot take now is tried again, after 0.5 s, doubled up to 60 s, with full jitter,
 * or as long as the service asks for.
 */
export const createOutbox = ({ clock, log, signal, send, onOutcome }: OutboxOptions): Outbox => {
  const lanes = new Map<string, Promise<unknown>>()
  let waiting = 0

  const attempt = async (service: string, message: OutgoingMessage): Promise<Outcome> => {
    const began = clock.monotonic()
    for (let tries = 1;; tries++) {
      try {
        return { kind: 'sent', receipt: await send(service, message) }
      } catch (error) {
        if (error instanceof Undeliverable) {
          return { kind: 'undeliverable', reason: error.message, advice: error.advice }
        }
        const reason = error instanceof Error ? error.message : String(error)
        const later = error instanceof RetryLater
        const spent = clock.monotonic() - began
        if (signal.aborted || (later ? spent > giveUpAfter : tries >= attemptsAtFaults)) {
          return { kind: 'undeliverable', reason, advice: adviceFor(later, signal.aborted) }
        }
        log.debug('A message could not be sent yet.', { service, channel: message.channel, reason })
        const wait = Math.max(fullJitter(tries, clock), later ? error.after : 0)
        await clock.sleep(wait, signal).catch(() => {})
      }
    }
  }

  const deliver = async (service: string, message: OutgoingMessage): Promise<Outcome> => {
    const outcome = await attempt(service, message)
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

  return {
    post: (service, message) => {
      const lane = `${service}\n${message.channel}`
      waiting++
      const ended = (lanes.get(lane) ?? Promise.resolve())
        .then(() => deliver(service, message))
        .finally(() => {
          waiting--
          if (lanes.get(lane) === ended) lanes.delete(lane)
        })
      lanes.set(lane, ended)
      return ended
    },
    waiting: () => waiting,
  }
}

const adviceFor = (later: boolean, stopping: boolean): string => {
  if (stopping) return 'st2chatops was stopped before the message could be sent; see the execution.'
  if (later) {
    return 'The chat service took nothing for 30 minutes; see the execution for what it says.'
  }
  return 'This is a fault in st2chatops; please report it with the log line above.'
}
