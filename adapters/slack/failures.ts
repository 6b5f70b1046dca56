/** Slack understood a call and refused it, with one of its error codes. */
export class SlackRefused extends Error {
  override readonly name = 'SlackRefused'
  readonly method: string
  readonly code: string
  /** The scope that the token would need, where Slack names one. */
  readonly needed: string | undefined
  constructor(method: string, code: string, needed?: string) {
    const scope = needed === undefined ? '' : ` (needed: ${needed})`
    super(`Slack refused ${method}: ${code}${scope}`)
    this.method = method
    this.code = code
    this.needed = needed
  }
}

/** Slack cannot take a call now, or cannot be reached; again not before `after` ms have passed. */
export class SlackBusy extends Error {
  override readonly name = 'SlackBusy'
  readonly after: number
  constructor(message: string, { after = 0, cause }: { after?: number; cause?: unknown } = {}) {
    super(message, { cause })
    this.after = after
  }
}

/** The configuration can never work; the message says why and what to write instead. */
export class SlackSetupProblem extends Error {
  override readonly name = 'SlackSetupProblem'
}

/** Codes that pass with time; docs.slack.dev lists them with each method. */
export const passing: ReadonlySet<string> = new Set([
  'fatal_error',
  'internal_error',
  'ratelimited',
  'rate_limited',
  'request_timeout',
  'service_unavailable',
  'team_added_to_org',
])

const newToken =
  'Copy the token once more from "OAuth & Permissions" of the app at api.slack.com/apps and restart.'
const reinstall = 'then reinstall the app to the workspace ("OAuth & Permissions")'

const advices: Readonly<Record<string, string>> = {
  'account_inactive':
    'The app was removed from the workspace, or its bot user was: install it again. ' +
    newToken,
  'channel_not_found':
    'Correct the channel; in a private channel, invite the bot first: /invite @<bot>.',
  'is_archived': 'Unarchive the channel, or name another one.',
  'invalid_auth': newToken,
  'missing_scope':
    `Add the scope under "OAuth & Permissions", ${reinstall}. \`st2chatops slack-manifest\` has all of them.`,
  'msg_too_long': 'Make extra.slack of the alias shorter.',
  'not_allowed_token_type':
    'The token is of the wrong kind for this. Socket Mode: HUBOT_SLACK_APP_TOKEN=xapp-... and HUBOT_SLACK_BOT_TOKEN=xoxb-...; only classic apps work with HUBOT_SLACK_TOKEN alone.',
  'not_authed': newToken,
  'not_in_channel': 'Invite the bot to the channel: /invite @<bot>.',
  'restricted_action':
    'A workspace rule keeps the bot from posting there; ask an administrator of the workspace.',
  'token_expired':
    'Switch token rotation off for the app, reinstall it, and use the new token (xoxb-...).',
  'token_revoked': newToken,
  'user_not_found': 'Name a person of this workspace by handle or id.',
  'users_not_found': 'Name a person of this workspace by handle or id.',
}

const wrongKind = advices['not_allowed_token_type'] ?? ''
const appToken =
  'Make an app-level token with the scope connections:write ("Basic Information", "App-Level Tokens"), set HUBOT_SLACK_APP_TOKEN=xapp-... and restart.'

/** What a person does about a refusal; `bot` is the bot's handle. */
export const adviceFor = ({ method, code, needed }: SlackRefused, bot: string): string => {
  // Tokens of apps with granular scopes are refused here for a scope that they cannot have.
  if (method === 'rtm.connect' && code === 'missing_scope') return wrongKind
  if (method === 'apps.connections.open') return appToken
  const advice = advices[code] ??
    `Look "${code}" up at docs.slack.dev, and check the channel, extra.slack of the alias and the app's scopes.`
  const scope = needed === undefined ? '' : `The missing scope is ${needed}. `
  return scope + advice.replace('<bot>', bot === '' ? '<bot>' : bot)
}
