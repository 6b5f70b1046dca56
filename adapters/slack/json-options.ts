import type { Log } from '../../src/log.ts'
import type { SlackOptions } from './way-in.ts'

/** What is used of the options of the old clients, which were written in JSON. */
export type JsonOptions = {
  readonly apiUrl: string
  /** ms between two pings, and ms of silence after which a connection counts as dead. */
  readonly pingEvery: number | undefined
  readonly silence: number | undefined
}

const slackApi = 'https://slack.com/api/'
/** `useRtmConnect` is what the template had, and what is done anyway. */
const known = new Set([
  'appToken',
  'clientOptions',
  'clientPingTimeout',
  'serverPingTimeout',
  'slackApiUrl',
  'useRtmConnect',
])

/** Reads what has a meaning here, and names the rest in the log. `slackApiUrl` is for GovSlack and for tests. */
export const readJsonOptions = (options: SlackOptions, log: Log): JsonOptions => {
  const socket = options.HUBOT_SLACK_SOCKET_MODE_OPTS ?? {}
  const rtm = options.HUBOT_SLACK_RTM_CLIENT_OPTS ?? {}
  const { clientOptions } = socket
  const inner = typeof clientOptions === 'object' && clientOptions !== null &&
      'slackApiUrl' in clientOptions
    ? clientOptions.slackApiUrl
    : undefined
  const unused = [...Object.keys(socket), ...Object.keys(rtm)].filter((key) => !known.has(key))
  if (unused.length > 0) {
    log.warn('Options of the old Slack clients have no effect.', { options: unused.join(' ') })
  }
  const given = [inner, rtm['slackApiUrl']].find((url) => typeof url === 'string')
  return {
    apiUrl: typeof given === 'string' ? given : slackApi,
    pingEvery: numberOf(socket['clientPingTimeout']),
    silence: numberOf(socket['serverPingTimeout']),
  }
}

const numberOf = (value: unknown): number | undefined => {
  const number = Number(value ?? NaN)
  return Number.isFinite(number) && number > 0 ? number : undefined
}
