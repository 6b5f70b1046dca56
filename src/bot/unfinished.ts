import type { Clock } from '../clock.ts'
import type { Journal, Unfinished } from '../delivery/journal.ts'
import type { Log } from '../log.ts'
import { fullJitter } from '../net/backoff.ts'
import type { StackStorm } from '../stackstorm/types.ts'
import type { Clarify } from './clarify.ts'
import type { Intake } from './intake.ts'
import type { Reply } from './reply.ts'
import type { Service } from './service.ts'

export type UnfinishedOptions = {
  readonly journal: Pick<Journal, 'unfinished' | 'answered'>
  readonly services: () => readonly Service[]
  readonly stackstorm: Pick<StackStorm, 'whoami' | 'serverTime'>
  readonly clarify: Clarify
  readonly answer: Intake['answer']
  readonly reply: Reply
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal
}

/** A command that nobody has begun is still what its person waits for after so many ms; later it would come as a surprise. */
const stillWanted = 5 * 60_000

/**
 * Takes up the messages that an earlier process took in and did not get done with. One that was being handed to StackStorm is
 * looked up and told of, never sent again; one that was not begun is answered now, or told of where it is old.
 */
export const takeUpUnfinished = async (options: UnfinishedOptions): Promise<void> => {
  const { journal, services, log } = options
  const messages = journal.unfinished()
  if (messages.length === 0) return
  log.warn('The last run ended before it had answered; taking up what it left.', {
    messages: messages.length,
  })
  const sent = messages.some((message) => message.sent !== undefined)
  const reachable = sent ? stackstormAnswers(options) : Promise.resolve()
  await Promise.all(messages.map(async (message) => {
    const service = services().find(({ name }) => name === message.service)
    if (service === undefined) await journal.answered(message.event)
    else if (message.sent === undefined) await takeUp(options, service, message)
    else await reachable.then(() => tell(options, service, message))
  }))
}

/** Settles when StackStorm answers: before that nothing can be looked up. */
const stackstormAnswers = async (options: UnfinishedOptions): Promise<void> => {
  const { stackstorm, clock, signal } = options
  for (let failures = 1;; failures++) {
    try {
      await stackstorm.whoami(signal)
      return
    } catch (error) {
      if (signal.aborted) throw error
      await clock.sleep(fullJitter(failures, clock), signal)
    }
  }
}

/** Nothing was begun. */
const takeUp = async (
  { journal, answer, reply, clock, signal }: UnfinishedOptions,
  service: Service,
  { event, message, at }: Unfinished,
): Promise<void> => {
  if (clock.now() - at <= stillWanted) return await answer(service, message)
  await reply.failure(service, message, 'too-late', { command: message.text })
  if (!signal.aborted) await journal.answered(event)
}

/** It was being handed over: whether it started is looked up. */
const tell = async (
  { journal, clarify, reply, stackstorm, clock, signal }: UnfinishedOptions,
  service: Service,
  { event, message, at, sent }: Unfinished,
): Promise<void> => {
  if (sent === undefined) return
  const since = at + stackstorm.serverTime() - clock.now()
  const { looked, found } = await clarify(sent.correlation, since)
  await reply.failure(service, message, 'unclear', { command: sent.command, looked, found })
  if (!signal.aborted) await journal.answered(event)
}
