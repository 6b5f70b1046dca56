/**
 * `bun run chaos`: the compiled bot between a stand-in StackStorm and a recording chat service, killed and cut off as the seed plans.
 * Ends with a table, and with 1 when a promise was broken. The same seed gives the same plan.
 */
import { randomInt } from 'node:crypto'
import console from 'node:console'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildBot } from './build.ts'
import { readOptions } from './driver-options.ts'
import { longForm, shortForm, type Size } from './plan.ts'
import { runStorm } from './storm.ts'
import { brokenPromises, renderTable } from './table.ts'

const values = readOptions()

/** The bot's own look around comes every 5 minutes: what only that finds may take so long. */
const longPatience = 6 * 60_000
const shortPatience = 60_000

const usual = values.long ? longForm : shortForm
const size: Size = {
  ...usual,
  commands: values.commands ?? usual.commands,
  announcements: values.announcements ?? usual.announcements,
  kills: values.kills ?? usual.kills,
  outages: values.outages ?? usual.outages,
  seconds: values.seconds ?? usual.seconds,
}
const seed = values.seed ?? randomInt(1, 65_536)
console.log(`Seed ${seed}: ${JSON.stringify(size)}`)

const folder = await mkdtemp(join(tmpdir(), 'st2chatops-chaos-'))
try {
  const executable = values.executable ?? await buildBot(folder)
  const began = performance.now()
  const result = await runStorm({
    seed,
    size,
    executable,
    service: values.slack ? 'slack' : values.irc ? 'irc' : values.xmpp ? 'xmpp' : 'recorder',
    folder: join(folder, 'state'),
    patience: values.long ? longPatience : shortPatience,
    nudge: !values.long,
    say: console.log,
  })
  if (values.log !== undefined) await Bun.write(values.log, result.log.join('\n'))
  if (values.evidence !== undefined) {
    const { evidence, events, deaths, verdict } = result
    await Bun.write(
      values.evidence,
      JSON.stringify({
        verdict,
        deaths: [...deaths.byProcess].map(([id, how]) => ({ id, how, at: deaths.times.get(id) })),
        events,
        evidence: { ...evidence, deaths: undefined, answered: [...evidence.answered] },
      }),
    )
  }
  const broken = brokenPromises(result)
  console.log(`\n${renderTable(result)}\n`)
  console.log(`Seed ${seed}, ${((performance.now() - began) / 1000).toFixed(0)} s.`)
  for (const words of broken) console.error(`BROKEN: ${words}.`)
  process.exitCode = broken.length > 0 ? 1 : 0
} finally {
  await rm(folder, { recursive: true, force: true })
}
