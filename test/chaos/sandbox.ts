/**
 * StackStorm's own process: prints its port and an API key as one line of JSON, and ends with its input.
 * It remembers every execution, as StackStorm does: what was announced and what ran is counted there.
 */
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { pack } from './pack.ts'

const remember = 1_000_000

const sandbox = await startSandbox({ packs: [pack], remember })
console.log(JSON.stringify({ port: Number(new URL(sandbox.url).port), apiKey: sandbox.apiKey }))
for await (const _ of Bun.stdin.stream()) { /* Whoever started us still lives. */ }
process.exit(0)
