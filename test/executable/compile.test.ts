import { expect, test } from 'bun:test'
import { join } from 'node:path'

/** Looking at a unit file that is not installed came with systemd 250. */
const canAnalyse = (): boolean => {
  const tool = Bun.which('systemd-analyze')
  if (tool === null) return false
  const said = Bun.spawnSync([tool, '--version']).stdout.toString()
  return Number(/^systemd (\d+)/.exec(said)?.[1]) >= 250
}

const root = join(import.meta.dir, '..', '..')

test('a target that does not exist is wrong use, and names those that do', async () => {
  const child = Bun.spawn([process.execPath, 'compile.ts', '--target', 'plan9-x64'], {
    cwd: root,
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const errors = await new Response(child.stderr).text()
  expect(await child.exited).toBe(2)
  expect(errors).toContain('linux-x64, linux-arm64, linux-x64-musl, linux-arm64-musl, all')
})

test('the unit takes the debugger and the log of requests away, and does not restart what can never work', async () => {
  const unit = await Bun.file(join(root, 'packaging', 'st2chatops.service')).text()
  const unset = unit.split('\n').flatMap((line) =>
    line.startsWith('UnsetEnvironment=') ? line.slice('UnsetEnvironment='.length).split(' ') : []
  )
  expect(new Set(unset)).toEqual(
    new Set([
      'BUN_BE_BUN',
      'BUN_OPTIONS',
      'BUN_INSPECT',
      'BUN_INSPECT_CONNECT_TO',
      'BUN_INSPECT_PRELOAD',
      'BUN_CONFIG_VERBOSE_FETCH',
    ]),
  )
  expect(unit).toContain('RestartPreventExitStatus=78')
})

test.skipIf(!canAnalyse())(
  'the unit exposes the host by less than 2.0',
  async () => {
    const child = Bun.spawn(
      ['systemd-analyze', 'security', '--offline=yes', 'packaging/st2chatops.service'],
      { cwd: root, stdout: 'pipe', stderr: 'ignore' },
    )
    const text = await new Response(child.stdout).text()
    const exposure = /Overall exposure level for st2chatops\.service: (\d+\.\d)/.exec(text)?.[1]
    expect(Number(exposure)).toBeLessThan(2)
  },
)
