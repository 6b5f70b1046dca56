import { type BenchAliases, benchAliases } from '../aliases.ts'
import { type Contender, openSession, type Session, type World } from '../session.ts'
import { quantile } from '../stats.ts'
import {
  allAtOnce,
  flood,
  oneByOne,
  resultsAtOnce,
  resultsOneByOne,
  say,
  stallDuring,
} from './converse.ts'

/** How much of everything is done. */
export type Amounts = {
  readonly oneByOne: number
  readonly atOnce: number
  readonly unknown: number
  readonly chatter: number
  readonly results: number
  readonly burst: number
}

export const fullAmounts: Amounts = {
  oneByOne: 600,
  atOnce: 5_000,
  unknown: 2_000,
  chatter: 100_000,
  results: 500,
  burst: 5_000,
}

export const quickAmounts: Amounts = {
  oneByOne: 100,
  atOnce: 500,
  unknown: 200,
  chatter: 5_000,
  results: 100,
  burst: 500,
}

/** What one life of a bot shows; the unit stands in the name. */
export type Figures = {
  readonly readyMs: number
  readonly firstCommandMs: number
  readonly idleMb: number
  readonly afterChatterMb: number
  readonly oneP50Ms: number
  readonly oneP99Ms: number
  readonly perSecond: number
  readonly peakMb: number
  readonly unknownUs: number
  readonly chatterUs: number
  readonly reloadStallMs: number
  readonly resultP50Ms: number
  readonly resultP99Ms: number
  readonly burstPerSecond: number
  /** 1 when each channel got its results in order. */
  readonly burstInOrder: number
}

/** A person who waits for the bot types the same again; ms. */
const typeAgainAfter = 5

/** From the start of the process to the arrival of the first command that somebody types meanwhile. */
const firstCommand = async (
  contender: Contender,
  world: World,
  aliases: BenchAliases,
): Promise<number> => {
  const { chat } = world
  let timer: ReturnType<typeof setInterval> | undefined
  const type = () => chat.tell([say(`!${aliases.command(7)}`)])
  chat.onBot(() => {
    type()
    timer = setInterval(type, typeAgainAfter)
  })
  const session = await openSession(contender, world)
  try {
    const arrived = new Promise<number>((resolve) => session.onExecution(({ at }) => resolve(at)))
    return await Promise.race([arrived, session.ready.then(() => arrived)]) - session.spawned
  } finally {
    clearInterval(timer)
    chat.onBot(() => {})
    await session.end()
  }
}

/** Lets one bot live through everything that is measured, at one number of alias formats. */
export const measureSession = async (
  contender: Contender,
  world: World,
  formats: number,
  amounts: Amounts,
): Promise<Figures> => {
  const aliases = benchAliases(formats)
  world.standIn.serve(aliases.documents)
  const firstCommandMs = await firstCommand(contender, world, aliases)
  const session = await openSession(contender, world)
  try {
    return { firstCommandMs, ...await live(session, world, aliases, formats, amounts) }
  } finally {
    await session.end()
  }
}

const live = async (
  session: Session,
  { standIn }: World,
  aliases: BenchAliases,
  formats: number,
  amounts: Amounts,
): Promise<Omit<Figures, 'firstCommandMs'>> => {
  const readyMs = await session.ready - session.spawned
  await Bun.sleep(300)
  await oneByOne(session, aliases, 5)
  await Bun.sleep(700)
  const idleMb = session.memory().now

  await oneByOne(session, aliases, Math.ceil(amounts.oneByOne / 6))
  const one = await oneByOne(session, aliases, amounts.oneByOne)

  // The old bot needs 10 ms for each message at 10,000 formats.
  const isSlow = session.contender === 'hubot' && formats > 5_000
  const unknowns = isSlow ? amounts.unknown / 10 : amounts.unknown
  const unknown = { text: '!pack0 lsit instence web% on db1', count: unknowns, answered: true }
  const unknownUs = await flood(session, unknown)
  const chatterUs = await flood(session, {
    text: 'I had % coffees this morning, and the build is still red',
    count: amounts.chatter,
    answered: false,
  })
  await Bun.sleep(1_000)
  const afterChatterMb = session.memory().now

  const results = await resultsOneByOne(session, standIn.announce, amounts.results)
  const burst = await resultsAtOnce(session, standIn.announce, amounts.burst)

  await session.resetPeak()
  const storm = await allAtOnce(session, aliases, isSlow ? amounts.atOnce / 5 : amounts.atOnce)
  const peakMb = session.memory().peak
  await Bun.sleep(500)
  const reloadStallMs = await stallDuring(session, session.reload)
  return {
    readyMs,
    idleMb,
    afterChatterMb,
    oneP50Ms: quantile(one, 0.5),
    oneP99Ms: quantile(one, 0.99),
    perSecond: storm.asked / storm.ms * 1000,
    peakMb,
    unknownUs,
    chatterUs,
    reloadStallMs,
    resultP50Ms: quantile(results, 0.5),
    resultP99Ms: quantile(results, 0.99),
    burstPerSecond: amounts.burst / burst.ms * 1000,
    burstInOrder: burst.ordered ? 1 : 0,
  }
}
