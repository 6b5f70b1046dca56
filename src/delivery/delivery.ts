import type { Log } from '../log.ts'
import { failPoint } from '../fail-point.ts'
import type { Held } from './arrivals.ts'
import type { OutgoingMessage } from '../chat/message.ts'
import type { AcceptedAnnouncement, Journal, WaitingMessage } from './journal.ts'
import type { Outbox, Outcome } from './outbox.ts'

/** Brings announcements to chat so that each arrives, or is told of. */
export type Delivery = {
  /**
   * Writes an announcement down and posts it, unless it is known already. Settles when it is written, with whether it is new:
   * from then on it outlives this process.
   */
  readonly accept: (announcement: AcceptedAnnouncement) => Promise<boolean>
  /** Writes an announcement down that can go nowhere, as a dead letter. */
  readonly refuse: (
    announcement: AcceptedAnnouncement,
    reason: string,
    advice: string,
  ) => Promise<boolean>
  /** Posts what is written down and not under way: what an earlier process left, or somebody put back. */
  readonly resume: () => void
  /** How many are written down and not yet settled by this process. */
  readonly underWay: () => number
}

export type DeliveryOptions = {
  readonly journal: Journal
  readonly outbox: Outbox
  readonly log: Log
  /** A message was given up. */
  readonly onDead: (message: WaitingMessage, reason: string, advice: string) => void
}

export const createDelivery = (
  { journal, outbox, log, onDead }: DeliveryOptions,
): Delivery => {
  /** By their numbers. */
  const waiting = new Set<number>()
  const held = new Set<Held>()

  const failed = ({ channel }: OutgoingMessage, error: unknown): void =>
    log.error('The journal could not take how a message ended; it may be posted again.', {
      channel,
      error: error instanceof Error ? error : new Error(String(error)),
    })

  const settle = async (one: WaitingMessage): Promise<void> => {
    const { number, service, message } = one
    try {
      const outcome = await outbox.announce(service, message)
      failPoint('announcement: posted')
      if (outcome.kind === 'sent') await journal.sent(number)
      if (outcome.kind === 'undeliverable') {
        await journal.dead(number, outcome.reason, outcome.advice)
        onDead(one, outcome.reason, outcome.advice)
      }
      failPoint('announcement: settled')
    } catch (error) {
      failed(message, error)
    } finally {
      waiting.delete(number)
    }
  }

  const endHeld = async (one: Held, outcome: Outcome): Promise<void> => {
    const { service, message } = one.announcement
    try {
      failPoint('announcement: posted')
      if (outcome.kind === 'sent') await journal.heldSent(one)
      if (outcome.kind === 'undeliverable') {
        const number = await journal.heldDead(one, outcome.reason, outcome.advice)
        onDead({ number, service, message }, outcome.reason, outcome.advice)
      }
      failPoint('announcement: settled')
    } catch (error) {
      failed(message, error)
    } finally {
      held.delete(one)
    }
  }

  const deliver = (one: WaitingMessage): void => {
    waiting.add(one.number)
    void settle(one)
  }

  const deliverHeld = (one: Held): void => {
    failPoint('announcement: accepted')
    held.add(one)
    const { service, message } = one.announcement
    outbox.announce(service, message).then((outcome) => endHeld(one, outcome))
  }

  const acceptSought = async (announcement: AcceptedAnnouncement): Promise<boolean> => {
    const number = await journal.accept(announcement)
    if (number === undefined) return false
    failPoint('announcement: accepted')
    deliver({ number, service: announcement.service, message: announcement.message })
    return true
  }

  return {
    accept: (announcement) => journal.hold(announcement, deliverHeld) ?? acceptSought(announcement),
    refuse: async (announcement, reason, advice) => {
      const number = await journal.accept(announcement)
      if (number === undefined) return false
      await journal.dead(number, reason, advice)
      const { service, message } = announcement
      log.error('A message could not be delivered.', {
        service,
        channel: message.channel,
        reason,
        advice,
        link: message.link,
      })
      onDead({ number, service, message }, reason, advice)
      return true
    },
    resume: () => {
      const known = new Set(waiting)
      for (const { number } of held) if (number !== undefined) known.add(number)
      for (const one of journal.waiting()) if (!known.has(one.number)) deliver(one)
    },
    underWay: () => waiting.size + held.size,
  }
}
