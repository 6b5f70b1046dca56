import { benchAliases } from '../aliases.ts'
import { type Contender, openSession, type World } from '../session.ts'
import { say } from './converse.ts'

/** A text that regular expressions stumble over: pairs of a key and a value, and an end that fits nothing. */
export const hostileText = (formats: number, pairs: number): string =>
  `!${benchAliases(formats).command(3)}${' a="b"'.repeat(pairs)} =`

/** How many pairs; the texts have about 170, 1,000 and 8,000 characters. */
export const hostilePairs = [20, 160, 1_320] as const

/**
 * ms for which everything else stands still when somebody pastes such a text; Infinity for longer than `patience` ms, when the bot is
 * killed.
 */
export const measureHostile = async (
  contender: Contender,
  world: World,
  pairs: number,
  patience: number,
): Promise<number> => {
  const formats = 50
  world.standIn.serve(benchAliases(formats).documents)
  const session = await openSession(contender, world)
  try {
    await session.ready
    await Bun.sleep(300)
    const stalled = new Promise<number>((resolve) => {
      session.onReport((report) => {
        if (report.kind === 'watched') resolve(report.stall)
      })
    })
    session.say([{ kind: 'watch' }])
    await Bun.sleep(20)
    session.say([say(hostileText(formats, pairs))])
    // Whatever is done for the text begins at once, and the end of the watch comes behind it.
    await Bun.sleep(500)
    session.say([{ kind: 'unwatch' }])
    return await Promise.race([stalled, Bun.sleep(patience).then(() => Infinity)])
  } finally {
    await session.end()
  }
}
