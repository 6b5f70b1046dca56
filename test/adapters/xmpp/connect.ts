import { xmpp as definition } from '../../../adapters/xmpp/index.ts'
import { xmppOptions } from '../../../adapters/xmpp/options.ts'
import type { XmppOptions } from '../../../adapters/xmpp/setup.ts'
import type { Connection } from '../../../src/chat/adapter.ts'
import type { ChatMessage } from '../../../src/chat/message.ts'
import { type Clock, systemClock } from '../../../src/clock.ts'
import { loadSettings } from '../../../src/config/load.ts'
import { createHttp, type HttpSettings } from '../../../src/net/http.ts'
import { createOpenTunnel, secureTunnel } from '../../../src/net/tunnel.ts'
import { createOpenSocket } from '../../../src/net/websocket.ts'
import { createKeptLog } from '../../fakes/log.ts'
import { account, conference, domain } from '../../fakes/xmpp/server.ts'
import { outgoingTo, until } from '../common.ts'

export { until }

export type Variables = Readonly<Record<string, string>>

/** The options as the configuration would read these variables. */
export const optionsOf = async (variables: Variables): Promise<XmppOptions> => {
  const settings = await loadSettings({
    environment: variables,
    tables: [xmppOptions],
    needs: [],
    envFiles: [],
    systemdFiles: [],
  })
  return settings.valuesOf(xmppOptions)
}

/** One connection of the adapter, and everything that comes of it. */
export type TestConnection = AsyncDisposable & {
  readonly connection: Connection
  readonly heard: readonly ChatMessage[]
  readonly log: ReturnType<typeof createKeptLog>
  /** Settles when the bot is connected and has been to all of its rooms. */
  readonly up: () => Promise<void>
  /** The first message with this text; waits for it. */
  readonly hears: (text: string) => Promise<ChatMessage>
  /** The first line of the log that holds this; waits for it. */
  readonly says: (words: string) => Promise<string>
}

export const connectTo = async (
  variables: Variables,
  { network = { proxy: {} }, clock = systemClock }: {
    readonly network?: HttpSettings
    readonly clock?: Clock
  } = {},
): Promise<TestConnection> => {
  const heard: ChatMessage[] = []
  const log = createKeptLog()
  const connection = await definition.connect({
    options: await optionsOf(variables),
    clock,
    log,
    signal: new AbortController().signal,
    http: createHttp(network),
    websocket: createOpenSocket(network),
    tunnel: createOpenTunnel(network),
    secure: secureTunnel,
    route: undefined,
    receive: async (message) => void heard.push(message),
    end: () => {},
    fail: () => {},
    commands: () => [],
  })
  const line = (words: string): string | undefined =>
    log.lines.map((one) => Bun.inspect(one)).find((one) => one.includes(words))
  return {
    connection,
    heard,
    log,
    up: () => until(() => connection.health().state === 'connected'),
    hears: async (text) => {
      await until(() => heard.some((message) => message.text === text))
      return heard.find((message) => message.text === text) as ChatMessage
    },
    says: async (words) => {
      await until(() => line(words) !== undefined)
      return line(words) ?? ''
    },
    [Symbol.asyncDispose]: () => connection.close(),
  }
}

/** A message of the bot, with what a test cares for. */
export const outgoing = outgoingTo('ops@conference.localhost')

/** What a promise rejects with; undefined when it does not. */
export const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(() => undefined, (error: unknown) => error)

/** The bot in the room `ops` of the stand-in. */
export const botVariables = (port: number, more: Variables = {}): Variables => ({
  HUBOT_XMPP_USERNAME: `${account.name}@${domain}`,
  HUBOT_XMPP_PASSWORD: account.password,
  HUBOT_XMPP_ROOMS: `ops@${conference}`,
  HUBOT_XMPP_HOST: '127.0.0.1',
  HUBOT_XMPP_PORT: String(port),
  HUBOT_XMPP_DISALLOW_TLS: 'true',
  ...more,
})
