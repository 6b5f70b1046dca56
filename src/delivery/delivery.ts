import type { Log } from '../log.ts'
import { failPoint } from '../fail-point.ts'
import type { AcceptedAnnouncement, Journal, WaitingMessage } from './journal.ts'
import type { Outbox } from './outbox.ts'

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
  const underWay = new Set<number>()

  const settle = async (waiting: WaitingMessage): Promise<void> => {
    const { number, service, message } = waiting
    try {
      const outcome = await outbox.announce(service, message)
      failPoint('announcement: posted')
      if (outcome.kind === 'sent') await journal.sent(number)
      if (outcome.kind === 'undeliverable') {
        await journal.dead(number, outcome.reason, outcome.advice)
        onDead(waiting, outcome.reason, outcome.advice)
      }
      failPoint('announcement: settled')
    } catch (error) {
      log.error('The journal could not take how a message ended; it may be posted again.', {
        channel: message.channel,
        error: error instanceof Error ? error : new Error(String(error)),
      })
    } finally {
      underWay.delete(number)
    }
  }

  const deliver = (waiting: WaitingMessage): void => {
    if (underWay.has(waiting.number)) return
    underWay.add(waiting.number)
    void settle(waiting)
  }

  return {
    accept: async (announcement) => {
      const number = await journal.accept(announcement)
      if (number === undefined) return false
      failPoint('announcement: accepted')
      deliver({ number, service: announcement.service, message: announcement.message })
      return true
    },
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
    resume: () => journal.waiting().forEach(deliver),
    underWay: () => underWay.size,
  }
}
