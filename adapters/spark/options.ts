import type { OptionTable } from '../../src/config/option.ts'

/** The variables of Cisco Webex (Spark), in the order of the old template. */
export const sparkOptions = [
  {
    name: 'HUBOT_SPARK_API_URI',
    type: 'url',
    default: 'https://webexapis.com/v1',
    help: 'The base address of the API; https://api.ciscospark.com/v1 is the same service ' +
      'under its old name.',
  },
  {
    name: 'HUBOT_SPARK_ACCESS_TOKEN',
    type: 'string',
    secret: true,
    required: true,
    deprecated: ['CISCOSPARK_ACCESS_TOKEN'],
    help: "The bot's access token.",
  },
  {
    name: 'HUBOT_SPARK_ROOMS',
    type: 'list',
    help: 'Ids of the rooms where the bot listens, with commas between; all rooms it is in ' +
      'when unset.',
  },
  {
    name: 'HUBOT_SPARK_REFRESH',
    type: 'milliseconds',
    default: '10000',
    help: 'Milliseconds between two looks at a room where the bot has to poll.',
  },
  {
    name: 'U2C_SERVICE_URL',
    type: 'url',
    default: 'https://u2c.wbx2.com/u2c/api/v1',
    help: "Where the addresses of the region's services are asked for.",
  },
] as const satisfies OptionTable
