import { irc } from '../../../adapters/irc/index.ts'
import { ircOptions } from '../../../adapters/irc/options.ts'
import type { IrcOptions } from '../../../adapters/irc/setup.ts'
import type { Connection } from '../../../src/chat/adapter.ts'
import type { ChatMessage } from '../../../src/chat/message.ts'
import { type Clock, systemClock } from '../../../src/clock.ts'
import { loadSettings } from '../../../src/config/load.ts'
import { createOpenTunnel } from '../../../src/net/tunnel.ts'
import type { ProxySettings } from '../../../src/net/proxy.ts'
import { createKeptLog } from '../../fakes/log.ts'
import { offline } from '../../fakes/network.ts'
import { outgoingTo, until } from '../common.ts'

export { until }

export type Variables = Readonly<Record<string, string>>

/** The options as the configuration would read these variables, and two that it needs. */
export const optionsOf = async (variables: Variables): Promise<IrcOptions> => {
  const settings = await loadSettings({
    environment: { HUBOT_IRC_SERVER: '127.0.0.1', HUBOT_IRC_ROOMS: '#ops,#dev', ...variables },
    tables: [ircOptions],
    needs: [],
    envFiles: [],
    systemdFiles: [],
  })
  return settings.valuesOf(ircOptions)
}

/** One connection of the adapter, and everything that comes of it. */
export type TestConnection = AsyncDisposable & {
  readonly connection: Connection
  readonly heard: readonly ChatMessage[]
  readonly log: ReturnType<typeof createKeptLog>
  /** The message at this place, when it is there. */
  readonly message: (index: number) => Promise<ChatMessage>
  readonly up: () => Promise<void>
}

export type TestConnectionOptions = {
  readonly clock?: Clock
  readonly proxy?: ProxySettings
  readonly host?: string
}

/** Connects to a server on loopback; lines go out without a pause unless the variables say otherwise. */
export const connectTo = async (
  port: number,
  variables: Variables = {},
  { clock = systemClock, proxy = {}, host = '127.0.0.1' }: TestConnectionOptions = {},
): Promise<TestConnection> => {
  const heard: ChatMessage[] = []
  const log = createKeptLog()
  const connection = await irc.connect({
    ...offline,
    options: await optionsOf({
      HUBOT_IRC_SERVER: host,
      HUBOT_IRC_PORT: String(port),
      HUBOT_IRC_NICK: 'hubot',
      HUBOT_IRC_UNFLOOD: '1',
      ...variables,
    }),
    clock,
    log,
    signal: new AbortController().signal,
    tunnel: createOpenTunnel({ proxy }),
    receive: async (message) => void heard.push(message),
    end: () => {},
    fail: () => {},
    commands: () => [],
  })
  return {
    connection,
    heard,
    log,
    message: async (index) => {
      await until(() => heard.length > index)
      return heard[index] as ChatMessage
    },
    up: () => until(() => connection.health().state === 'connected'),
    [Symbol.asyncDispose]: () => connection.close(),
  }
}

/** A message of the bot, with what a test cares for. */
export const outgoing = outgoingTo('#ops')
