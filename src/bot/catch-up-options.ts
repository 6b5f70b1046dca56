import type { Wording } from '../chat/wording.ts'
import type { Clock } from '../clock.ts'
import type { Journal } from '../delivery/journal.ts'
import type { Log } from '../log.ts'
import type { Announcement } from '../stackstorm/announcement.ts'
import type { CatchUpQueries } from '../stackstorm/catch-up.ts'
import type { StackStorm } from '../stackstorm/types.ts'
import type { Announce, Found } from './announcements.ts'
import type { IsForeign } from './foreign.ts'

/** What catching up counts. */
export type CatchUpMeter = {
  /**
   * complete, failed: a pass; found: an announcement that the stream did not bring; formatted: a result that the bot had to word
   * itself; summarised: one that was too old to be posted.
   */
  readonly catchUp: (outcome: string) => void
}

export type CatchUpPassOptions = {
  readonly queries: CatchUpQueries
  readonly stackstorm: Pick<StackStorm, 'whoami' | 'execution' | 'executionLink' | 'serverTime'>
  readonly journal: Pick<
    Journal,
    'born' | 'watermark' | 'mark' | 'hasAnnouncement' | 'executionOf'
  >
  /** Settles when the announcement is written down, not when it is sent: a slow chat must not hold up catching up. */
  readonly announce: Announce
  readonly isForeign: IsForeign
  /** Whether the journal holds this announcement already, by its execution or by its payload: what was posted is neither counted nor summarised. */
  readonly isKnown: (announcement: Announcement, found: Found) => boolean | Promise<boolean>
  /** False: the alias of this name wants no result in chat. Without it StackStorm's own word alone counts. */
  readonly postsResults?: (alias: string) => boolean
  /**
   * Whether the alias of this name words its results itself, or may: then nothing of what an execution gave is shown but by StackStorm. Without it
   * every result may be shown.
   */
  readonly hasOwnWords?: (alias: string) => boolean | Promise<boolean>
  /** Told once at the start of every command whose execution has not ended. */
  readonly expect: (correlation: string, execution: string) => void
  readonly wording: Wording
  readonly clock: Clock
  readonly log: Log
  readonly meter: CatchUpMeter
  /** `ST2CHATOPS_CATCHUP_WINDOW`, ms: what is older is summarised. */
  readonly window: number
  /** `ST2_ROUTE`: the notification route of our commands. */
  readonly route: string
  /** The routes whose announcements are for us. */
  readonly routes: readonly string[]
  readonly signal: AbortSignal
}

/**
 * A pass begins so many ms before the end of the last: StackStorm writes an execution down a moment after its end, and the clocks
 * of its hosts differ.
 */
export const margin = 60_000
