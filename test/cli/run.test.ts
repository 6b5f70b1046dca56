import { expect, test } from 'bun:test'
import { startProgram } from '../end-to-end/process.ts'

test('all that StackStorm and chat lack is told at once', async () => {
  const program = startProgram(['run', '-a', 'slack'], {})
  expect(await program.exited).toBe(78)
  expect(program.said()).toContain('The configuration has 2 problems:')
  expect(program.said()).toContain('ST2_API_KEY is not set')
  expect(program.said()).toContain('names slack, which cannot be used: No Slack token is set')
})
