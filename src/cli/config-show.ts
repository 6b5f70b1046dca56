import { adapters } from '../../adapters/index.ts'
import { describeProblem } from '../config/error.ts'
import { readConfiguration } from '../config/load.ts'
import { takeOverEnvironment } from '../config/process.ts'
import { createMask } from '../config/redact.ts'
import type { LoadOptions, Shown } from '../config/settings.ts'
import type { ExitCode, Io } from './io.ts'
import { printable, printableJson } from './printable.ts'

export type ConfigShowOptions = { readonly json?: boolean; readonly envFile?: string }

/** A wider value does not push the sources of all others to the right. */
const widest = 44

const table = (rows: readonly Pick<Shown, 'name' | 'value' | 'source'>[]): string => {
  const nameWidth = Math.max(...rows.map(({ name }) => name.length))
  const valueWidth = Math.min(widest, Math.max(...rows.map(({ value }) => value.length)))
  return rows.map(({ name, value, source }) =>
    `${name.padEnd(nameWidth)}  ${printable(value).padEnd(valueWidth)}  ${printable(source)}\n`
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
  const { problems, warnings, file } = configuration
  // A secret may stand once more in a variable that is none.
  const mask = createMask(configuration.secrets)
  const rows = configuration.provenance().map(({ name, value, source }) => ({
    name,
    value: mask(value),
    source: mask(source),
  }))
  if (options.json) {
    io.stdout.write(`${printableJson(rows, 2)}\n`)
  } else {
    io.stderr.write(file === undefined ? 'no env file\n' : `env file: ${file}\n`)
    io.stdout.write(table(rows))
  }
  for (const warning of warnings) io.stderr.write(`warning: ${printable(mask(warning))}\n`)
  for (const problem of problems) {
    io.stderr.write(`error: ${printable(mask(describeProblem(problem)))}\n`)
  }
  return problems.length === 0 ? 0 : 78
}
