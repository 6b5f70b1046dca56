import { createRandom, type Random } from '../config/random.ts'
import { type OutageName, outageNames, quickOutageNames } from './outages.ts'

/** How much is to happen. */
export type Size = {
  readonly commands: number
  readonly announcements: number
  readonly kills: number
  readonly outages: number
  /** How long commands, announcements, kills and outages go on, in seconds. */
  readonly seconds: number
  /** Of the outages, how many last for longer than the bot's own watchdogs (60 s). 0 also leaves out what is slow to heal. */
  readonly deep: number
}

/** What `npm test` runs. */
export const shortForm: Size = {
  commands: 60,
  announcements: 150,
  kills: 6,
  outages: 8,
  seconds: 26,
  deep: 0,
}

/** What the promise is proved by. */
export const longForm: Size = {
  commands: 2_000,
  announcements: 5_000,
  kills: 100,
  outages: 100,
  seconds: 900,
  deep: 3,
}

export type Action =
  | { readonly kind: 'command'; readonly word: string; readonly channel: string }
  | { readonly kind: 'announce'; readonly word: string; readonly channel: string }
  /** Killed wherever it happens to be. */
  | { readonly kind: 'kill' }
  /** Killed at the so many-th fail point that it comes by. */
  | { readonly kind: 'kill at a fail point'; readonly after: number }
  /** SIGTERM, as a package upgrade does. */
  | { readonly kind: 'terminate' }
  | { readonly kind: 'outage'; readonly name: OutageName; readonly lasts: number }

/** `at`: ms from the start. */
export type Planned = Action & { readonly at: number }

/** A channel that the chat service refuses for good. */
export const goneChannel = 'gone'
/** Where people talk. */
export const channels = ['ops', 'deploys', 'alerts', 'night-shift', 'random', 'database'] as const

/** A bot is upgraded less often than it is killed here. */
const killsForEachTermination = 4
/** One announcement in so many goes to the channel that is gone, and one repeats the text of the one before. */
const oneGoneIn = 30
const oneTwinIn = 30
/** ms that a usual outage lasts: long enough that several messages meet it. */
const shortest = 400
const longest = 3_000
/** ms that a deep one lasts: past the 60 s after which a silent stream counts as dead. */
const deepLasts = 75_000
/** A fail point is passed some ten times for each command: the first ones after an order, but not always the first. */
const failPointsAhead = 12

const numbered = (letter: string, number: number): string =>
  `${letter}-${String(number).padStart(6, '0')}`

const spread = (random: Random, count: number, over: number): readonly number[] =>
  Array.from({ length: count }, () => random.below(over))

const outages = (random: Random, { outages: count, deep, seconds }: Size): readonly Planned[] => {
  const total = seconds * 1000
  // Each kind once, in random order, before any comes again.
  const names: OutageName[] = []
  while (names.length < count) {
    const round = [...(deep > 0 ? outageNames : quickOutageNames)]
    while (round.length > 0) names.push(...round.splice(random.below(round.length), 1))
  }
  const chosen = names.slice(0, count)
  const silent = chosen.flatMap((name, index) => name.endsWith('silent') ? [index] : [])
  const deepOnes = new Set(silent.slice(0, deep))
  const lengths = chosen.map((_, index) =>
    deepOnes.has(index) ? deepLasts : shortest + random.below(longest - shortest)
  )
  // One after the other: what is left of the time is shared out as pauses between them.
  const pause = Math.max(0, total - lengths.reduce((sum, ms) => sum + ms, 0)) / (count + 1)
  let at = 0
  return chosen.map((name, index) => {
    const lasts = lengths[index] ?? shortest
    const planned = { kind: 'outage', name, lasts, at: Math.round(at + pause) } as const
    at += pause + lasts
    return planned
  })
}

const announcements = (random: Random, size: Size): readonly Planned[] => {
  const times = spread(random, size.announcements, size.seconds * 1000)
  let before: { readonly word: string; readonly channel: string } | undefined
  return times.toSorted((a, b) => a - b).map((at, number) => {
    const twin = random.oneIn(oneTwinIn)
    const said = twin && before !== undefined ? before : {
      word: numbered('a', number),
      channel: random.oneIn(oneGoneIn) ? goneChannel : random.pick(channels),
    }
    before = said
    return { kind: 'announce', ...said, at }
  })
}

/** Everything that will happen, in the order of time. The same seed and size give the same plan. */
export const makePlan = (seed: number, size: Size): readonly Planned[] => {
  const random = createRandom(seed)
  const total = size.seconds * 1000
  const plan: readonly Planned[] = [
    ...outages(random, size),
    ...announcements(random, size),
    ...spread(random, size.commands, total).map((at, number): Planned => ({
      kind: 'command',
      word: numbered('c', number),
      channel: random.pick(channels),
      at,
    })),
    ...spread(random, size.kills, total).map((at, number): Planned =>
      number % 2 === 0
        ? { kind: 'kill', at }
        : { kind: 'kill at a fail point', after: 1 + random.below(failPointsAhead), at }
    ),
    ...spread(random, Math.ceil(size.kills / killsForEachTermination), total)
      .map((at): Planned => ({ kind: 'terminate', at })),
  ]
  return plan.toSorted((a, b) => a.at - b.at)
}
