/**
 * The bot as it is, with the recorder as a further chat service, or with another one before it, and with fail points that the
 * driver arms: a line `arm <n>` on its input kills it at the n-th fail point from then on.
 */
import { adapters } from '../../adapters/index.ts'
import { ircOptions } from '../../adapters/irc/options.ts'
import { slackOptions } from '../../adapters/slack/options.ts'
import { xmppOptions } from '../../adapters/xmpp/options.ts'
import { writeSync } from 'node:fs'
import type { Chosen } from '../../src/bot/services.ts'
import { reportFailure } from '../../src/cli/failure.ts'
import { serve } from '../../src/cli/serve.ts'
import { stateFolderOf } from '../../src/cli/state-folder.ts'
import { loadSettings } from '../../src/config/load.ts'
import type { Settings } from '../../src/config/settings.ts'
import { takeOverEnvironment } from '../../src/config/process.ts'
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

const chosenFor = (name: string, settings: Settings): Chosen => {
  if (name === 'slack') {
    return { definition: slackBeforeRecorder, options: settings.valuesOf(slackOptions) }
  }
  if (name === 'irc') {
    return { definition: ircBeforeRecorder, options: settings.valuesOf(ircOptions) }
  }
  if (name === 'xmpp') {
    return { definition: xmppBeforeRecorder, options: settings.valuesOf(xmppOptions) }
  }
  return { definition: recorder, options: settings.valuesOf(recorder.options) }
}

const io = { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr }
const environment = takeOverEnvironment()
try {
  const settings = await loadSettings({
    adapters: [...adapters, { ...recorder, load: () => Promise.resolve(recorder) }],
    environment,
    envFiles: [],
    systemdFiles: [],
  })
  process.exit(
    await serve({
      settings,
      environment,
      chosen: settings.adapters.map(({ name }) => chosenFor(name, settings)),
      io,
      http: settings.core.HUBOT_HTTPD,
      stateFolder: stateFolderOf(settings, environment),
      endsWith: () => false,
    }),
  )
} catch (error) {
  process.exit(await reportFailure(error, [], io))
}
