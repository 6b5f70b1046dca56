/** Where Slack sends events to, on the bot's HTTP server. */
export const eventsPath = '/slack/events'

/** The scopes of the bot token, each with what it is for. */
export const botScopes: Readonly<Record<string, string>> = {
  'channels:history': 'hear public channels',
  'channels:read': 'find public channels by name',
  'chat:write': 'answer',
  'chat:write.customize': 'let aliases choose name and icon of a message',
  'files:write': 'post long output as a file',
  'groups:history': 'hear private channels',
  'groups:read': 'find private channels by name',
  'im:history': 'hear direct messages',
  'im:write': 'answer in private',
  'mpim:history': 'hear conversations of several people',
  'mpim:read': 'name conversations of several people',
  'users:read': 'know people by their handle',
}

/** The events that the bot listens to; `app_mention` would only repeat them. */
const botEvents = [
  'message.channels',
  'message.groups',
  'message.im',
  'message.mpim',
] as const

/**
 * The manifest of the app, for "Create New App", "From a manifest" at api.slack.com/apps.
 *
 * @param name what the bot is called in Slack
 * @param url where Slack reaches the bot's HTTP server; without it the app speaks Socket Mode
 */
export const manifestOf = (name: string, url?: string) => ({
  'display_information': {
    name,
    description: 'Runs StackStorm actions from chat',
  },
  features: {
    'app_home': {
      'home_tab_enabled': false,
      'messages_tab_enabled': true,
      'messages_tab_read_only_enabled': false,
    },
    'bot_user': { 'display_name': name, 'always_online': true },
  },
  'oauth_config': { scopes: { bot: Object.keys(botScopes) } },
  settings: {
    'event_subscriptions': {
      ...(url !== undefined && { 'request_url': `${url.replace(/\/+$/, '')}${eventsPath}` }),
      'bot_events': botEvents,
    },
    interactivity: { 'is_enabled': false },
    'org_deploy_enabled': false,
    'socket_mode_enabled': url === undefined,
    'token_rotation_enabled': false,
  },
})
