import type { Clock } from '../../src/clock.ts'
import type { Log } from '../../src/log.ts'
import { backoff } from '../../src/net/backoff.ts'
import { SlackBusy, SlackRefused } from './failures.ts'
import { botScopes } from './manifest.ts'
import { type Self, selfAnswer } from './self.ts'
import type { VitalSigns } from '../../src/chat/vital-signs.ts'
import type { SlackWeb } from './web.ts'

export type IntroduceOptions = {
  readonly web: SlackWeb
  readonly signs: VitalSigns
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal
  /** What to do about a refusal, in words. */
  readonly advise: (refused: SlackRefused) => string
  /** Whether the app has the scopes of our manifest; classic ones have others. */
  readonly granular: boolean
}

/** A refusal that a person must put right is looked at again once a minute, so that no restart is needed. */
const retryRefused = 60_000

/**
 * Asks Slack who the bot is until it says so; undefined when the bot ends before. The answer tells as well what the token
 * may do: what is missing is named in the log.
 */
export const introduce = async (options: IntroduceOptions): Promise<Self | undefined> => {
  const { web, signs, clock, log, signal, advise, granular } = options
  const waits = backoff({ clock })
  for (let complaint = ''; !signal.aborted;) {
    try {
      const { self, scopes } = await web.call('auth.test', {}, selfAnswer)
      const missing = Object.keys(botScopes).filter((scope) => !scopes.includes(scope))
      if (granular && scopes.length > 0 && missing.length > 0) {
        log.warn('The Slack app lacks scopes.', {
          scopes: missing.join(' '),
          advice: 'Add them under "OAuth & Permissions" and reinstall the app.',
        })
      }
      log.info('Slack knows the bot.', { bot: self.name, workspace: self.teamName })
      return self
    } catch (error) {
      if (signal.aborted) break
      const reason = error instanceof Error ? error.message : String(error)
      const refused = error instanceof SlackRefused
      const say = reason === complaint ? log.debug : refused ? log.error : log.warn
      say('Slack does not let the bot in.', { reason, ...refused && { advice: advise(error) } })
      complaint = reason
      signs.down(refused ? `${reason}. ${advise(error)}` : reason, refused)
      const pause = refused ? retryRefused : error instanceof SlackBusy ? error.after : 0
      await Promise.all([waits.wait(signal), clock.sleep(pause, signal)]).catch(() => {})
    }
  }
  return undefined
}
