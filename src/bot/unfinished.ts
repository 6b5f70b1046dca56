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
  readonly journal: Pick<Journal, 'answered' | 'mayHaveForgotten'>
  /** What the journal held before anything new was taken in. */
  readonly messages: readonly Unfinished[]
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
  const { journal, messages, services, log } = options
  if (messages.length === 0) return
  log.warn('The last run ended before it had answered; taking up what it left.', {
    messages: messages.length,
  })
  const isBegun = ({ sent, message, at }: Unfinished): boolean =>
    sent !== undefined || (isOld(options, at) && journal.mayHaveForgotten(message.at))
  const begun = messages.filter(isBegun)
  const waiting = messages.filter((message) => !isBegun(message))
  const settle = async (message: Unfinished, how: typeof tell): Promise<void> => {
    const service = services().find(({ name }) => name === message.service)
    if (service === undefined) await journal.answered(message.event)
    else await how(options, service, message)
  }
  const lookUp = async (): Promise<void> => {
    if (begun.length > 0) await stackstormAnswers(options)
    await Promise.all(begun.map((message) => settle(message, tell)))
  }
  await Promise.all([lookUp(), ...waiting.map((message) => settle(message, takeUp))])
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

const isOld = ({ clock }: Pick<UnfinishedOptions, 'clock'>, at: number): boolean =>
  clock.now() - at > stillWanted

/** Nothing was begun. */
const takeUp = async (
  { journal, answer, reply, clock, signal }: UnfinishedOptions,
  service: Service,
  { event, message, at }: Unfinished,
): Promise<void> => {
  if (!isOld({ clock }, at)) return await answer(service, message, event)
  await reply.failure(service, message, 'too-late', { command: message.text })
  if (!signal.aborted) await journal.answered(event)
}

/** It was being handed over, or may have been before the host lost its power: whether it started is looked up. */
const tell = async (
  { journal, clarify, reply, stackstorm, clock, signal }: UnfinishedOptions,
  service: Service,
  { event, message, at, sent }: Unfinished,
): Promise<void> => {
  const since = at + stackstorm.serverTime() - clock.now()
  const { looked, found } = await clarify(event, since)
  await reply.failure(service, message, 'unclear', {
    command: sent ?? message.text,
    looked,
    found,
  })
  if (!signal.aborted) await journal.answered(event)
}
