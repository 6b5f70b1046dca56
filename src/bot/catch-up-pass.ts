import {
  type Announcement,
  AnnouncementProblem,
  readAnnouncement,
} from '../stackstorm/announcement.ts'
import type { Announced, Finished } from '../stackstorm/catch-up.ts'
import { createMissedResults, type MissedResults } from './catch-up-missed.ts'
import { type CatchUpPassOptions, margin } from './catch-up-options.ts'
import { createLateResults, type LateResults } from './catch-up-results.ts'
import { createSearch } from './catch-up-search.ts'
import { createSight } from './catch-up-sight.ts'
import { readOrigin } from './origin.ts'

/** One pass; rejects when it could not be completed. `again`: something is undecided and wants a look so many ms from now. */
export type CatchUpPass = () => Promise<{ readonly again?: number }>

/** The border between what is posted and what is summarised lies on full steps of so many ms: a pass that is cut short begins again with the same one. */
const borderStep = 10 * 60_000

/** StackStorm's answers tell its time in whole seconds, and have travelled: ms by which its clock may look behind when it is not. */
const vague = 1_500

/**
 * The difference of two clocks, from how it looks: what is too small to be told apart from none is none. A journal that began a
 * second too early would hold what the bot of before has posted.
 */
const skewOf = (seen: number): number => seen <= 0 && seen > -vague ? 0 : seen

/**
 * One pass over what StackStorm says to have announced since the last: what the journal does not hold is posted, what
 * StackStorm failed to post is worded by us, what is older than the window is summarised. Only at its end the watermark moves.
 */
export const createCatchUpPass = (options: CatchUpPassOptions): CatchUpPass => {
  const { stackstorm, journal, announce, clock, log, meter, window } = options
  const { route, routes, isForeign } = options
  const search = createSearch(options)
  const sight = createSight(options)
  /** What this process has dealt with, and when that was: read again and again, it need not be looked at twice. */
  const settled = new Map<string, number>()
  const late: LateResults = createLateResults({ ...options, settled })
  let rebuilt = false

  const readFound = ({ execution, route, payload }: Announced): Announcement | undefined => {
    try {
      return readAnnouncement(`st2.announcement__${route}`, { payload })
    } catch (error) {
      if (!(error instanceof AnnouncementProblem)) throw error
      log.error('An announcement that was found could not be read and was not posted.', {
        link: stackstorm.executionLink(execution),
        error,
      })
      return undefined
    }
  }

  /** What has ended from `from` to `to` and is ours to tell of. */
  const finished = async (from: number, to: number): Promise<readonly Finished[]> =>
    (await search.finished(from, to)).filter(({ channel, context = {} }) =>
      !isForeign({ channel, context })
    )

  /** Posts every announcement from `from` to `to` that is not known. */
  const postAnnounced = async (from: number, to: number): Promise<void> => {
    let missed = 0
    for await (const found of search.announced(from, to)) {
      const { execution, at } = found
      if (!routes.includes(found.route) || settled.has(execution)) continue
      const announcement = readFound(found)
      if (announcement !== undefined && !isForeign(announcement)) {
        if (!await options.isKnown(announcement, { execution, at })) {
          missed++
          meter.catchUp('found')
        }
        await announce(announcement, { execution, at })
      }
      settled.set(execution, at)
    }
    if (missed === 0) return
    log.info('Announcements that the event stream did not bring were found and are posted.', {
      announcements: missed,
      since: new Date(from).toISOString(),
    })
  }

  const addAnnounced = async (missed: MissedResults, found: Announced): Promise<void> => {
    const { execution, at } = found
    const announcement = routes.includes(found.route) ? readFound(found) : undefined
    if (announcement === undefined || isForeign(announcement)) return
    const { channel, context } = announcement
    const correlation = readOrigin(context)?.correlation
    if (correlation !== undefined && journal.hasAnnouncement(correlation)) return
    if (await options.isKnown(announcement, { execution, at })) return
    const command = correlation === undefined ? undefined : journal.executionOf(correlation)
    missed.add({ channel, context, at, link: stackstorm.executionLink(command ?? execution) })
  }

  /** Tells each channel in one message what came from `from` to `to`. */
  const summarise = async (from: number, to: number, blind: boolean): Promise<void> => {
    const missed = createMissedResults()
    for await (const found of search.announced(from, to)) await addAnnounced(missed, found)
    for (
      const { execution, channel = '', context, at } of await late.unposted(
        await finished(from, to),
        from,
        blind,
      )
    ) {
      missed.add({ channel, context, at, link: stackstorm.executionLink(execution) })
    }
    for (const summary of missed.announcements(options.wording, route)) {
      const execution = `missed:${from}-${to}:${summary.channel}`
      await announce(summary, { execution, at: to })
    }
    if (missed.count() === 0) return
    for (let count = missed.count(); count > 0; count--) meter.catchUp('summarised')
    log.warn(
      'Results came longer ago than the catch-up window; their channels were told in one message each.',
      {
        results: missed.count(),
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
      },
    )
  }

  /** Learns which commands of this journal have not ended: their results are still to come. Those of other bots are theirs. */
  const rebuild = async (): Promise<void> => {
    for (const { execution, context } of await search.unfinished()) {
      const correlation = readOrigin(context)?.correlation
      if (correlation === undefined || journal.executionOf(correlation) === undefined) continue
      options.expect(correlation, execution)
    }
    rebuilt = true
  }

  /** Up to when everything is known. */
  const readWatermark = async (now: number): Promise<number> => {
    const watermark = journal.watermark()
    if (watermark === undefined) {
      // Whatever came before this journal, the bot of before has posted: the first pass begins there and not a margin earlier.
      const began = journal.born() + skewOf(now - clock.now()) + margin
      await journal.mark(began)
      log.info('This journal begins now: results from now on are caught up.')
      return began
    }
    // A mark in the future was made before StackStorm's clock was set back: it says nothing about now.
    return watermark > now + 2 * margin ? now - window : watermark
  }

  const forget = (before: number): void => {
    for (const [key, at] of settled) if (at < before) settled.delete(key)
  }

  return async function pass() {
    const blind = await sight()
    const now = stackstorm.serverTime()
    if (!rebuilt) await rebuild()
    const watermark = await readWatermark(now)
    const border = Math.floor((now - window) / borderStep) * borderStep
    let from = watermark - margin
    if (from < border) {
      await summarise(from, border, blind)
      await journal.mark(border + margin)
      from = border
    }
    // `now` may be behind, and nothing lies in the future: what has ended by now is all found.
    const to = now + margin
    await postAnnounced(from, to)
    const { again, undecided } = await late.post(await finished(from, to), from, blind)
    await journal.mark(Math.max(from + margin, Math.min(now, undecided + margin)))
    forget(from - margin)
    return again === undefined ? {} : { again }
  }
}
