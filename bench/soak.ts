/**
 * `npm run bench:soak [--minutes 30]`: a million messages and 100,000 results over 30 minutes, spread evenly, and what
 * the bot's memory and open files do meanwhile. Writes docs/soak.svg when it runs its full time, and ends with one line that says whether both
 * were flat; if not, with 1.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { benchAliases } from './aliases.ts'
import { type Moment, soakChart } from './chart.ts'
import { flatness } from './flat.ts'
import { allAtOnce, flood, resultsAtOnce } from './measures/converse.ts'
import { openSession } from './session.ts'
import { openWorld } from './world.ts'

const usualMinutes = 30
/** What comes in during the usual time; a shorter soak gets its share. */
const total = { messages: 1_000_000, commands: 20_000, results: 100_000 }
/** Everything comes in this many portions a minute. */
const portions = 12

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: String(usualMinutes) },
    // Writes the page although the time was short.
    write: { type: 'boolean', default: false },
  },
})
const minutes = Number(values.minutes)
const steps = Math.max(1, Math.round(minutes * portions))
const share = (amount: number) => Math.ceil(amount / (usualMinutes * portions))

const { world, close } = await openWorld()
const aliases = benchAliases(1_000)
world.standIn.serve(aliases.documents)
const session = await openSession('st2chatops', world)
const moments: Moment[] = []
try {
  await session.ready
  const began = performance.now()
  for (let step = 0; step < steps; step++) {
    await flood(session, {
      text: 'message % that is for nobody: the build is red again',
      count: share(total.messages),
      answered: false,
    })
    await allAtOnce(session, aliases, share(total.commands))
    await resultsAtOnce(session, world.standIn.announce, share(total.results))
    const moment = {
      minute: (performance.now() - began) / 60_000,
      memory: session.memory().now,
      files: await session.files(),
    }
    moments.push(moment)
    process.stdout.write(
      `minute ${moment.minute.toFixed(1)}: ${moment.memory.toFixed(0)} MB, ${moment.files} files\n`,
    )
    const next = began + (step + 1) * 60_000 / portions
    await Bun.sleep(Math.max(0, next - performance.now()))
  }
  if (minutes >= usualMinutes || values.write) {
    const docs = join(import.meta.dir, '../docs')
    await mkdir(docs, { recursive: true })
    await Bun.write(join(docs, 'soak.svg'), soakChart(moments))
  }
  const { flat, line } = flatness(moments)
  process.stdout.write(`${line}\n`)
  process.exitCode = flat ? 0 : 1
} finally {
  await session.end()
  await close()
}
process.exit()
