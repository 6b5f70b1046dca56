import type { Journal } from '../delivery/journal.ts'
import { type Origin, readOrigin } from './origin.ts'
import type { Service } from './service.ts'

/** What tells to whom an announcement, or the result of an execution, belongs. */
export type Addressee = {
  readonly channel?: string | undefined
  readonly user?: string | undefined
  readonly whisper?: boolean
  /** What was sent with the command; undefined: nobody typed one. */
  readonly context?: unknown
}

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
  /** Another bot serves this StackStorm, and what is not surely ours is that bot's. */
  readonly guest: boolean
}

/**
 * What was typed in a service that this bot does not have is its own only when its journal holds the command: it had that
 * service once. Else it is the business of the bot that has it, unless the announcement names a service of ours.
 * A guest's own are its own commands, and what nobody typed when it is for the place where its person is.
 */
export const createIsForeign = (
  { journal, services, configured, guest }: ForeignOptions,
): IsForeign => {
  const isShown = ({ channel = '', user, whisper = false }: Addressee): boolean =>
    services().some(({ name, connection }) =>
      connection.shows?.({
        channel: channel.startsWith(`${name}:`) ? channel.slice(name.length + 1) : channel,
        whisper,
        ...(user !== undefined && { user: { name: user } }),
      }) ?? true
    )

  return function isForeign(to, origin = readOrigin(to.context)) {
    if (guest) {
      if (origin !== undefined) return !journal.hasCommand(origin.correlation)
      return to.context !== undefined || !isShown(to)
    }
    if (origin === undefined || configured.includes(origin.service)) return false
    const { channel = '' } = to
    if (services().some(({ name }) => channel.startsWith(`${name}:`))) return false
    return !journal.hasCommand(origin.correlation)
  }
}
