import { slack as definition } from '../../../adapters/slack/index.ts'
import { slackOptions } from '../../../adapters/slack/options.ts'
import type { SlackOptions } from '../../../adapters/slack/way-in.ts'
import type { Connection, Route } from '../../../src/chat/adapter.ts'
import type { ChatMessage } from '../../../src/chat/message.ts'
import { type Clock, systemClock } from '../../../src/clock.ts'
import { loadSettings } from '../../../src/config/load.ts'
import { createHttp, type HttpSettings } from '../../../src/net/http.ts'
import { createOpenTunnel, secureTunnel } from '../../../src/net/tunnel.ts'
import { createOpenSocket } from '../../../src/net/websocket.ts'
import { createKeptLog } from '../../fakes/log.ts'
import { appToken, botToken, type FakeSlack } from '../../fakes/slack/slack.ts'
import { outgoingTo, until } from '../common.ts'

export { until }

export type Variables = Readonly<Record<string, string>>

export const socketModeVariables: Variables = {
  HUBOT_SLACK_APP_TOKEN: appToken,
  HUBOT_SLACK_BOT_TOKEN: botToken,
}

/** The options as the configuration would read these variables. */
export const optionsOf = async (variables: Variables): Promise<SlackOptions> => {
  const settings = await loadSettings({
    environment: variables,
    tables: [slackOptions],
    needs: [],
    envFiles: [],
    systemdFiles: [],
  })
  return settings.valuesOf(slackOptions)
}

/** One connection of the adapter to a stand-in, and everything that comes of it. */
export type TestConnection = AsyncDisposable & {
  readonly connection: Connection
  readonly heard: ChatMessage[]
  /** The next message that is not in `heard` yet, or the first that no `next` has given. */
  readonly next: () => Promise<ChatMessage>
  readonly log: ReturnType<typeof createKeptLog>
  readonly routes: Map<string, Route>
  readonly failures: string[]
}

export type TestConnectionOptions = {
  readonly variables?: Variables
  readonly network?: HttpSettings
  readonly clock?: Clock
  readonly http?: boolean
  /** What the bot does with a message; settles at once when left out. */
  readonly receive?: () => Promise<void>
}

export const connectTo = async (
  slack: Pick<FakeSlack, 'apiUrl'>,
  {
    variables = socketModeVariables,
    network = { proxy: {} },
    clock = systemClock,
    http = true,
    receive = async () => {},
  }: TestConnectionOptions = {},
): Promise<TestConnection> => {
  const heard: ChatMessage[] = []
  const waiting: ((message: ChatMessage) => void)[] = []
  const log = createKeptLog()
  const routes = new Map<string, Route>()
  const failures: string[] = []
  let given = 0
  const connection = await definition.connect({
    options: await optionsOf({
      HUBOT_SLACK_RTM_CLIENT_OPTS: JSON.stringify({ slackApiUrl: slack.apiUrl }),
      ...variables,
    }),
    clock,
    log,
    signal: new AbortController().signal,
    http: createHttp(network),
    websocket: createOpenSocket(network),
    tunnel: createOpenTunnel(network),
    secure: secureTunnel,
    route: http ? (route) => void routes.set(route.path, route) : undefined,
    receive: async (message) => {
      heard.push(message)
      const first = waiting.shift()
      if (first !== undefined) {
        given++
        first(message)
      }
      await receive()
    },
    end: () => {},
    fail: (reason) => failures.push(reason),
    commands: () => [],
  })
  return {
    connection,
    heard,
    log,
    routes,
    failures,
    next: () => {
      const ready = heard[given]
      if (ready !== undefined) {
        given++
        return Promise.resolve(ready)
      }
      return new Promise((resolve) => waiting.push(resolve))
    },
    [Symbol.asyncDispose]: () => connection.close(),
  }
}

/** A message of the bot, with what a test cares for. */
export const outgoing = outgoingTo('C0OPS')
