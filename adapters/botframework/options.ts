import type { OptionTable } from '../../src/config/option.ts'

/** The variables of Microsoft Teams, in the order of the old template. */
export const botframeworkOptions = [
  {
    name: 'BOTBUILDER_APP_ID',
    type: 'string',
    help: "The application (client) id of the bot's registration.",
    example: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
  },
  {
    name: 'BOTBUILDER_APP_PASSWORD',
    type: 'string',
    secret: true,
    help: "A client secret of the bot's registration.",
  },
  {
    name: 'BOTBUILDER_APP_TYPE',
    type: { choice: ['MultiTenant', 'SingleTenant'] },
    default: 'MultiTenant',
    help: "What the bot's registration says; new ones are single-tenant.",
  },
  {
    name: 'BOTBUILDER_APP_TENANT_ID',
    type: 'string',
    help: 'The tenant of a single-tenant registration.',
  },
  {
    name: 'BOTBUILDER_ENDPOINT',
    type: 'string',
    default: '/api/messages',
    help: 'The path on the HTTP server that Teams calls.',
  },
  {
    name: 'HUBOT_TEAMS_ENABLE_AUTH',
    type: 'switch',
    default: 'false',
    help: 'With true, only the people of HUBOT_TEAMS_INITIAL_ADMINS may talk to the bot, ' +
      'and only in Teams.',
  },
  {
    name: 'HUBOT_TEAMS_INITIAL_ADMINS',
    type: 'list',
    help: 'User principal names, with commas between; needed when HUBOT_TEAMS_ENABLE_AUTH is true.',
    example: 'alice@example.com',
  },
  {
    name: 'HUBOT_OFFICE365_TENANT_FILTER',
    type: 'list',
    help: 'Ids of the tenants that may talk to the bot, with commas between; all when unset.',
    example: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
  },
] as const satisfies OptionTable
