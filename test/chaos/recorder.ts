/** The chat service's own process: prints its port as one line of JSON, and ends with its input. */
import console from 'node:console'
import { goneChannel } from './plan.ts'
import { startRecorder } from './recorder-server.ts'

const { port } = await startRecorder({ gone: goneChannel })
console.log(JSON.stringify({ port }))
for await (const _ of Bun.stdin.stream()) { /* Whoever started us still lives. */ }
process.exit(0)
