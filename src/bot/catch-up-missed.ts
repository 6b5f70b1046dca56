import type { Wording } from '../chat/wording.ts'
import type { Announcement } from '../stackstorm/announcement.ts'
import { readOrigin, sourceChannel } from './origin.ts'

/** A result that came too long ago to be posted by itself. */
export type Missed = {
  readonly channel: string
  readonly context: unknown
  /** ms since 1970. */
  readonly at: number
  readonly link: string
}

/** The missed results of one channel. */
type Group = { readonly links: string[]; count: number; first: number; last: number }

/** A message with more links than these helps nobody. */
const mostLinks = 20

/** The name of a place that `announcements.ts` finds again without an origin: `service:channel`. */
const placeOf = ({ channel, context }: Missed): string => {
  const origin = readOrigin(context)
  if (origin === undefined) return channel
  const typedHere = channel === sourceChannel(origin.channel)
  return `${origin.service}:${typedHere ? origin.channel : channel}`
}

/** Gathers missed results, and words one message for each channel. */
export type MissedResults = {
  readonly add: (missed: Missed) => void
  readonly count: () => number
  /** One announcement a channel, to be posted in the place of all of its results. */
  readonly announcements: (wording: Wording, route: string) => readonly Announcement[]
}

export const createMissedResults = (): MissedResults => {
  const groups = new Map<string, Group>()
  let count = 0
  return {
    add: (missed) => {
      const { at, link } = missed
      const place = placeOf(missed)
      const group = groups.get(place) ?? { links: [], count: 0, first: at, last: at }
      groups.set(place, group)
      if (group.links.length < mostLinks) group.links.push(link)
      group.count++
      group.first = Math.min(group.first, at)
      group.last = Math.max(group.last, at)
      count++
    },
    count: () => count,
    announcements: (wording, route) =>
      [...groups].map(([channel, { links, count, first, last }]) => ({
        route,
        channel,
        message: wording('missed', {
          count,
          from: shown(first),
          to: shown(last),
          links,
          more: count - links.length,
        }),
        whisper: false,
        extra: {},
      })),
  }
}

/** `2026-11-22 03:10`, in UTC. */
const shown = (time: number): string => new Date(time).toISOString().slice(0, 16).replace('T', ' ')
