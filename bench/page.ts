import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Limit } from './limit.ts'

export type Page = {
  readonly table: string
  readonly hostile: readonly string[]
  readonly limits: readonly Limit[]
  readonly machine: string
  readonly versions: string
  readonly date: string
  /** Whether the incumbent is what others run: without one it is said by the versions. */
  readonly released: boolean
  /** How many processes wanted to run before the benchmark began: what else the machine did. */
  readonly load: number
  readonly repetitions: number
  readonly onDisk: { readonly own: string; readonly peer: string }
  /** Whether each channel got the results of every burst in order. */
  readonly inOrder: boolean
}

/** What a person has to say about the figures; it is kept from run to run. */
const remarks = (name: string): string =>
  readFileSync(join(import.meta.dir, `${name}.md`), 'utf8').trim()

/** The page of docs/benchmarks.md. */
export const page = (page: Page): string => {
  const { table, hostile, limits, machine, versions, date, repetitions, onDisk, inOrder } = page
  const parts = ['remarks', ...(page.released ? [] : ['incumbent'])]
  return `# Benchmarks

\`npm run bench\` writes this page. It runs the compiled st2chatops, with its journal on disk and all safety on, and Hubot with
hubot-stackstorm, which keeps no journal, in one run, taking turns, against the same stand-in StackStorm and the same scripted chat on this
machine. Each figure is the median of ${repetitions} lives of a bot (half as many at 10,000 formats). Absolute times move by 20 % and
more from run to run; only the ratios within one run mean anything.

${date}; ${machine}; ${versions}. Before the run ${
    page.load.toFixed(1)
  } processes were at work on this machine.

${table}

![How many times better](benchmarks.svg)

Results of a burst were ${inOrder ? '' : '**not** '}posted in order in every channel.

Longest time for which one message of \`key="value"\` pairs stops everything else:

| message | hubot | st2chatops |
|---|---|---|
${hostile.join('\n')}

On disk: Hubot is ${onDisk.peer}; st2chatops is ${onDisk.own}.

## What this machine can do at best

${limits.map(({ what, value }) => `- ${what}: ${value}`).join('\n')}

${parts.map(remarks).join('\n\n')}
`
}
