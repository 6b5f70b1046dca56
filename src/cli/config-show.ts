import { adapters } from '../../adapters/index.ts'
import { describeProblem } from '../config/error.ts'
import { readConfiguration } from '../config/load.ts'
import { takeOverEnvironment } from '../config/process.ts'
import type { LoadOptions, Shown } from '../config/settings.ts'
import type { ExitCode, Io } from './io.ts'

export type ConfigShowOptions = { readonly json?: boolean; readonly envFile?: string }

/** A wider value does not push the sources of all others to the right. */
const widest = 44

/** Line breaks and the like are shown as escapes: each variable stays on its line. */
const printable = (value: string): string =>
  // deno-lint-ignore no-control-regex -- these are what is looked for
  /[\u0000-\u001f\u007f]/.test(value) ? JSON.stringify(value) : value

const table = (rows: readonly Shown[]): string => {
  const nameWidth = Math.max(...rows.map(({ name }) => name.length))
  const valueWidth = Math.min(widest, Math.max(...rows.map(({ value }) => value.length)))
  return rows.map(({ name, value, source }) =>
    `${name.padEnd(nameWidth)}  ${printable(value).padEnd(valueWidth)}  ${source}\n`
  ).join('')
}

/**
 * Prints each variable that has a value and where the value came from, secrets masked; with `json` as
 * an array of `{name, value, source}`. Variables without a value are left out.
 * A wrong configuration is shown as far as it could be read; what is wrong with it then stands on
 * stderr and the exit code is 78.
 */
export const configShow = async (
  options: ConfigShowOptions,
  io: Io,
  from: Partial<LoadOptions> = {},
): Promise<ExitCode> => {
  const configuration = await readConfiguration({
    environment: takeOverEnvironment(),
    ...from,
    adapters,
    ...options.envFile === undefined ? {} : { envFile: options.envFile },
  })
  const { provenance, problems, warnings, file } = configuration
  if (options.json) {
    const rows = provenance().map(({ name, value, source }) => ({ name, value, source }))
    io.stdout.write(`${JSON.stringify(rows, undefined, 2)}\n`)
  } else {
    io.stderr.write(file === undefined ? 'no env file\n' : `env file: ${file}\n`)
    io.stdout.write(table(provenance()))
  }
  for (const warning of warnings) io.stderr.write(`warning: ${warning}\n`)
  for (const problem of problems) io.stderr.write(`error: ${describeProblem(problem)}\n`)
  return problems.length === 0 ? 0 : 78
}
