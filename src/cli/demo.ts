import { demoPacks } from '../sandbox/demo-pack.ts'
import { startSandbox } from '../sandbox/sandbox.ts'
import { shellOptions } from '../../adapters/shell/options.ts'
import { loadSettings } from '../config/load.ts'
import { takeOverEnvironment } from '../config/process.ts'
import type { ExitCode, Io } from './io.ts'
import { speakerOverrides, talk } from './shell.ts'
import { openingLines } from './opening-lines.ts'

export type DemoOptions = {
  /** Folders of packs instead of the ones inside. */
  readonly packs?: readonly string[] | undefined
  readonly user?: string | undefined
  readonly channel?: string | undefined
}

/** Only the packs inside are known to have the command that is proposed. */
const welcome = (ownPacks: boolean): string =>
  `This is st2chatops with a stand-in StackStorm inside, and this terminal is the chat.
Nothing leaves this host; commands of the demo really run on it.

  !help                      what you can say
${
    ownPacks
      ? ''
      : '  !run date on localhost     run a command\n'
  }  /help                      the commands of this terminal, as /user and /channel

`

/**
 * `st2chatops demo`: the whole way from chat to StackStorm and back, with nothing set up. Its configuration is its own:
 * neither the environment nor a file has a say in it.
 */
export const demo = async (
  { packs, user = 'you', channel = 'demo' }: DemoOptions,
  io: Io,
): Promise<ExitCode> => {
  takeOverEnvironment()
  const sandbox = await startSandbox({ packs: packs ?? demoPacks, port: 0, allowLocal: true })
  try {
    const settings = await loadSettings({
      tables: [shellOptions],
      needs: ['stackstorm'],
      environment: {},
      envFiles: [],
      systemdFiles: [],
      overrides: {
        ST2_API_URL: `${sandbox.url}/api`,
        ST2_WEBUI_URL: sandbox.url,
        ST2_API_KEY: sandbox.apiKey,
        HUBOT_LOG_LEVEL: 'warn',
        ...speakerOverrides({ user, channel }),
      },
    })
    io.stderr.write(welcome(packs !== undefined))
    return await talk(settings, {}, await openingLines(io))
  } finally {
    await sandbox.stop()
  }
}
