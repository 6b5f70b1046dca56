import { type AdapterEntry, adapters as usual } from '../../adapters/index.ts'
import type { Chosen } from '../bot/services.ts'
import { ConfigurationError } from '../config/error.ts'
import { loadSettings, readConfiguration } from '../config/load.ts'
import { reexecForCertificates, takeOverEnvironment } from '../config/process.ts'
import type { LoadOptions, Settings } from '../config/settings.ts'
import type { ExitCode, Io } from './io.ts'
import { serve } from './serve.ts'
import { stateFolderOf } from './state-folder.ts'

export type RunOptions = {
  /** `--env-file`. */
  readonly envFile?: string | undefined
  /** Variables that flags set. */
  readonly overrides: Readonly<Record<string, string>>
  /** The chat services that there are, where they are not the usual ones. */
  readonly adapters?: readonly AdapterEntry[]
  /** Where the host's own files lie, where they are not to be read in their usual places. */
  readonly files?: Pick<LoadOptions, 'envFiles' | 'systemdFiles'>
}

const noJournal =
  'There is no folder for the journal: results are delivered by best effort, and a restart forgets those ' +
  'under way. Create /var/lib/st2chatops for the user of this service, or set ST2CHATOPS_STATE_DIR.'

/** `st2chatops run`: the bot as its configuration describes it, until a signal. */
export const run = async (
  { envFile, overrides, adapters = usual, files }: RunOptions,
  io: Io,
): Promise<ExitCode> => {
  const environment = takeOverEnvironment()
  const sought = {
    adapters,
    environment,
    overrides,
    ...files,
    ...(envFile !== undefined && { envFile }),
  }
  const settings = await loadSettings(sought).catch(async (error) => {
    throw error instanceof ConfigurationError ? await withChat(error, sought) : error
  })
  reexecForCertificates(settings.core.NODE_EXTRA_CA_CERTS, environment)
  const stateFolder = stateFolderOf(settings, environment)
  return await serve({
    settings: stateFolder === undefined
      ? { ...settings, warnings: [...settings.warnings, noJournal] }
      : settings,
    environment,
    chosen: await loadAdapters(settings),
    io,
    http: settings.core.HUBOT_HTTPD,
    stateFolder,
    // A service has no input at all; a pipe that said something and closed has nothing more to say.
    endsWith: (heard) => heard > 0 || io.stdin.isTTY === true,
  })
}

/** With what the chosen chat services would say next: whoever corrects the one corrects the other too. */
const withChat = async (
  cause: ConfigurationError,
  sought: LoadOptions<AdapterEntry>,
): Promise<ConfigurationError> => {
  const { chatProblems, judgeChat } = await import('./check-chat.ts')
  const problems = chatProblems(await judgeChat(await readConfiguration(sought)))
  const { notes } = cause
  return new ConfigurationError([...cause.problems, ...problems], { cause, notes })
}

type Loaded = Settings<AdapterEntry>

/** Loads the code of the chosen chat services, and of no others. */
const loadAdapters = (settings: Loaded): Promise<readonly Chosen[]> =>
  Promise.all(
    settings.adapters.flatMap(({ load }) =>
      load === undefined ? [] : [
        load().then((definition) => ({
          definition,
          options: settings.valuesOf(definition.options),
        })),
      ]
    ),
  )
