import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { surviveRestarts } from '../chaos/xmpp-restarts.ts'
import { haveProsody } from '../servers/prosody.ts'
import { compileInto, compilePatience } from './compiled.ts'

let folder = ''
let executable = ''
beforeAll(async () => {
  if (!haveProsody) return
  folder = mkdtempSync(join(tmpdir(), 'st2chatops-xmpp-executable-'))
  executable = await compileInto(folder)
}, compilePatience)
afterAll(() => {
  if (folder !== '') rmSync(folder, { recursive: true })
})

test.skipIf(!haveProsody)(
  'rooms see nothing twice and miss nothing while their server (prosody) is killed and restarted',
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
