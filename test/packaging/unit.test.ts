import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const unit = join(import.meta.dir, '../../packaging/st2chatops.service')

const haveAnalyze = Bun.which('systemd-analyze') !== null
const analyze = async (...args: readonly string[]) => {
  const child = Bun.spawn(['systemd-analyze', '--no-pager', ...args], {
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [stdout, stderr] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  return { code: await child.exited, said: stdout + stderr }
}

describe.skipIf(!haveAnalyze)('the unit, as systemd-analyze reads it', () => {
  let folder = ''
  let copy = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'st2chatops-unit-'))
    copy = join(folder, 'st2chatops.service')
    // The executable is not installed here.
    const text = await Bun.file(unit).text()
    await Bun.write(copy, text.replace('/usr/bin/st2chatops', '/bin/true'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  test('has no line that systemd does not know', async () => {
    expect(await analyze('verify', copy)).toEqual({ code: 0, said: '' })
  })

  test('gives the bot little: an exposure of at most 1.5 of 10', async () => {
    const { code, said } = await analyze('security', '--offline=true', '--threshold=15', copy)
    expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining('exposure level') })
  })
})
