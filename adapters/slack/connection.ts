import type { AdapterContext, Connection, Features, Limits } from '../../src/chat/adapter.ts'
import { createDirectory } from './directory.ts'
import { eventsApi } from './events-api.ts'
import { adviceFor, type SlackRefused, SlackSetupProblem } from './failures.ts'
import { createInbound } from './inbound.ts'
import { introduce } from './introduce.ts'
import { readJsonOptions } from './json-options.ts'
import type { slackOptions } from './options.ts'
import { createOutbound } from './outbound.ts'
import { rtm } from './rtm.ts'
import { nobody } from './self.ts'
import { socketMode } from './socket-mode.ts'
import type { Dialogue } from './open-connection.ts'
import { stayConnected } from './stay-connected.ts'
import { createVitalSigns } from '../../src/chat/vital-signs.ts'
import { chooseWayIn, describeWayIn } from './way-in.ts'
import { createWeb } from './web.ts'

type Context = AdapterContext<typeof slackOptions>

const wayOut = 'Make a new app with `st2chatops slack-manifest`, set HUBOT_SLACK_APP_TOKEN and ' +
  'HUBOT_SLACK_BOT_TOKEN, and take HUBOT_SLACK_TOKEN out.'

/** Starts the connection that the variables ask for; it comes up by itself. Throws `SlackSetupProblem`. */
export const connect = async (
  context: Context,
  service: { readonly limits: Limits; readonly features: Features },
): Promise<Connection> => {
  const { options, clock, log, http, websocket, route, receive, fail } = context
  const wayIn = chooseWayIn(options)
  const { apiUrl, pingEvery, silence } = readJsonOptions(options, log)
  const ending = new AbortController()
  const signal = AbortSignal.any([context.signal, ending.signal])
  const webWith = (token: string) => createWeb({ token, http, apiUrl, log, signal })
  const web = webWith(wayIn.botToken)
  const channelsHold = options.HUBOT_SLACK_CONVERSATION_CACHE_TTL_MS
  const signs = createVitalSigns(clock)
  let self = nobody
  const directory = createDirectory({ web, clock, signal, self: () => self, channelsHold })
  const advise = (refused: SlackRefused): string => adviceFor(refused, self.name)
  const take = createInbound({
    self: () => self,
    directory,
    receive,
    clock,
    log,
    installedTeamOnly: options.INSTALLED_TEAM_ONLY,
  })

  const introduced = async (): Promise<void> => {
    const granular = wayIn.kind !== 'rtm'
    self = await introduce({ web, signs, clock, log, signal, advise, granular }) ?? self
  }

  const onLost = (why: string): void => {
    if (!options.HUBOT_SLACK_EXIT_ON_DISCONNECT) return
    fail(`${why}, and HUBOT_SLACK_EXIT_ON_DISCONNECT is set`)
  }
  const converse = async (dialogue: Dialogue): Promise<void> => {
    await introduced()
    await stayConnected({ dialogue, websocket, signs, clock, log, signal, advise, onLost })
  }

  const start = (): Promise<void> => {
    log.info(`Slack: ${describeWayIn(wayIn)}.`)
    if (wayIn.kind === 'socket-mode') {
      return converse(
        socketMode({ web: webWith(wayIn.appToken), take, clock, log, pingEvery, silence }),
      )
    }
    if (wayIn.kind === 'rtm') {
      log.warn('RTM works with classic Slack apps alone, and those cannot be made any more.', {
        advice: wayOut,
      })
      const startOptions = options.HUBOT_SLACK_RTM_START_OPTS ?? {}
      return converse(rtm({ web, take, log, startOptions }))
    }
    if (route === undefined) {
      throw new SlackSetupProblem(
        "The Events API needs the bot's HTTP server, which is switched off: take HUBOT_HTTPD and -d out, or use Socket Mode (HUBOT_SLACK_APP_TOKEN).",
      )
    }
    const ready = () => self !== nobody
    route(eventsApi({ secret: wayIn.secret, take, ready, traffic: signs.traffic, clock, log }))
    return introduced().then(signs.up)
  }

  const running = start()
  return {
    get self() {
      return self
    },
    send: createOutbound({
      web,
      directory,
      clock,
      log,
      signal,
      ...service,
      options,
      botName: () => self.name,
    }),
    health: signs.health,
    close: async () => {
      ending.abort(new Error('the connection to Slack is closed'))
      await running
    },
  }
}
