// deno-lint-ignore-file camelcase -- the names are StackStorm's own
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'bun:test'
import { runLocal, runRemote } from '../../src/sandbox/runners/local.ts'
import { runCommand } from '../../src/sandbox/runners/shell.ts'

const never = new AbortController().signal

/** Whether a process still does something; a dead one that nobody has buried yet does not. */
const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

describe('commands of core.local', () => {
  test('really run', async () => {
    const { status, result } = await runLocal({ cmd: 'printf "%s\\n" "$0" "b c"' }, true, never)
    expect(status).toBe('succeeded')
    expect(result).toEqual({
      stdout: '/bin/sh\nb c',
      stderr: '',
      return_code: 0,
      succeeded: true,
      failed: false,
    })
  })

  test('fail with what they wrote', async () => {
    expect(await runLocal({ cmd: 'echo no >&2; exit 3' }, true, never)).toEqual({
      status: 'failed',
      result: { stdout: '', stderr: 'no', return_code: 3, succeeded: false, failed: true },
    })
  })

  test('have their JSON read, as StackStorm does', async () => {
    const { result } = await runLocal({ cmd: `echo '{"a": [1]}'` }, true, never)
    expect(result).toMatchObject({ stdout: { a: [1] } })
  })

  test('get the environment that they are given and none of ours', async () => {
    const { stdout } = await runCommand('env', { timeout: 10, env: { GIVEN: 'x' }, signal: never })
    const names = stdout.trim().split('\n').map((line) => line.split('=')[0])
    expect(names).toContain('GIVEN')
    // The shell itself adds the last three.
    const known = ['GIVEN', 'PATH', 'LANG', 'HOME', 'PWD', 'OLDPWD', 'SHLVL', '_']
    expect(names.filter((name) => !known.includes(name ?? ''))).toEqual([])
  })

  test('are killed with all their children when their time is over', async () => {
    const { status, result } = await runLocal(
      { cmd: 'sleep 600 & echo $!; wait', timeout: 0.2 },
      true,
      never,
    )
    expect(status).toBe('timeout')
    const { stdout: pid, ...rest } = result as { stdout: number }
    expect(rest).toMatchObject({
      return_code: -9,
      error: 'Action failed to complete in 0.2 seconds',
    })
    while (isRunning(pid)) await Bun.sleep(5)
  })

  test('are killed when they are cancelled', async () => {
    const controller = new AbortController()
    const running = runLocal({ cmd: 'sleep 600' }, true, controller.signal)
    controller.abort()
    expect(await running).toMatchObject({ status: 'failed', result: { return_code: -9 } })
  })

  test('end although a child keeps their output open', async () => {
    const { stdout } = await runCommand('sleep 5 & echo done', { timeout: 60, signal: never })
    expect(stdout).toBe('done\n')
  })

  test('are not run unless that is allowed', async () => {
    const { status, result } = await runLocal({ cmd: 'echo no' }, false, never)
    expect(status).toBe('failed')
    expect(result).toMatchObject({ stdout: '', failed: true })
    expect((result as { stderr: string }).stderr).toContain('--allow-local')
  })
})

describe('commands of core.remote', () => {
  test('run for each host that is this one', async () => {
    const { status, result } = await runRemote(
      { cmd: 'echo hi', hosts: 'localhost, 127.0.0.1:22' },
      true,
      never,
    )
    const answer = { stdout: 'hi', stderr: '', return_code: 0, succeeded: true, failed: false }
    expect([status, result]).toEqual([
      'succeeded',
      { localhost: answer, '127.0.0.1:22': answer },
    ])
  })

  test('fail for any other host', async () => {
    const { status, result } = await runRemote({ cmd: 'id', hosts: 'localhost,web1' }, true, never)
    expect(status).toBe('failed')
    expect(result).toMatchObject({
      localhost: { succeeded: true },
      web1: { failed: true, return_code: 255, error: expect.stringContaining('web1') },
    })
  })
})
