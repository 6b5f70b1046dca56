import type { LintSource } from '../alias/lint.ts'
import { type PackProblem, readPacks } from '../alias/packs.ts'
import { systemClock } from '../clock.ts'
import { ConfigurationError } from '../config/error.ts'
import { loadSettings } from '../config/load.ts'
import { reexecForCertificates, takeOverEnvironment } from '../config/process.ts'
import { silentLog } from '../log.ts'
import { openStackStorm } from './open-stackstorm.ts'

/** Where aliases come from: folders of packs, else `load`, else the StackStorm of the configuration. */
export type AliasOrigin = {
  readonly packs?: readonly string[] | undefined
  readonly envFile?: string | undefined
  readonly load?: (() => Promise<readonly unknown[]>) | undefined
}

export type LoadedAliases = {
  readonly sources: readonly LintSource[]
  /** Files that could not be read; always empty for StackStorm. */
  readonly problems: readonly PackProblem[]
}

/** A person waits at the terminal: longer than this is no answer. */
const deadline = 30_000

/**
 * Reads alias documents. Throws ConfigurationError, what the StackStorm client throws, or an Error for a folder that
 * cannot be read.
 */
export const loadAliases = async (origin: AliasOrigin): Promise<LoadedAliases> => {
  const { packs = [], load = () => askStackStorm(origin.envFile) } = origin
  if (packs.length === 0) {
    return { sources: (await load()).map((document) => ({ document })), problems: [] }
  }
  const read = await Promise.all(packs.map(readPacks))
  return {
    sources: read.flatMap(({ files }) => files),
    problems: read.flatMap(({ problems }) => problems),
  }
}

const withoutStackStorm = 'The aliases of a folder of packs need no StackStorm: --packs FOLDER.'

const askStackStorm = async (envFile: string | undefined): Promise<readonly unknown[]> => {
  const environment = takeOverEnvironment()
  const settings = await loadSettings({
    environment,
    ...envFile === undefined ? {} : { envFile },
  }).catch((error) => {
    if (!(error instanceof ConfigurationError)) throw error
    const { problems, notes } = error
    throw new ConfigurationError(problems, { notes: [...notes, withoutStackStorm], cause: error })
  })
  reexecForCertificates(settings.core.NODE_EXTRA_CA_CERTS, environment)
  const stackstorm = openStackStorm(settings, systemClock, silentLog)
  return await stackstorm.aliases(AbortSignal.timeout(deadline))
}

/** One line for a file that cannot be read. */
export const describePackProblem = ({ file, line, reason }: PackProblem): string =>
  line === undefined ? `${file}: ${reason}` : `${file}:${line}: ${reason}`
