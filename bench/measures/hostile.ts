import { benchAliases } from '../aliases.ts'
import { type Contender, openSession, type World } from '../session.ts'
import { say } from './converse.ts'

/** A text that regular expressions stumble over: pairs of a key and a value, and an end that fits nothing. */
export const hostileText = (formats: number, length: number): string => {
  const head = `!${benchAliases(formats).command(3)}`
  const pairs = Math.max(1, Math.floor((length - head.length - 2) / 6))
  return `${head}${' a="b"'.repeat(pairs)} =`
}

export const hostileLengths = [132, 1_000, 8_000] as const

/**
 * ms for which everything else stands still when somebody pastes such a text; Infinity for longer than `patience` ms, when the bot is
 * killed.
 */
export const measureHostile = async (
  contender: Contender,
  world: World,
  length: number,
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
    session.say([say(hostileText(formats, length))])
    // Whatever is done for the text begins at once, and the end of the watch comes behind it.
    await Bun.sleep(500)
    session.say([{ kind: 'unwatch' }])
    return await Promise.race([stalled, Bun.sleep(patience).then(() => Infinity)])
  } finally {
    await session.end()
  }
}
