/** The bot as it is, with the scripted chat as its only service. */
import { adapters } from '../../adapters/index.ts'
import { reportFailure } from '../../src/cli/failure.ts'
import { serve } from '../../src/cli/serve.ts'
import { stateFolderOf } from '../../src/cli/state-folder.ts'
import { loadSettings } from '../../src/config/load.ts'
import { takeOverEnvironment } from '../../src/config/process.ts'
import { scripted } from './adapter.ts'

const io = {
  get stdin() {
    return process.stdin
  },
  stdout: process.stdout,
  stderr: process.stderr,
}
const environment = takeOverEnvironment()
try {
  const settings = await loadSettings({
    adapters: [...adapters, { ...scripted, load: () => Promise.resolve(scripted) }],
    environment,
    envFiles: [],
    systemdFiles: [],
  })
  process.exit(
    await serve({
      settings,
      environment,
      chosen: [{ definition: scripted, options: settings.valuesOf(scripted.options) }],
      io,
      http: settings.core.HUBOT_HTTPD,
      stateFolder: stateFolderOf(settings, environment),
      endsWith: () => false,
    }),
  )
} catch (error) {
  process.exit(await reportFailure(error, [], io))
}
