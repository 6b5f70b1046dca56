import type { Journal } from '../delivery/journal.ts'
import { type Origin, readOrigin } from './origin.ts'
import type { Service } from './service.ts'

/** What tells to whom an announcement, or the result of an execution, belongs. */
export type Addressee = { readonly channel?: string | undefined; readonly context?: unknown }

/**
 * Whether it is another bot's: several may listen to one StackStorm, and its stream brings everything to each. `origin` is the one in
 * its context, where the caller has read that already.
 */
export type IsForeign = (to: Addressee, origin?: Origin) => boolean

export type ForeignOptions = {
  readonly journal: Pick<Journal, 'hasCommand'>
  readonly services: () => readonly Service[]
  /** The names of all services that the bot is to talk in, connected or not. */
  readonly configured: readonly string[]
}

/**
 * What was typed in a service that this bot does not have is its own only when its journal holds the command: it had that
 * service once. Else it is the business of the bot that has it, unless the announcement names a service of ours.
 */
export const createIsForeign = (
  { journal, services, configured }: ForeignOptions,
): IsForeign =>
  function isForeign({ channel = '', context }, origin = readOrigin(context)) {
    if (origin === undefined || configured.includes(origin.service)) return false
    if (services().some(({ name }) => channel.startsWith(`${name}:`))) return false
    return !journal.hasCommand(origin.correlation)
  }
