import type { OptionTable } from '../../src/config/option.ts'

/** The variables of Slack, in the order of the old template. */
export const slackOptions = [
  {
    name: 'HUBOT_SLACK_BOT_TOKEN',
    type: 'string',
    secret: true,
    help: 'The bot token of the Slack app (xoxb-...).',
    example: 'xoxb-CHANGE-ME-PLEASE',
  },
  {
    name: 'HUBOT_SLACK_APP_TOKEN',
    type: 'string',
    secret: true,
    help: 'The app-level token with the scope connections:write (xapp-...); with it the bot ' +
      'speaks Socket Mode.',
    example: 'xapp-CHANGE-ME-PLEASE',
  },
  {
    name: 'HUBOT_SLACK_SIGNING_SECRET',
    type: 'string',
    secret: true,
    help:
      "The app's signing secret, for the Events API: Slack then calls POST /slack/events on the " +
      "bot's HTTP server.",
    example: 'CHANGE-ME-PLEASE',
  },
  {
    name: 'HUBOT_SLACK_TOKEN',
    type: 'string',
    secret: true,
    help: 'The bot token of a classic Slack app (xoxb-... or xoxp-...); with ' +
      'HUBOT_SLACK_APP_TOKEN it serves as the bot token of Socket Mode.',
    example: 'xoxb-CHANGE-ME-PLEASE',
  },
  {
    name: 'HUBOT_SLACK_RTM_CLIENT_OPTS',
    type: 'json',
    help: 'Options of the old RTM client, in JSON; only slackApiUrl has an effect.',
    example: '{"useRtmConnect": "true"}',
  },
  {
    name: 'HUBOT_SLACK_RTM_START_OPTS',
    type: 'json',
    help: 'Further parameters of rtm.connect, in JSON.',
    example: '{}',
  },
  {
    name: 'HUBOT_SLACK_SOCKET_MODE_OPTS',
    type: 'json',
    help: 'Options of the Socket Mode client, in JSON; clientPingTimeout, serverPingTimeout and ' +
      'clientOptions.slackApiUrl have an effect.',
    example: '{}',
  },
  {
    name: 'HUBOT_SLACK_EXIT_ON_DISCONNECT',
    type: 'switch',
    default: 'false',
    help:
      'Ends the bot with exit code 1 when the connection to Slack is lost, for a supervisor that ' +
      'starts it anew; without it the connection re-establishes itself for ever.',
    example: '1',
  },
  {
    name: 'ST2CHATOPS_THREADS',
    type: { choice: ['never', 'inherit', 'always'] },
    default: 'inherit',
    help:
      'Where answers go: into the channel, into the thread if the command was typed in one, or ' +
      'always into a thread.',
  },
  {
    name: 'ST2CHATOPS_ACK_UPDATE',
    type: 'switch',
    default: 'false',
    help: 'Adds to the acknowledgement of a command how its execution ended.',
  },
  {
    name: 'ST2CHATOPS_ALLOW_BROADCAST',
    type: 'switch',
    default: 'false',
    help:
      'Lets results alert everybody (@channel, @here, @everyone) and groups of people; without it ' +
      'they are plain words.',
  },
  {
    name: 'DISABLE_USER_SYNC',
    type: 'switch',
    default: 'false',
    help: 'Does not load the list of all people at start.',
    ignored: 'people are looked up one by one when they talk',
  },
  {
    name: 'API_PAGE_SIZE',
    type: 'integer',
    default: '100',
    help: 'People a page of the list of all people.',
    ignored: 'the list is loaded only to find a name, in the largest pages that there are',
  },
  {
    name: 'INSTALLED_TEAM_ONLY',
    type: 'switch',
    default: 'false',
    help: 'Ignores messages from other workspaces than the one the app is installed in.',
  },
  {
    name: 'HUBOT_SLACK_CONVERSATION_CACHE_TTL_MS',
    type: 'milliseconds',
    default: '300000',
    help: "Milliseconds for which a channel's name and kind are remembered.",
  },
  {
    name: 'ST2_SLACK_SUCCESS_COLOR',
    type: 'string',
    default: 'dfdfdf',
    help: 'The colour of a result that succeeded: good, warning, danger or a hexadecimal colour.',
  },
  {
    name: 'ST2_SLACK_FAIL_COLOR',
    type: 'string',
    default: 'danger',
    help: 'The colour of a result that failed.',
  },
  {
    name: 'HUBOT_SLACK_TEAM',
    type: 'string',
    help: 'The workspace, in very old adapters.',
    ignored: 'the token names the workspace',
  },
  {
    name: 'HUBOT_SLACK_BOTNAME',
    type: 'string',
    help: "The bot's name, in very old adapters.",
    ignored: 'Slack tells the bot its name',
  },
  {
    name: 'HUBOT_SLACK_CHANNELMODE',
    type: 'string',
    help: 'How HUBOT_SLACK_CHANNELS counts, in very old adapters.',
    ignored: 'invite the bot to the channels where it shall listen',
  },
  {
    name: 'HUBOT_SLACK_CHANNELS',
    type: 'list',
    help: 'Channels, in very old adapters.',
    ignored: 'invite the bot to the channels where it shall listen',
  },
  {
    name: 'HUBOT_SLACK_LINK_NAMES',
    type: 'switch',
    help: 'Whether names become links, in very old adapters.',
    ignored: "Slack's own mentions are used",
  },
  {
    name: 'NO_LOAD_ALL_USERS',
    type: 'switch',
    help: 'Does not load the list of all people, in very old adapters.',
    ignored: 'people are looked up one by one when they talk',
  },
] as const satisfies OptionTable
