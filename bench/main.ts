/**
 * `npm run bench [--quick] [--repetitions 5]`: our compiled executable beside Hubot with hubot-stackstorm, in one run, alternating, against
 * one stand-in StackStorm and one scripted chat. Writes docs/benchmarks.md and its chart; `--quick` only shows that everything runs.
 */
import { mkdir } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measureLimits } from './limit.ts'
import { hostilePairs, hostileText, measureHostile } from './measures/hostile.ts'
import {
  type Amounts,
  type Figures,
  fullAmounts,
  measureSession,
  quickAmounts,
} from './measures/session.ts'
import { findPeers, peersOnDisk } from './peers.ts'
import { page } from './page.ts'
import { ratioChart } from './chart.ts'
import { type Contender, contenders, type World } from './session.ts'
import { tableOf } from './table.ts'
import { openWorld } from './world.ts'

const docs = join(import.meta.dir, '../docs')

const say = (text: string): void => void process.stdout.write(`${text}\n`)

/** How long one size takes grows with it; fewer repetitions of the largest show the same. */
const repetitionsOf = (formats: number, wanted: number): number =>
  formats >= 10_000 ? Math.max(1, Math.ceil(wanted / 2)) : wanted

const measureSize = async (
  world: World,
  who: readonly Contender[],
  formats: number,
  amounts: Amounts,
  repetitions: number,
): Promise<Record<Contender, Figures[]>> => {
  const found: Record<Contender, Figures[]> = { st2chatops: [], hubot: [] }
  for (let repetition = 0; repetition < repetitionsOf(formats, repetitions); repetition++) {
    // Whoever goes first meets a colder machine.
    const order = repetition % 2 === 0 ? who : who.toReversed()
    for (const contender of order) {
      const figures = await measureSession(contender, world, formats, amounts)
      found[contender].push(figures)
      say(`  ${contender}, ${formats} formats, ${repetition + 1}: ${JSON.stringify(figures)}`)
    }
  }
  return found
}

const measureHostileTexts = async (
  world: World,
  who: readonly Contender[],
  quick: boolean,
): Promise<readonly string[]> => {
  const lines: string[] = []
  for (const pairs of hostilePairs) {
    const cells: string[] = []
    for (const contender of contenders) {
      const skip = !who.includes(contender) || (quick && contender === 'hubot')
      const patience = contender === 'hubot' && pairs > hostilePairs[0] ? 20_000 : 60_000
      const stall = skip ? NaN : await measureHostile(contender, world, pairs, patience)
      cells.push(
        Number.isNaN(stall)
          ? '-'
          : stall === Infinity
          ? `over ${patience / 1000} s, killed`
          : `${stall.toFixed(stall < 10 ? 1 : 0)} ms`,
      )
    }
    lines.push(
      `| ${pairs.toLocaleString('en')} pairs, ${
        hostileText(50, pairs).length.toLocaleString('en')
      } characters | ${cells[1]} | ${cells[0]} |`,
    )
    say(`  ${lines.at(-1)}`)
  }
  return lines
}

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    repetitions: { type: 'string', default: '5' },
    sizes: { type: 'string', default: '50,1000,10000' },
  },
})
const { quick } = values
const amounts = quick ? quickAmounts : fullAmounts
const sizes = quick ? [50] : values.sizes.split(',').map(Number)
const repetitions = quick ? 1 : Number(values.repetitions)

const began = performance.now()
const [load = NaN] = loadavg()
const peers = await findPeers(!quick)
if (!peers.there) say(`Without Hubot: ${peers.reason}.`)
const who = contenders.filter((contender) => contender === 'st2chatops' || peers.there)
const { world, close } = await openWorld()
const results = new Map<number, Record<Contender, Figures[]>>()
try {
  for (const formats of sizes) {
    results.set(formats, await measureSize(world, who, formats, amounts, repetitions))
  }
  const hostile = await measureHostileTexts(world, who, quick)
  const limits = await measureLimits()
  const text = page({
    table: tableOf(results),
    hostile,
    limits,
    machine: `${cpus().length} x ${cpus()[0]?.model.trim()}, ${process.platform} ${process.arch}`,
    versions: `st2chatops compiled with Bun ${Bun.version}; ${
      peers.there ? peers.versions : 'no Hubot'
    }`,
    load,
    released: !peers.there || peers.released,
    date: new Date().toISOString().slice(0, 10),
    repetitions,
    onDisk: {
      own: `one file, ${(Bun.file(world.executable).size / 1e6).toFixed(0)} MB`,
      peer: peers.there ? await peersOnDisk() : '-',
    },
    inOrder: [...results.values()].every(({ st2chatops }) =>
      st2chatops.every(({ burstInOrder }) => burstInOrder === 1)
    ),
  })
  if (quick) say(`\n${text}`)
  else {
    await mkdir(docs, { recursive: true })
    await Bun.write(join(docs, 'benchmarks.md'), text)
    await Bun.write(join(docs, 'benchmarks.svg'), ratioChart(results))
    say(`\n${text}\nWritten to docs/benchmarks.md.`)
  }
} finally {
  await close()
}
say(`${((performance.now() - began) / 1000).toFixed(0)} s`)
process.exit(0)
