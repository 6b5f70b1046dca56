import type { OptionTable } from '../../src/config/option.ts'

/** The variables of Mattermost, in the order of the old template. */
export const matteruserOptions = [
  {
    name: 'MATTERMOST_HOST',
    type: 'string',
    required: true,
    help: "The server's host name, without a scheme.",
  },
  {
    name: 'MATTERMOST_GROUP',
    type: 'string',
    required: true,
    help: "The team, as it stands in the server's addresses.",
  },
  {
    name: 'MATTERMOST_USER',
    type: 'string',
    help: "The e-mail address or user name of the bot's account.",
  },
  {
    name: 'MATTERMOST_PASSWORD',
    type: 'string',
    secret: true,
    help: "The password of the bot's account.",
  },
  {
    name: 'MATTERMOST_ACCESS_TOKEN',
    type: 'string',
    secret: true,
    help: 'A personal access token or bot token; replaces user and password.',
  },
  {
    name: 'MATTERMOST_MFA_TOKEN',
    type: 'string',
    secret: true,
    help: "The code of the account's second factor.",
  },
  {
    name: 'MATTERMOST_WSS_PORT',
    type: 'port',
    minimum: 1,
    default: '443',
    help: 'The port of the WebSocket with TLS.',
  },
  {
    name: 'MATTERMOST_HTTP_PORT',
    type: 'port',
    minimum: 1,
    help: "The port of the API, and of the WebSocket without TLS; the scheme's own when unset.",
    example: '443',
  },
  {
    name: 'MATTERMOST_TLS_VERIFY',
    type: 'switch',
    default: 'true',
    help: "With false, the server's certificate is not verified.",
  },
  {
    name: 'MATTERMOST_USE_TLS',
    type: 'switch',
    default: 'true',
    help: 'With false, the server is spoken to without TLS.',
  },
  {
    name: 'MATTERMOST_LOG_LEVEL',
    type: 'string',
    default: 'info',
    help: 'The log level of the old library.',
    ignored: 'HUBOT_LOG_LEVEL holds for everything',
    example: 'info',
  },
  {
    name: 'MATTERMOST_REPLY',
    type: 'switch',
    default: 'true',
    help: 'Whether the old library answered to a message.',
    ignored: 'the StackStorm plugin never used it',
    example: 'true',
  },
  {
    name: 'MATTERMOST_IGNORE_USERS',
    type: 'list',
    help: 'User names whose messages are ignored, with commas between.',
  },
  {
    name: 'ST2_MATTERMOST_SUCCESS_COLOR',
    type: 'string',
    help: 'The colour of a result that succeeded, as a hexadecimal colour.',
    example: '#36a64f',
  },
  {
    name: 'ST2_MATTERMOST_FAIL_COLOR',
    type: 'string',
    help: 'The colour of a result that failed, as a hexadecimal colour.',
    example: '#d00000',
  },
] as const satisfies OptionTable
