import type { OptionTable } from '../../src/config/option.ts'

/** The variables of Flowdock, in the order of the old template. */
export const flowdockOptions = [
  {
    name: 'HUBOT_FLOWDOCK_API_TOKEN',
    type: 'string',
    secret: true,
    help: "The personal API token of the bot's account; goes before e-mail and password.",
  },
  {
    name: 'HUBOT_FLOWDOCK_LOGIN_EMAIL',
    type: 'string',
    help: "The e-mail address of the bot's account.",
  },
  {
    name: 'HUBOT_FLOWDOCK_LOGIN_PASSWORD',
    type: 'string',
    secret: true,
    help: "The password of the bot's account.",
  },
  {
    name: 'HUBOT_FLOWDOCK_ALLOW_ANONYMOUS_COMMANDS',
    type: 'switch',
    default: 'false',
    help: 'Lets messages without a person (user 0) be commands.',
    example: '1',
  },
  {
    name: 'HUBOT_FLOWDOCK_IGNORED_USERS',
    type: 'list',
    help: 'Ids of people whose messages are ignored, with commas between.',
  },
  {
    name: 'FLOWDOCK_API_URL',
    type: 'url',
    default: 'https://api.flowdock.com',
    help: 'The base address of the API.',
  },
  {
    name: 'FLOWDOCK_STREAM_URL',
    type: 'url',
    default: 'https://stream.flowdock.com/flows',
    help: 'The address of the stream.',
  },
] as const satisfies OptionTable
