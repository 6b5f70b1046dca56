import type { OptionValues } from '../../src/config/option.ts'
import { SlackSetupProblem } from './failures.ts'
import type { slackOptions } from './options.ts'

export type SlackOptions = OptionValues<typeof slackOptions>

/** How messages come in from Slack. Out they always go by the Web API, with `botToken`. */
export type WayIn =
  | { readonly kind: 'socket-mode'; readonly appToken: string; readonly botToken: string }
  | { readonly kind: 'events-api'; readonly secret: string; readonly botToken: string }
  | { readonly kind: 'rtm'; readonly botToken: string }

const words: Readonly<Record<WayIn['kind'], string>> = {
  'socket-mode': 'Socket Mode, because HUBOT_SLACK_APP_TOKEN is set',
  'events-api': 'Events API at /slack/events, because HUBOT_SLACK_SIGNING_SECRET is set',
  'rtm': 'RTM, because HUBOT_SLACK_TOKEN alone is set',
}

/** A way in, and why it was chosen. */
export const describeWayIn = ({ kind }: WayIn): string => words[kind]

const botPrefixes = ['xoxb-', 'xoxp-']

/**
 * Chooses the way in by the variables that are set. Throws `SlackSetupProblem` for those that can never work together, and
 * for a token in the wrong place; tokens themselves are not repeated.
 */
export const chooseWayIn = (options: SlackOptions): WayIn => {
  const appToken = options.HUBOT_SLACK_APP_TOKEN?.trim()
  const secret = options.HUBOT_SLACK_SIGNING_SECRET?.trim()
  const [botToken, variable] = options.HUBOT_SLACK_BOT_TOKEN === undefined
    ? [options.HUBOT_SLACK_TOKEN?.trim(), 'HUBOT_SLACK_TOKEN']
    : [options.HUBOT_SLACK_BOT_TOKEN.trim(), 'HUBOT_SLACK_BOT_TOKEN']
  if (botToken === undefined) {
    throw new SlackSetupProblem(
      appToken === undefined && secret === undefined
        ? 'No Slack token is set. Make an app with `st2chatops slack-manifest`, and set HUBOT_SLACK_APP_TOKEN (xapp-...) and HUBOT_SLACK_BOT_TOKEN (xoxb-...).'
        : 'The bot token is missing: set HUBOT_SLACK_BOT_TOKEN (xoxb-..., under "OAuth & Permissions" of the app).',
    )
  }
  requireBotToken(botToken, variable)
  if (appToken !== undefined) {
    requireAppToken(appToken)
    return { kind: 'socket-mode', appToken, botToken }
  }
  if (secret !== undefined) return { kind: 'events-api', secret, botToken }
  if (variable === 'HUBOT_SLACK_TOKEN') return { kind: 'rtm', botToken }
  throw new SlackSetupProblem(
    'HUBOT_SLACK_BOT_TOKEN alone is not enough: set HUBOT_SLACK_APP_TOKEN as well (xapp-..., "Basic Information", "App-Level Tokens", scope connections:write).',
  )
}

const requireBotToken = (token: string, variable: string): void => {
  if (botPrefixes.some((prefix) => token.startsWith(prefix))) return
  if (token.startsWith('xapp-')) {
    throw new SlackSetupProblem(
      `${variable} holds an app-level token (xapp-): that one belongs into HUBOT_SLACK_APP_TOKEN; ${variable} wants the bot token (xoxb-...).`,
    )
  }
  if (token.startsWith('xoxe')) {
    throw new SlackSetupProblem(
      `${variable} holds a token that expires (xoxe): switch token rotation off for the app, reinstall it, and use its bot token (xoxb-...).`,
    )
  }
  throw new SlackSetupProblem(
    `${variable} is no bot token: it begins with xoxb- and stands under "OAuth & Permissions" of the app.`,
  )
}

const requireAppToken = (token: string): void => {
  if (token.startsWith('xapp-')) return
  throw new SlackSetupProblem(
    'HUBOT_SLACK_APP_TOKEN is no app-level token: it begins with xapp- and stands under "Basic Information", "App-Level Tokens", with the scope connections:write.',
  )
}
