import type { OptionTable } from './option.ts'

/** Variables of hubot and of the old plugin that have no effect here; whoever sets one is told why. */
export const unusedOptions = [
  {
    name: 'EXPRESS_USER',
    type: 'string',
    help: 'User name that every HTTP request must give (Basic); needs EXPRESS_PASSWORD.',
    ignored: 'no page of the HTTP server asks for a password; POST /hubot/st2 asks for ' +
      'ST2CHATOPS_WEBHOOK_TOKEN',
  },
  {
    name: 'EXPRESS_PASSWORD',
    type: 'string',
    secret: true,
    help: 'The password that belongs to EXPRESS_USER.',
    ignored: 'no page of the HTTP server asks for a password; POST /hubot/st2 asks for ' +
      'ST2CHATOPS_WEBHOOK_TOKEN',
  },
  {
    name: 'HUBOT_2FA',
    type: 'string',
    help: 'An action that confirms a command by a second factor.',
    ignored: 'two-factor confirmation is not in this version',
  },
  {
    name: 'HUBOT_HELP_REPLY_IN_PRIVATE',
    type: 'switch',
    default: 'false',
    help: 'Answers "help" to the asker alone.',
    ignored: 'long help is answered privately wherever the service can',
  },
  {
    name: 'HUBOT_HELP_DISABLE_HTTP',
    type: 'switch',
    default: 'false',
    help: 'Takes the page /NAME/help out of the HTTP server.',
    ignored: 'there is no such page',
  },
  {
    name: 'HUBOT_HELP_HIDDEN_COMMANDS',
    type: 'list',
    help: 'Commands that "help" does not list.',
    ignored: 'disable the action alias in StackStorm, or give its format no display text',
  },
  {
    name: 'HUBOT_SCRIPTS',
    type: 'list',
    help: 'Folders of hubot scripts.',
    ignored: 'hubot scripts do not run here; write an action alias',
  },
  {
    name: 'HUBOT_PATH',
    type: 'path',
    help: 'Where hubot lies.',
    ignored: 'there is no hubot to be found',
  },
  {
    name: 'HUBOT_CREATE',
    type: 'path',
    help: 'Where to create a new hubot.',
    ignored: 'there is no hubot to be created',
  },
  {
    name: 'EXPRESS_STATIC',
    type: 'path',
    help: 'A folder of files for the HTTP server.',
    ignored: 'the HTTP server serves no files',
  },
  {
    name: 'EXPRESS_LIMIT',
    type: 'string',
    help: 'The largest HTTP body.',
    ignored: 'the largest body is fixed',
  },
  {
    name: 'EXPRESS_PARAMETER_LIMIT',
    type: 'integer',
    help: 'The most form fields of an HTTP body.',
    ignored: 'the most form fields are fixed',
  },
] as const satisfies OptionTable
