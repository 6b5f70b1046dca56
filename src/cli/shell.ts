import { adapters } from '../../adapters/index.ts'
import { createShell } from '../../adapters/shell/index.ts'
import { shellOptions } from '../../adapters/shell/options.ts'
import type { AdapterDefinition } from '../chat/adapter.ts'
import { loadSettings } from '../config/load.ts'
import type { Settings } from '../config/settings.ts'
import {
  type ProcessEnvironment,
  reexecForCertificates,
  takeOverEnvironment,
} from '../config/process.ts'
import type { ExitCode, Io } from './io.ts'
import { serve } from './serve.ts'

export type ShellOptions = {
  readonly envFile?: string | undefined
  readonly overrides: Readonly<Record<string, string>>
  /** Who is talking. */
  readonly user?: string | undefined
  /** Where. */
  readonly channel?: string | undefined
  /** Alone with the bot. */
  readonly direct?: boolean | undefined
}

/** `st2chatops shell`: this terminal, or a pipe, as chat with the StackStorm of the configuration. */
export const shell = async (options: ShellOptions, io: Io): Promise<ExitCode> => {
  const environment = takeOverEnvironment()
  const settings = await loadSettings({
    // All are known, so that no secret of another chat service is shown and no variable of it is called unknown.
    adapters,
    tables: [shellOptions],
    needs: ['stackstorm'],
    environment,
    overrides: {
      // Somebody reads the answers on the same terminal: the log says only what is wrong, unless asked to say more.
      ...(environment.HUBOT_LOG_LEVEL === undefined && { HUBOT_LOG_LEVEL: 'warn' }),
      ...options.overrides,
      ...speakerOverrides(options),
    },
    ...(options.envFile !== undefined && { envFile: options.envFile }),
  })
  reexecForCertificates(settings.core.NODE_EXTRA_CA_CERTS, environment)
  return await talk(settings, environment, io, options.direct)
}

/** Who is talking, and where, as variables. */
export const speakerOverrides = (
  { user, channel }: Pick<ShellOptions, 'user' | 'channel'>,
): Readonly<Record<string, string>> => ({
  ...(user !== undefined && { HUBOT_SHELL_USER_NAME: user }),
  ...(channel !== undefined && { HUBOT_SHELL_ROOM: channel }),
})

/** The terminal as the only chat, until it has nothing more to say and all answers are in. */
export const talk = async (
  settings: Settings,
  environment: ProcessEnvironment,
  io: Io,
  direct = false,
): Promise<ExitCode> => {
  const definition: AdapterDefinition = createShell({
    input: io.stdin,
    output: io.terminal,
    colour: Bun.enableANSIColors,
    direct,
  })
  return await serve({
    settings,
    environment,
    chosen: [{ definition, options: settings.valuesOf(shellOptions) }],
    io,
    http: false,
    stateFolder: undefined,
    endsWith: () => true,
  })
}
