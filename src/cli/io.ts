import { createOutput, type Output } from './output.ts'

/** What a subcommand may touch of the process. Data goes to `stdout`, talk to `stderr`. */
export type Io = {
  readonly stdin: NodeJS.ReadStream
  readonly stdout: Output
  readonly stderr: Output
  /** `stdout` as the stream that a line editor needs. */
  readonly terminal: NodeJS.WriteStream
}

/** What a subcommand ends with: 0 fine, 1 failed, 2 used wrongly, 78 configuration that can never work (sysexits.h EX_CONFIG). */
export type ExitCode = 0 | 1 | 2 | 78

/** A reader that has seen enough (`st2chatops aliases list | head`) ends the program, and is no failure. */
const seenEnough = () => process.exit(0)

/** This process's own. Node's streams cost a start 15 ms: those are made for the commands that touch them. */
export const processIo = (): Io => ({
  get stdin() {
    return process.stdin
  },
  stdout: createOutput(1, seenEnough),
  // A log that nobody reads any more must not end the bot.
  stderr: createOutput(2, () => {}),
  get terminal() {
    return process.stdout.on('error', seenEnough)
  },
})
