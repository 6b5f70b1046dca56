/**
 * `bun bench/record-order.ts`: lets the bot start and do each kind of work a few times, and writes down which functions that took, for
 * `compile.ts`. To be run when much has changed; a build with an old record only starts a little slower.
 */
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bytecodeOrder } from '../compile.ts'
import { benchAliases } from './aliases.ts'
import { flood, oneByOne, resultsOneByOne } from './measures/converse.ts'
import { openSession } from './session.ts'
import { openWorld } from './world.ts'

/** Few enough that what is read early stands early. */
const times = 5

/** The engine records names and strings as well, ten times as much: the functions alone are what saves memory. */
const functionsOf = (record: string): string =>
  record.split('\n').filter((line) => /^(v\d+$|F )/.test(line)).join('\n') + '\n'

const { world, close } = await openWorld()
try {
  const record = join(world.folder, 'recorded')
  const recorder = join(world.folder, 'recorder')
  await writeFile(
    recorder,
    `#!/bin/sh\nBUN_BYTECODE_ORDER_OUT='${record}' exec '${world.executable}'\n`,
  )
  await chmod(recorder, 0o755)
  const aliases = benchAliases(50)
  world.standIn.serve(aliases.documents)
  const session = await openSession('st2chatops', { ...world, executable: recorder })
  await session.ready
  await oneByOne(session, aliases, times)
  await resultsOneByOne(session, world.standIn.announce, times)
  await flood(session, { text: 'good morning %', count: times, answered: false })
  await flood(session, { text: '!pack0 lsit %', count: times, answered: true })
  // The record is written by a process that ends by itself.
  process.kill(session.pid, 'SIGTERM')
  while (session.alive()) await Bun.sleep(20)
  await session.end()
  const functions = functionsOf(await readFile(record, 'utf8'))
  await writeFile(bytecodeOrder, functions)
  process.stdout.write(`${functions.split('\n').length - 2} functions: ${bytecodeOrder}\n`)
} finally {
  await close()
}
process.exit()
