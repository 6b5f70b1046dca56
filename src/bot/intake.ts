import type { ChatMessage } from '../chat/message.ts'
import type { Journal } from '../delivery/journal.ts'
import { failPoint } from '../fail-point.ts'
import type { Log } from '../log.ts'
import type { Commands } from './commands.ts'
import type { Reply } from './reply.ts'
import type { Service } from './service.ts'

export type IntakeOptions = {
  readonly journal: Pick<
    Journal,
    'eventOf' | 'takeIn' | 'answered' | 'reachedDisk' | 'status'
  >
  readonly commands: Commands
  readonly reply: Reply
  readonly log: Log
  /** Aborts when the bot ends. */
  readonly signal: AbortSignal
  /** Counts what is being worked on. */
  readonly track: (work: Promise<void>) => void
}

/** Takes messages in from chat services. */
export type Intake = {
  /**
   * Takes a message in, if it is for the bot and new. Settles when it is on the disk: the service may be told then that it has
   * arrived. What comes of it is worked on beside that.
   */
  readonly receive: (service: Service, message: ChatMessage) => Promise<void>
  /** From now on messages are written down and left to the next start. */
  readonly stop: () => void
  /** Works on a message that is written down under the key `event`, or is about to be. */
  readonly answer: (
    service: Service,
    message: ChatMessage,
    event: string,
    written?: Promise<void>,
  ) => Promise<void>
}

/**
 * So many messages at a time are looked at before they are written: a command that can be sent at once is written as such then. In a flood
 * nobody's command can be sent at once, and what was found out about each would only be held.
 */
const mostAhead = 100

export const createIntake = (
  { journal, commands, reply, log, signal, track }: IntakeOptions,
): Intake => {
  let stopped = false
  /** How many are looked at before they are written. */
  let ahead = 0

  const answer: Intake['answer'] = async (service, message, event, written = Promise.resolve()) => {
    const isAnswered = await commands(service, message, event, written)
    // A bot that ends has not answered all: the next start takes up what is left.
    if (isAnswered && !signal.aborted) await journal.answered(event)
  }

  /** Without a journal that outlives the process nobody will take the message up. */
  const turnAway = async (service: Service, message: ChatMessage): Promise<void> => {
    await reply.failure(service, message, 'stopping', { command: message.text })
  }

  return {
    answer,
    stop: () => {
      stopped = true
    },
    receive: async (service, message) => {
      if (service.addressed(message) === undefined) return
      const isLate = stopped
      const event = journal.eventOf(service.name, message)
      const { isNew, written } = journal.takeIn(event, service.name, message)
      const takenIn = written.then(() => {
        if (isNew) failPoint('message: taken in')
      })
      const isAhead = isNew && !isLate && ahead < mostAhead
      if (isAhead) {
        ahead++
        track(answer(service, message, event, takenIn))
      }
      try {
        await takenIn
      } finally {
        if (isAhead) ahead--
      }
      if (isNew) {
        if (!isLate && !isAhead) track(answer(service, message, event))
        if (isLate && !journal.status().durable) track(turnAway(service, message))
      } else {
        log.debug('An event came again and was dropped.', {
          service: service.name,
          event: message.id,
        })
      }
      // The work does not wait for the disk; the service's own copy of the message is needed until then.
      await journal.reachedDisk()
    },
  }
}
