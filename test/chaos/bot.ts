/**
 * The bot as it is, with the recorder as a further chat service, or with another one before it, and with fail points that the
 * driver arms: a line `arm <n>` on its input kills it at the n-th fail point from then on.
 */
import { type AdapterEntry, adapters } from '../../adapters/index.ts'
import { writeSync } from 'node:fs'
import { reportFailure } from '../../src/cli/failure.ts'
import { processIo } from '../../src/cli/io.ts'
import { run } from '../../src/cli/run.ts'
import { ircBeforeRecorder } from './irc-adapter.ts'
import { recorder } from './recorder-adapter.ts'
import { slackBeforeRecorder } from './slack-adapter.ts'
import { xmppBeforeRecorder } from './xmpp-adapter.ts'

let left = 0
Object.assign(globalThis, {
  ST2CHATOPS_FAIL_POINT: (name: string): void => {
    if (left === 0 || --left > 0) return
    writeSync(2, `fail point: ${name}\n`)
    process.kill(process.pid, 'SIGKILL')
    // The signal arrives when it does: nothing more may happen until then.
    for (;;) Bun.sleepSync(1_000)
  },
})

const listenForOrders = async (): Promise<void> => {
  for await (const chunk of Bun.stdin.stream()) {
    const order = /^arm (\d+)$/m.exec(new TextDecoder().decode(chunk))
    if (order !== null) left = Number(order[1])
  }
}
void listenForOrders()

/** What stands before the recorder, by the name of the service that it takes the place of. */
const fronts: Readonly<Record<string, AdapterEntry['load']>> = {
  slack: () => Promise.resolve(slackBeforeRecorder),
  irc: () => Promise.resolve(ircBeforeRecorder),
  xmpp: () => Promise.resolve(xmppBeforeRecorder),
}

const withFront = (entry: AdapterEntry): AdapterEntry => {
  const load = fronts[entry.name] ?? entry.load
  return load === undefined ? entry : { ...entry, load }
}

const io = processIo()
process.exit(
  await run({
    overrides: {},
    adapters: [...adapters.map(withFront), { ...recorder, load: () => Promise.resolve(recorder) }],
    files: { envFiles: [], systemdFiles: [] },
  }, io).catch((error) => reportFailure(error, [], io)),
)
