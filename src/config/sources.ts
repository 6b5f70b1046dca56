import {
  type ConfigurationFile,
  defaultEnvFiles,
  readFirst,
  readIfThere,
  readNamed,
  systemdFiles,
} from './env-file.ts'
import { readEnvironmentFile } from './environment-file.ts'
import { ConfigurationError, type Problem } from './error.ts'
import type { Option } from './option.ts'
import { readSecretFiles } from './secret-files.ts'
import { warnOfShell, warnOfSystemdFile } from './warnings.ts'
import type { LoadOptions } from './settings.ts'
import { readShellEnv } from './shell-env.ts'
import { type Variables, variablesOf } from './variables.ts'

/** All variables after every source had its say, and what went wrong on the way. */
export type Sources = {
  readonly variables: Variables
  readonly file: ConfigurationFile | undefined
  /** Where an env file was looked for and none was there; empty when there is one. */
  readonly lookedFor: readonly string[]
  /** See `SecretFiles`. */
  readonly unread: ReadonlySet<string>
  /** False when the env file could not be read: what is unset then says nothing. */
  readonly complete: boolean
  readonly problems: readonly Problem[]
  readonly warnings: readonly string[]
}

const chooseFile = (
  { envFile, envFiles = defaultEnvFiles }: LoadOptions,
  before: Variables,
): Promise<ConfigurationFile | undefined> => {
  if (envFile !== undefined) return readNamed(envFile, '--env-file')
  const name = 'ST2CHATOPS_ENV_FILE'
  const named = before.get(name)?.value
  return named ? readNamed(named, name) : readFirst(envFiles)
}

/**
 * Reads all sources, the weakest first: systemd's environment files, the process's environment (systemd
 * may have read those files already; the environment wins, so reading them again changes nothing), the
 * env file as sh would read it with that environment, files of single secrets, flags.
 * What cannot be read becomes a problem, of systemd's files a warning, and the rest is read all the same.
 */
export const readSources = async (
  options: LoadOptions,
  rows: readonly Option[],
): Promise<Sources> => {
  const problems: Problem[] = []
  const warnings: string[] = []
  const attempt = async <Value>(
    read: () => Value | Promise<Value>,
    tell = (problem: Problem): unknown => problems.push(problem),
  ): Promise<Value | undefined> => {
    try {
      return await read()
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error
      error.problems.forEach(tell)
      return undefined
    }
  }

  let variables: Variables = new Map()
  for (const path of options.systemdFiles ?? systemdFiles) {
    const read = await attempt(async () => {
      const file = await readIfThere(path)
      return file && readEnvironmentFile(file)
    }, (problem) => warnings.push(warnOfSystemdFile(problem)))
    variables = new Map([...variables, ...read?.variables ?? []])
    warnings.push(...read?.warnings ?? [])
  }
  const environment = variablesOf(options.environment ?? process.env, 'environment')
  variables = new Map([...variables, ...environment])

  const file = await attempt(() => chooseFile(options, variables))
  const before = variables
  const shell = await attempt(() => file && readShellEnv(file, before))
  variables = shell?.exported ?? variables
  warnings.push(...shell === undefined ? [] : warnOfShell(shell, file?.path ?? '', rows))

  const complete = problems.length === 0
  const secrets = await readSecretFiles(rows, variables)
  problems.push(...secrets.problems)
  warnings.push(...secrets.warnings)
  const flags = variablesOf(options.overrides ?? {}, 'flag')
  return {
    variables: new Map([...secrets.variables, ...flags]),
    file,
    lookedFor: complete && file === undefined ? options.envFiles ?? defaultEnvFiles : [],
    unread: secrets.unread,
    complete,
    problems,
    warnings,
  }
}
