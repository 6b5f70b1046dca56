/** The bot as it is, with the scripted chat as a further service. */
import { adapters } from '../../adapters/index.ts'
import { reportFailure } from '../../src/cli/failure.ts'
import { processIo } from '../../src/cli/io.ts'
import { run } from '../../src/cli/run.ts'
import { scripted } from './adapter.ts'

const io = processIo()
process.exit(
  await run({
    overrides: {},
    adapters: [...adapters, { ...scripted, load: () => Promise.resolve(scripted) }],
    files: { envFiles: [], systemdFiles: [] },
  }, io).catch((error) => reportFailure(error, [], io)),
)
