import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { surviveRestarts } from '../chaos/irc-restarts.ts'
import { haveNgircd } from '../servers/ngircd.ts'
import { compileInto, compilePatience } from './compiled.ts'

let folder = ''
let executable = ''
beforeAll(async () => {
  if (!haveNgircd) return
  folder = mkdtempSync(join(tmpdir(), 'st2chatops-irc-executable-'))
  executable = await compileInto(folder)
}, compilePatience)
afterAll(() => {
  if (folder !== '') rmSync(folder, { recursive: true })
})

test.skipIf(!haveNgircd)(
  'a room sees nothing twice and misses nothing while its server (ngircd) is killed and restarted',
  async () => {
    const { announced, seen } = await surviveRestarts({
      executable,
      restarts: 4,
      lives: 1_000,
      say: () => {},
    })
    expect(announced.length).toBeGreaterThan(0)
    expect(seen).toEqual(announced)
  },
  // Only to notice that something hangs: the bot waits longer after each restart that comes so soon.
  240_000,
)
