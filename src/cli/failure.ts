import { ConfigurationError } from '../config/error.ts'
import { takeOverEnvironment } from '../config/process.ts'
import { describeError } from '../ops/log-format.ts'
import type { ExitCode, Io } from './io.ts'

/** Whether somebody asked to see where an error comes from. */
const wantsStacks = (args: readonly string[], environment: string | undefined): boolean =>
  environment?.trim().toLowerCase() === 'debug' ||
  args.some((word, index) =>
    word === '--log-level=debug' || (word === '--log-level' && args[index + 1] === 'debug')
  )

/**
 * Tells a person why the program ends and gives the exit code: 78 for configuration that can never work
 * (its message says all that helps), 1 for everything else, with the way to see more.
 */
export const reportFailure = (
  error: unknown,
  args: readonly string[],
  { stderr }: Pick<Io, 'stderr'>,
  logLevel: string | undefined = takeOverEnvironment().HUBOT_LOG_LEVEL,
): ExitCode => {
  if (error instanceof ConfigurationError) {
    stderr.write(`st2chatops: ${error.message}\n`)
    return 78
  }
  stderr.write(`st2chatops: ${describeError(error)}\n`)
  if (!wantsStacks(args, logLevel)) {
    stderr.write('HUBOT_LOG_LEVEL=debug shows where this comes from.\n')
  } else if (error instanceof Error) {
    stderr.write(`${error.stack ?? ''}\n`)
  }
  return 1
}
