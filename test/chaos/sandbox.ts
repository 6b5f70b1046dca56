/**
 * StackStorm's own process: prints its port and an API key as one line of JSON, and ends with its input.
 * It remembers every execution, as StackStorm does: what was announced and what ran is counted there.
 */
import console from 'node:console'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { pack } from './pack.ts'
import type { Ran } from './verdict.ts'

const remember = 1_000_000

const sandbox = await startSandbox({ packs: [pack], remember })

const ran = (): readonly Ran[] =>
  sandbox.executions().map(({ id, status, action, parameters, end_timestamp: ended }) => ({
    id: String(id),
    status: String(status),
    action: (action as { readonly ref: string }).ref,
    parameters: parameters as Ran['parameters'],
    ...(typeof ended === 'string' && { ended }),
  }))

// All executions at once, for the driver alone: the API gives them in pages, with all that they hold.
const ledger = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: () => Response.json(ran()) })

console.log(JSON.stringify({
  port: Number(new URL(sandbox.url).port),
  ledger: ledger.port,
  apiKey: sandbox.apiKey,
}))
for await (const _ of Bun.stdin.stream()) { /* Whoever started us still lives. */ }
process.exit(0)
