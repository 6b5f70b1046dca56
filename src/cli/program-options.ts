import { InvalidArgumentError, Option } from 'commander'
import type { Option as Variable } from '../config/option.ts'
import { defaultEnvFiles } from '../config/env-file.ts'
import { coreOptions } from '../config/options.ts'
import { isFolder, noFolder } from './folder.ts'

/** The words that a variable takes, for the flag that stands for it. */
const choicesOf = (name: string): readonly string[] => {
  const variables: readonly Variable[] = coreOptions
  const type = variables.find((variable) => variable.name === name)?.type
  return typeof type === 'object' ? type.choice : []
}

/** `--env-file`: the same on every command that reads the configuration. */
export const envFileOption = (): Option =>
  new Option(
    '--env-file <path>',
    `the env file to read instead of ${defaultEnvFiles.join(' or ')}`,
  )

/** `--log-level` and `--log-format`, for commands that run until they are stopped. */
export const logOptions = (): readonly Option[] => [
  new Option('--log-level <level>', 'the least that is logged (HUBOT_LOG_LEVEL)')
    .choices(choicesOf('HUBOT_LOG_LEVEL')),
  new Option('--log-format <format>', 'how a line looks; auto looks at what reads it')
    .choices(choicesOf('ST2CHATOPS_LOG_FORMAT')),
]

/** `--packs`, once or more often; each names a folder of packs, or one pack. */
export const packsOption = (help: string): Option =>
  new Option('--packs <folder>', help)
    .argParser((folder: string, earlier: readonly string[] = []) => {
      if (isFolder(folder)) return [...earlier, folder]
      throw new InvalidArgumentError(noFolder(folder))
    })

/** A TCP port; 0 lets the host choose. */
export const parsePort = (text: string): number => {
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port > 65_535) {
    throw new InvalidArgumentError('A port is a number from 0 to 65535.')
  }
  return port
}

/** What the command line says of the log, as variables. */
export const logOverrides = (
  { logLevel, logFormat }: { logLevel?: string; logFormat?: string },
): Readonly<Record<string, string>> => ({
  ...(logLevel === undefined ? {} : { HUBOT_LOG_LEVEL: logLevel }),
  ...(logFormat === undefined ? {} : { ST2CHATOPS_LOG_FORMAT: logFormat }),
})
