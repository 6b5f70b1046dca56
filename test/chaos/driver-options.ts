import console from 'node:console'
import { parseArgs } from 'node:util'

const usage = `Usage: npm run chaos -- [options]

The compiled bot between a stand-in StackStorm and a recording chat service, killed and cut off as
the seed plans. Ends with a table, and with 1 when a promise was broken.

  --long               a long plan, as before a release
  --seed N             the plan; the same seed gives the same one
  --commands N         how many commands are typed
  --announcements N    how many announcements are made
  --kills N            how often the bot is killed
  --outages N          how often something is cut off
  --seconds N          how long all that takes
  --slack, --irc, --xmpp
                       by that service's adapter
  --log FILE           where to put what the bot wrote
  --evidence FILE      where to put all that was counted, as JSON
  --executable FILE    an executable that was built before
  --help               this text`

const numbers = ['seed', 'commands', 'announcements', 'kills', 'outages', 'seconds'] as const

const parse = (args: readonly string[] | undefined) =>
  parseArgs({
    ...(args !== undefined && { args: [...args] }),
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      long: { type: 'boolean', default: false },
      seed: { type: 'string' },
      commands: { type: 'string' },
      announcements: { type: 'string' },
      kills: { type: 'string' },
      outages: { type: 'string' },
      seconds: { type: 'string' },
      slack: { type: 'boolean', default: false },
      irc: { type: 'boolean', default: false },
      xmpp: { type: 'boolean', default: false },
      log: { type: 'string' },
      evidence: { type: 'string' },
      executable: { type: 'string' },
    },
  }).values

export type DriverOptions =
  & Omit<ReturnType<typeof parse>, 'help' | (typeof numbers)[number]>
  & { readonly [Name in (typeof numbers)[number]]?: number }

/** Reads the command line, or says how it is written and ends the process: with 0 when that was asked for, else with 2. */
export const readOptions = (args?: readonly string[]): DriverOptions => {
  try {
    const { help, ...values } = parse(args)
    if (help) {
      console.log(usage)
      process.exit(0)
    }
    const read = numbers.flatMap((name) => {
      const text = values[name]
      if (text === undefined) return []
      if (!/^\d+$/.test(text)) throw new TypeError(`--${name} takes a number, not "${text}".`)
      return [[name, Number(text)]]
    })
    return { ...values, ...Object.fromEntries(read) }
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    process.exit(2)
  }
}
