import * as v from 'valibot'
import type { Wording } from '../chat/wording.ts'
import type { Clock } from '../clock.ts'
import type { Journal, UnfinishedCommand } from '../delivery/journal.ts'
import type { Outbox } from '../delivery/outbox.ts'
import type { Log } from '../log.ts'
import { fullJitter } from '../net/backoff.ts'
import type { StackStorm } from '../stackstorm/types.ts'
import type { Clarified, Clarify } from './clarify.ts'
import { type Origin, originSchema } from './origin.ts'

export type UnfinishedOptions = {
  readonly journal: Pick<Journal, 'unfinishedCommands' | 'commandEnded'>
  readonly stackstorm: Pick<StackStorm, 'whoami' | 'serverTime'>
  readonly clarify: Clarify
  readonly outbox: Outbox
  readonly wording: Wording
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal
  readonly newKey: () => string
}

/**
 * Takes up the commands that an earlier process was handing over when it ended: whether each started is looked up,
 * and told where it was typed. None is sent again.
 */
export const clarifyUnfinished = async (options: UnfinishedOptions): Promise<void> => {
  const { journal, log } = options
  const commands = journal.unfinishedCommands()
  if (commands.length === 0) return
  log.warn('The last run ended while commands were being started; looking for their executions.', {
    commands: commands.length,
  })
  await reachable(options)
  await Promise.all(commands.map((command) => tell(options, command)))
}

/** Settles when StackStorm answers: before that nothing can be looked up. */
const reachable = async ({ stackstorm, clock, signal }: UnfinishedOptions): Promise<void> => {
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

const tell = async (options: UnfinishedOptions, unfinished: UnfinishedCommand): Promise<void> => {
  const { clarify, outbox, wording, newKey, stackstorm, clock } = options
  const { correlation, command, at } = unfinished
  const clarified = await clarify(correlation, at + stackstorm.serverTime() - clock.now())
  const origin = readOriginText(unfinished.origin)
  if (origin === undefined) return
  await outbox.post(origin.service, {
    key: newKey(),
    kind: 'failure',
    channel: origin.channel,
    ...(origin.thread !== undefined && { thread: origin.thread }),
    whisper: false,
    pretext: '',
    text: words(wording, command, clarified),
    status: 'failed',
    extra: {},
  })
}

const words = (wording: Wording, command: string, { looked, found }: Clarified): string =>
  wording('unclear', { command, looked, found })

const readOriginText = (text: string): Origin | undefined => {
  try {
    const read = v.safeParse(originSchema, JSON.parse(text))
    return read.success ? read.output : undefined
  } catch {
    return undefined
  }
}
