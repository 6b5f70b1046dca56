import type { ExitCode, Io } from './io.ts'

/** What nothing else says: run the bot as its configuration describes it. */
const isPlainRun = (args: readonly string[]): boolean =>
  args.length === 0 || (args.length === 1 && args[0] === 'run')

const isVersion = ([first, ...others]: readonly string[]): boolean =>
  others.length === 0 && ['version', '--version', '-V', '-v'].includes(first ?? '')

/**
 * Runs what the arguments ask for and gives the exit code; it throws nothing.
 * A plain `run`, as a service manager starts it, needs no argument parser: not loading one
 * saves about 13 ms of start and its memory for as long as the bot runs. Nor does the question for the version.
 */
export const start = async (args: readonly string[], io: Io): Promise<ExitCode> => {
  try {
    if (isPlainRun(args)) return await (await import('./run.ts')).run({ overrides: {} }, io)
    if (isVersion(args)) return await (await import('./version.ts')).version({}, io)
    return await (await import('./program.ts')).runProgram(args, io)
  } catch (error) {
    return (await import('./failure.ts')).reportFailure(error, args, io)
  }
}
