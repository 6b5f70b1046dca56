/**
 * `bun bench/limit.ts`: what this machine can do at best, to be read beside what the bots do. Each figure is the median of
 * several rounds.
 */
import { Database } from 'bun:sqlite'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createParser } from 'eventsource-parser'
import { forgetPages } from './ours/build.ts'
import { median, quantile } from './stats.ts'

export type Limit = { readonly what: string; readonly value: string }

const rounds = 5

const ms = (value: number): string => `${value.toFixed(value < 10 ? 2 : 0)} ms`
const perSecond = (value: number): string => `${Math.round(value).toLocaleString('en')} a second`

/** p50 and p99 of single requests over a fresh connection each, as a command makes them. */
const httpRoundTrip = async (): Promise<readonly Limit[]> => {
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response('{}') })
  const ask = async (keepalive: boolean): Promise<void> => {
    const response = await fetch(server.url, { method: 'POST', body: '{}', keepalive })
    await response.text()
  }
  const one = async (keepalive: boolean): Promise<string> => {
    for (let at = 0; at < 200; at++) await ask(keepalive)
    const times: number[] = []
    for (let at = 0; at < 1000; at++) {
      const began = performance.now()
      await ask(keepalive)
      times.push(performance.now() - began)
    }
    return `${ms(quantile(times, 0.5))} / ${ms(quantile(times, 0.99))}`
  }
  const kept = await one(true)
  const fresh = await one(false)
  const began = performance.now()
  await Promise.all(Array.from({ length: 5000 }, () => ask(false)))
  const atOnce = 5000 / (performance.now() - began) * 1000
  await server.stop(true)
  return [
    { what: 'HTTP round trip over a kept connection, p50 / p99', value: kept },
    { what: 'HTTP round trip over a new connection, p50 / p99', value: fresh },
    { what: '5,000 requests at once, a new connection each', value: perSecond(atOnce) },
  ]
}

const sse = (): Limit => {
  const text = Array.from({ length: 5000 }, (_, at) => {
    const payload = { user: 'alice', channel: 'general', message: `result ${at}`, extra: {} }
    return `event: st2.announcement__chatops\ndata: ${JSON.stringify({ payload })}\n\n`
  }).join('')
  const rates = Array.from({ length: rounds * 3 }, () => {
    let events = 0
    const parser = createParser({
      onEvent: ({ data }) => {
        JSON.parse(data)
        events++
      },
    })
    const began = performance.now()
    parser.feed(text)
    return events / (performance.now() - began) * 1000
  })
  return {
    what: 'events of the stream taken apart, and nothing done with them',
    value: perSecond(median(rates)),
  }
}

const sqlite = async (): Promise<readonly Limit[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'bench-limit-'))
  const database = new Database(join(folder, 'limit.sqlite'), { create: true })
  database.run('PRAGMA journal_mode = WAL')
  database.run('CREATE TABLE rows (number INTEGER PRIMARY KEY, text TEXT)')
  const insert = database.query('INSERT INTO rows (text) VALUES (?)')
  const text = 'x'.repeat(400)
  const commit = (count: number): readonly number[] =>
    Array.from({ length: count }, () => {
      const began = performance.now()
      insert.run(text)
      return performance.now() - began
    })
  database.run('PRAGMA synchronous = NORMAL')
  const process = commit(2000)
  database.run('PRAGMA synchronous = FULL')
  const disk = commit(500)
  const began = performance.now()
  database.transaction(() => {
    for (let at = 0; at < 5000; at++) insert.run(text)
  })()
  const together = 5000 / (performance.now() - began) * 1000
  database.close()
  await rm(folder, { recursive: true, force: true })
  const both = (times: readonly number[]) =>
    `${ms(quantile(times, 0.5))} / ${ms(quantile(times, 0.99))}`
  return [
    { what: 'SQLite commit that outlives the process, p50 / p99', value: both(process) },
    { what: 'SQLite commit that outlives a loss of power, p50 / p99', value: both(disk) },
    { what: 'SQLite inserts, 5,000 in one commit', value: perSecond(together) },
  ]
}

/** A compiled Bun that only serves HTTP with hono: the least that a bot of this kind can cost. */
const bare = async (): Promise<readonly Limit[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'bench-limit-'))
  const source = join(import.meta.dir, 'bare.ts')
  const outfile = join(folder, 'bare')
  const built = await Bun.build({
    entrypoints: [source],
    target: 'bun',
    format: 'esm',
    bytecode: true,
    minify: true,
    compile: { outfile },
  })
  if (!built.success) throw new AggregateError(built.logs, 'Cannot compile the bare server.')
  await forgetPages(outfile)
  /** The ms that it took to listen, and its memory in MB a little later. */
  const live = async (...args: readonly string[]) => {
    const began = performance.now()
    const child = Bun.spawn([outfile, ...args], {
      stdout: 'pipe',
      stdin: 'ignore',
      stderr: 'ignore',
    })
    await child.stdout.getReader().read()
    const start = performance.now() - began
    await Bun.sleep(300)
    const status = await Bun.file(`/proc/${child.pid}/status`).text()
    child.kill()
    await child.exited
    return { start, memory: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024 }
  }
  type Life = Awaited<ReturnType<typeof live>>
  const idle: Life[] = []
  const used: Life[] = []
  for (let round = 0; round < rounds * 2; round++) {
    idle.push(await live())
    used.push(await live('used'))
  }
  await rm(folder, { recursive: true, force: true })
  const memoryOf = (lives: readonly Life[]): string =>
    `${median(lives.map(({ memory }) => memory)).toFixed(0)} MB`
  return [
    {
      what: 'bare Bun and hono, from the start to listening',
      value: ms(median(idle.map(({ start }) => start))),
    },
    { what: 'bare Bun and hono, memory', value: memoryOf(idle) },
    {
      what: 'the same after a request, an SQLite table and some warm code',
      value: memoryOf(used),
    },
  ]
}

/** All limits of this machine. */
export const measureLimits = async (): Promise<readonly Limit[]> => [
  ...await bare(),
  ...await httpRoundTrip(),
  sse(),
  ...await sqlite(),
]

if (import.meta.main) {
  for (const { what, value } of await measureLimits()) {
    process.stdout.write(`${what.padEnd(64)}${value}\n`)
  }
}
