import { PassThrough } from 'node:stream'
import { createShell } from '../../adapters/shell/index.ts'
import type { ChatMessage } from '../../src/chat/message.ts'
import { systemClock } from '../../src/clock.ts'
import { createKeptLog } from '../fakes/log.ts'
import { offline } from '../fakes/network.ts'
import { adapterContract } from './adapter.ts'
import type { Said, Seen, World } from './world.ts'

const channels = { ops: 'ops', dev: 'dev' } as const

/** What stands before an answer that is not for everybody here. */
const readLine = (printed: string): Seen => {
  const [, channel = channels.ops, rest = ''] = /^(?:\[(\S+)\] )?(.*)$/s.exec(printed) ?? []
  const [, onlyFor] = /^\(to (\S+) alone\) /.exec(rest) ?? []
  return { text: rest, channel, ...(onlyFor !== undefined && { onlyFor }) }
}

const open = async (): Promise<World> => {
  const input = new PassThrough()
  const output = new PassThrough()
  const printed: string[] = []
  output.on('data', (chunk) => printed.push(String(chunk).trimEnd()))
  const definition = createShell({ input, output, colour: false })
  let connected = false
  let direct = false
  const say = ({ text, place = 'ops', user = 'alice' }: Said): void => {
    if (input.writableEnded) return
    direct = place === 'direct'
    input.write(`/user ${user}\n${direct ? '/dm' : `/channel ${place}`}\n${text}\n`)
  }
  const { promise: ended, resolve: end } = Promise.withResolvers<number>()
  return {
    definition,
    ops: channels.ops,
    secrets: [],
    join: async () => {
      const heard: ChatMessage[] = []
      const log = createKeptLog()
      const connection = await definition.connect({
        ...offline,
        options: {
          HUBOT_SHELL_USER_NAME: 'alice',
          HUBOT_SHELL_USER_ID: '1',
          HUBOT_SHELL_ROOM: channels.ops,
          HUBOT_SHELL_HISTSIZE: 10,
        },
        clock: systemClock,
        log,
        signal: new AbortController().signal,
        receive: async (message) => void heard.push(message),
        end,
        fail: () => {},
        commands: () => [],
      })
      connected = true
      const close = async (): Promise<void> => {
        await connection.close()
        connected = false
      }
      return { connection: { ...connection, close }, heard, lines: log.lines }
    },
    say,
    // The terminal marks what was not said where the person is.
    seen: () =>
      printed.map(readLine).map((seen) =>
        direct && seen.channel === channels.ops ? { ...seen, channel: 'alice' } : seen
      ),
    files: () => [],
    isConnected: () => connected,
    [Symbol.asyncDispose]: async () => {
      input.end()
      if (connected) await ended
    },
  }
}

const oneTerminal = 'a terminal is its own service'

adapterContract('the terminal', open, {
  addressing: 'a terminal has no mentions of its own',
  broadcast: 'a terminal has no broadcasts',
  broken: oneTerminal,
  busy: 'a terminal takes everything',
  drop: oneTerminal,
  echo: 'a terminal does not repeat what is printed',
  garbage: 'whatever is typed is text',
  memory: oneTerminal,
  receipt: 'a terminal gives no ids',
  refuse: 'the closed pipe has a test of its own',
  sayAgain: 'a terminal says nothing twice',
  threads: 'a terminal has no threads',
})
