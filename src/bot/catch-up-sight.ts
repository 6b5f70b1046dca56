import type { CatchUpQueries } from '../stackstorm/catch-up.ts'
import type { Log } from '../log.ts'
import type { StackStorm } from '../stackstorm/types.ts'

export type SightOptions = {
  readonly queries: Pick<CatchUpQueries, 'seesResults'>
  readonly stackstorm: Pick<StackStorm, 'whoami'>
  readonly log: Log
  readonly signal: AbortSignal
}

/**
 * Finds out, before each pass, whether the bot is blind to what StackStorm itself posts: with permission isolation a user who
 * is no administrator sees its own executions alone. Says so in the log when it changes.
 */
export const createSight = (
  { queries, stackstorm, log, signal }: SightOptions,
): () => Promise<boolean> => {
  let told = false
  return async function isBlind() {
    const { username, rbac, admin } = await stackstorm.whoami(signal)
    const blind = rbac && !admin && !await queries.seesResults(signal)
    if (blind && !told) {
      log.warn(
        'StackStorm does not show this user what it announces: messages of rules and workflows that come while the event stream ' +
          'is down cannot be caught up, and missed results of commands come in their default form.',
        {
          user: username,
          advice: 'Give the user the role admin, or switch rbac.permission_isolation off.',
        },
      )
    }
    if (!blind && told) log.info('StackStorm now shows all that it announces.', { user: username })
    told = blind
    return blind
  }
}
