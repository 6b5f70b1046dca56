import { ConfigurationError } from '../config/error.ts'
import { type ProcessEnvironment, takeOverEnvironment } from '../config/process.ts'
import { describeError } from '../ops/log-format.ts'
import { isJournal } from '../ops/log.ts'
import type { ExitCode, Io } from './io.ts'
import { printableLines } from './printable.ts'

/** Whether somebody asked to see where an error comes from. */
const wantsStacks = (args: readonly string[], level: string | undefined): boolean =>
  level?.trim().toLowerCase() === 'debug' ||
  args.some((word, index) =>
    word === '--log-level=debug' || (word === '--log-level' && args[index + 1] === 'debug')
  )

const tell = (error: unknown, stacks: boolean): string => {
  if (error instanceof ConfigurationError) return `st2chatops: ${error.message}`
  const said = `st2chatops: ${describeError(error)}`
  if (!stacks) return `${said}\nHUBOT_LOG_LEVEL=debug shows where this comes from.`
  return error instanceof Error && error.stack !== undefined ? `${said}\n${error.stack}` : said
}

/**
 * Tells a person why the program ends and gives the exit code: 78 for configuration that can never work
 * (its message says all that helps), 1 for everything else, with the way to see more.
 */
export const reportFailure = (
  error: unknown,
  args: readonly string[],
  { stderr }: Pick<Io, 'stderr'>,
  environment: ProcessEnvironment = takeOverEnvironment(),
): ExitCode => {
  // It may repeat what StackStorm or a file said.
  const text = printableLines(tell(error, wantsStacks(args, environment.HUBOT_LOG_LEVEL)))
  // journald takes each line for an entry of its own, and 3 is the priority of an error.
  const priority = isJournal(environment.JOURNAL_STREAM) ? '<3>' : ''
  stderr.write(`${text.replaceAll(/^/gm, priority)}\n`)
  return error instanceof ConfigurationError ? 78 : 1
}
