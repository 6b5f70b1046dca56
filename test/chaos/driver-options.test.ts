import { expect, test } from 'bun:test'
import { join } from 'node:path'

const run = async (...args: readonly string[]) => {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, 'driver.ts'), ...args], {
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()])
  return { code: await child.exited, stdout, stderr }
}

test('--help says how it is called', async () => {
  const { code, stdout } = await run('--help')
  expect(stdout).toStartWith('Usage: npm run chaos -- [options]\n')
  expect(code).toBe(0)
})

test.each(['--bogus', '--kills=many', 'word'])(
  '%s is told, with how it is called',
  async (word) => {
    const { code, stderr } = await run(word)
    expect(code).toBe(2)
    expect(stderr).toContain('Usage: ')
    expect(stderr).not.toContain(' at ')
  },
)
