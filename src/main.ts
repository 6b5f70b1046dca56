import { start } from './cli/start.ts'

// A reader that has seen enough (`st2chatops aliases list | head`) ends the program, and is no failure.
process.stdout.on('error', () => process.exit(0))
// A log that nobody reads any more must not end the bot.
process.stderr.on('error', () => {})

/** Bun would print the source around the place where an error was made; a person needs its sentence. */
const fail = async (error: unknown) => {
  const { reportFailure } = await import('./cli/failure.ts')
  process.exit(reportFailure(error, process.argv.slice(2), process))
}
process.on('uncaughtException', fail)
process.on('unhandledRejection', fail)

const code = await start(process.argv.slice(2), {
  // Touching stdin opens it: that is left to the commands that read it.
  get stdin() {
    return process.stdin
  },
  stdout: process.stdout,
  stderr: process.stderr,
})

/** What was written to a pipe may still be on its way when a command is done. */
const flushed = (stream: NodeJS.WriteStream) =>
  new Promise<void>((resolve) => stream.write('', () => resolve()))
await Promise.all([flushed(process.stdout), flushed(process.stderr)])
process.exit(code)
