import type { OptionTable } from '../../src/config/option.ts'

/** The variables of Rocket.Chat, in the order of the old template. */
export const rocketchatOptions = [
  {
    name: 'ROCKETCHAT_URL',
    type: 'string',
    default: 'localhost:3000',
    help: "The server's address, with or without a scheme.",
    example: 'https://chat.example.com',
  },
  {
    name: 'ROCKETCHAT_USER',
    type: 'string',
    default: 'hubot',
    help: "The user name of the bot's account.",
  },
  {
    name: 'ROCKETCHAT_PASSWORD',
    type: 'string',
    secret: true,
    required: true,
    help: "The password of the bot's account.",
  },
  {
    name: 'ROCKETCHAT_ROOM',
    type: 'list',
    default: 'GENERAL',
    help: 'Names or ids of the rooms to join, with commas between.',
  },
  {
    name: 'ROCKETCHAT_AUTH',
    type: { choice: ['password', 'ldap'] },
    default: 'password',
    help: 'How the bot logs in.',
  },
  {
    name: 'ROCKETCHAT_USESSL',
    type: 'switch',
    alternatives: ['ROCKETCHAT_USE_SSL'],
    help: 'Speaks TLS; follows from the scheme of ROCKETCHAT_URL when unset.',
    example: 'true',
  },
  {
    name: 'LISTEN_ON_ALL_PUBLIC',
    type: 'switch',
    default: 'false',
    help: 'Listens in all public rooms.',
  },
  {
    name: 'RESPOND_TO_DM',
    type: 'switch',
    default: 'false',
    help: 'Answers direct messages.',
    example: 'true',
  },
  {
    name: 'RESPOND_TO_EDITED',
    type: 'switch',
    default: 'false',
    help: 'Reads an edited message as a new one.',
  },
  {
    name: 'RESPOND_TO_LIVECHAT',
    type: 'switch',
    default: 'false',
    help: 'Answers in livechat rooms.',
  },
  {
    name: 'INTEGRATION_ID',
    type: 'string',
    default: 'js.SDK',
    help: "What the bot's messages name as their origin.",
  },
  {
    name: 'ROOM_ID_CACHE_SIZE',
    type: 'integer',
    default: '10',
    alternatives: ['ROOM_CACHE_SIZE'],
    help: 'Rooms that are remembered.',
  },
  {
    name: 'DM_ROOM_ID_CACHE_SIZE',
    type: 'integer',
    default: '100',
    alternatives: ['DM_ROOM_CACHE_SIZE'],
    help: 'Direct rooms that are remembered.',
  },
  {
    name: 'ROOM_ID_CACHE_MAX_AGE',
    type: 'seconds',
    default: '300',
    alternatives: ['ROOM_CACHE_MAX_AGE'],
    help: 'Seconds for which a room is remembered.',
  },
  {
    name: 'DM_ROOM_CACHE_MAX_AGE',
    type: 'seconds',
    default: '100',
    help: 'Seconds for which a direct room is remembered.',
  },
  {
    name: 'ST2_ROCKETCHAT_SUCCESS_COLOR',
    type: 'string',
    help: 'The colour of a result that succeeded, as a hexadecimal colour.',
    example: '#36a64f',
  },
  {
    name: 'ST2_ROCKETCHAT_FAIL_COLOR',
    type: 'string',
    help: 'The colour of a result that failed, as a hexadecimal colour.',
    example: '#d00000',
  },
] as const satisfies OptionTable
