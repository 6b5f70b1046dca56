import { expect, test } from 'bun:test'
import { join } from 'node:path'

const output = join(import.meta.dir, '..', '..', 'src', 'cli', 'output.ts')

/** A process that writes: `out` is its stdout, `gone` counts the writes that failed, and `tell` speaks on stderr. */
const writer = (code: string) =>
  Bun.spawn([
    process.execPath,
    '-e',
    `import { createOutput } from ${JSON.stringify(output)}
     let gone = 0
     const out = createOutput(1, () => gone++)
     const tell = createOutput(2, () => {})
     ${code}`,
  ], { stdin: 'pipe', stdout: 'pipe', stderr: 'pipe' })

test('what a pipe does not take at once comes later, all of it and in order', async () => {
  const lines = Array.from({ length: 300 }, (_, at) => `${at} ${'x'.repeat(10_000)}\n`)
  const child = writer(`
    for (let at = 0; at < 300; at++) out.write(at + ' ' + 'x'.repeat(10_000) + '\\n')
    tell.write('written')
    await out.flushed()
    process.exit(0)
  `)
  // It has written more than a pipe holds before anybody reads, and did not wait.
  const { value } = await child.stderr.getReader().read()
  expect(new TextDecoder().decode(value)).toBe('written')
  expect(await new Response(child.stdout).text()).toBe(lines.join(''))
  expect(await child.exited).toBe(0)
})

test('a reader that goes away is told of, and nothing is thrown', async () => {
  const child = writer(`
    for await (const _ of process.stdin) break
    out.write('one\\n')
    await out.flushed()
    out.write('two\\n')
    await out.flushed()
    tell.write(String(gone > 0))
    process.exit(0)
  `)
  await child.stdout.cancel()
  child.stdin.write('go\n')
  await child.stdin.flush()
  expect(await new Response(child.stderr).text()).toBe('true')
  expect(await child.exited).toBe(0)
})

test('a reader that goes away while something waits for it is told of', async () => {
  const child = writer(`
    out.write('x'.repeat(1_000_000))
    tell.write('written')
    await out.flushed()
    tell.write(String(gone > 0))
    process.exit(0)
  `)
  const said = child.stderr.getReader()
  expect(new TextDecoder().decode((await said.read()).value)).toBe('written')
  await child.stdout.cancel()
  expect(new TextDecoder().decode((await said.read()).value)).toBe('true')
  expect(await child.exited).toBe(0)
})

test('a pipe is no terminal, and neither is a device that nobody sees', async () => {
  const code = 'tell.write(`${out.isTTY} ${out.columns}`)'
  expect(await new Response(writer(code).stderr).text()).toBe('false undefined')
  const quiet = Bun.spawn([
    process.execPath,
    '-e',
    `import { createOutput } from ${JSON.stringify(output)}
     process.exit(createOutput(1, () => {}).isTTY ? 1 : 0)`,
  ], { stdout: 'ignore' })
  expect(await quiet.exited).toBe(0)
})
