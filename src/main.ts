import { processIo } from './cli/io.ts'
import { start } from './cli/start.ts'

const io = processIo()
const args = process.argv.slice(2)

/** Bun would print the source around the place where an error was made; a person needs its sentence. */
const fail = async (error: unknown) => {
  const { reportFailure } = await import('./cli/failure.ts')
  process.exit(reportFailure(error, args, io))
}
process.on('uncaughtException', fail)
process.on('unhandledRejection', fail)

const code = await start(args, io)
// What was written to a pipe may still be on its way when a command is done.
await Promise.all([io.stdout.flushed(), io.stderr.flushed()])
process.exit(code)
