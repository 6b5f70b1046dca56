import { randomInt } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildBot } from './build.ts'
import { shortForm } from './plan.ts'
import { runStorm } from './storm.ts'
import { brokenPromises, renderTable } from './table.ts'

/** Only to notice that something hangs, in ms: it takes half a minute, and as long again when the machine is busy. */
const limit = 180_000

let folder: string
let executable: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'st2chatops-chaos-'))
  executable = await buildBot(folder)
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const chats = [
  ['', 'recorder', ''],
  [', and Slack is the chat', 'slack', ' --slack'],
  [', and IRC is the chat', 'irc', ' --irc'],
  [', and XMPP is the chat', 'xmpp', ' --xmpp'],
] as const
for (const [words, service, flag] of chats) {
  test(
    `nothing is lost and nothing runs twice, whatever is killed or cut off${words}`,
    async () => {
      const seed = randomInt(1, 65_536)
      const result = await runStorm({
        seed,
        size: shortForm,
        executable,
        service,
        folder: join(folder, service),
        patience: 90_000,
        nudge: true,
        say: () => {},
      })
      const account = `bun run chaos --seed ${seed}${flag}\n${renderTable(result)}`
      expect(brokenPromises(result), account).toEqual([])
      expect(result.verdict.delivered, account).toBeGreaterThan(0)
      expect(result.verdict.started, account).toBeGreaterThan(0)
    },
    limit,
  )
}
