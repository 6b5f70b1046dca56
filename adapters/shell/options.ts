import type { OptionTable } from '../../src/config/option.ts'

/** The variables of the terminal chat, in the order of the old template. */
export const shellOptions = [
  {
    name: 'HUBOT_SHELL_USER_NAME',
    type: 'string',
    default: 'shell',
    help: 'Who talks in the terminal.',
  },
  {
    name: 'HUBOT_SHELL_USER_ID',
    type: 'string',
    default: '1',
    help: 'The id of who talks in the terminal.',
  },
  {
    name: 'HUBOT_SHELL_ROOM',
    type: 'string',
    default: 'shell',
    help: 'The channel that the terminal stands for.',
  },
  {
    name: 'HUBOT_SHELL_HISTSIZE',
    type: 'integer',
    default: '1024',
    help: 'Lines of history that the terminal remembers.',
  },
] as const satisfies OptionTable
