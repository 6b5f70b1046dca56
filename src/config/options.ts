import type { OptionTable } from './option.ts'
import { proxyOptions } from './proxy-options.ts'
import { unusedOptions } from './unused-options.ts'

/**
 * Every variable that belongs to no chat service, in the order of the old template and then ours.
 * Defaults that depend on another variable (the URLs of StackStorm) are worked out in `endpoints.ts`.
 */
export const coreOptions = [
  {
    name: 'ST2_HOSTNAME',
    type: 'string',
    default: 'localhost',
    help: 'The host StackStorm runs on; the URLs below follow from it where they are not set.',
  },
  {
    name: 'NODE_TLS_REJECT_UNAUTHORIZED',
    type: 'string',
    default: '1',
    help:
      "With 0, StackStorm's certificate is not verified, which lets anybody on the way read the " +
      'credentials. Holds for StackStorm alone. Better: NODE_EXTRA_CA_CERTS.',
    example: '0',
  },
  {
    name: 'NODE_EXTRA_CA_CERTS',
    type: 'path',
    help: "A PEM file of certificate authorities to trust beside the system's own.",
    example: '/etc/ssl/st2/st2.crt',
  },
  {
    name: 'EXPRESS_PORT',
    type: 'port',
    default: '8081',
    alternatives: ['PORT'],
    help: "The port of the bot's HTTP server (health, readiness, metrics, webhook).",
  },
  {
    name: 'EXPRESS_BIND_ADDRESS',
    type: 'string',
    default: '127.0.0.1',
    alternatives: ['BIND_ADDRESS'],
    help: 'The address the HTTP server listens on; 0.0.0.0 opens it to the network.',
    example: '0.0.0.0',
  },
  {
    name: 'HUBOT_HTTPD',
    type: 'switch',
    default: 'true',
    help: 'With false, there is no HTTP server.',
  },
  {
    name: 'HUBOT_LOG_LEVEL',
    type: {
      choice: [
        'trace',
        'debug',
        'info',
        'notice',
        'warn',
        'warning',
        'error',
        'critical',
        'alert',
        'emergency',
        'fatal',
      ],
    },
    default: 'info',
    help: 'The least important lines that the log shows.',
  },
  {
    name: 'ST2CHATOPS_LOG_FORMAT',
    type: { choice: ['auto', 'pretty', 'journal', 'json'] },
    default: 'auto',
    help:
      "How log lines look; auto is journal where they go to systemd's journal, and pretty elsewhere.",
  },
  {
    name: 'HUBOT_NAME',
    type: 'string',
    default: 'hubot',
    help: 'The name that people address the bot by.',
  },
  {
    name: 'HUBOT_ALIAS',
    type: 'string',
    default: '!',
    help: 'A short form of the name; "!" makes "!help" a command.',
  },
  {
    name: 'ST2_API_URL',
    type: 'url',
    secretPart: 'userinfo',
    deprecated: ['ST2_API'],
    help: "StackStorm's API; https://ST2_HOSTNAME/api when unset.",
  },
  {
    name: 'ST2_AUTH_URL',
    type: 'url',
    secretPart: 'userinfo',
    help: "StackStorm's authentication service; follows from ST2_API_URL when unset.",
  },
  {
    name: 'ST2_STREAM_URL',
    type: 'url',
    secretPart: 'userinfo',
    help: "StackStorm's event stream; follows from ST2_API_URL when unset.",
  },
  {
    name: 'ST2_API_KEY',
    type: 'string',
    secret: true,
    help: 'An API key of StackStorm (st2 apikey create); goes before a token and a password.',
  },
  {
    name: 'ST2_AUTH_TOKEN',
    type: 'string',
    secret: true,
    help: 'A token of StackStorm; it expires and is not renewed. Goes before a password.',
  },
  {
    name: 'ST2_AUTH_USERNAME',
    type: 'string',
    help: 'The StackStorm user whose password stands in ST2_AUTH_PASSWORD; tokens are renewed.',
    example: 'st2admin',
  },
  {
    name: 'ST2_AUTH_PASSWORD',
    type: 'string',
    secret: true,
    help: 'The password of ST2_AUTH_USERNAME.',
  },
  {
    name: 'ST2_WEBUI_URL',
    type: 'url',
    secretPart: 'userinfo',
    help: "The Web UI as people's browsers reach it, for links to executions; the host of " +
      'ST2_API_URL when unset.',
  },
  {
    name: 'ST2_ROUTE',
    type: 'string',
    default: 'hubot',
    help: 'The notification route that results come back on; the rule chatops.notify must name it.',
  },
  {
    name: 'ST2_COMMANDS_RELOAD_INTERVAL',
    type: 'seconds',
    default: '120',
    minimum: 1,
    help: 'Seconds between two looks at the list of action aliases.',
  },
  {
    name: 'ST2_MAX_MESSAGE_LENGTH',
    type: 'integer',
    default: '500',
    help: 'The most characters of a result on services without attachments; 0 means no limit.',
  },
  {
    name: 'HUBOT_ADAPTER',
    type: 'list',
    help: 'The chat service, or several with commas between.',
    example: 'slack',
  },
  {
    name: 'ST2CHATOPS_ENV_FILE',
    type: 'path',
    help:
      'The env file to read instead of /opt/stackstorm/chatops/st2chatops.env; counts only in ' +
      "the process's environment.",
  },
  {
    name: 'ST2CHATOPS_WEBHOOK_TOKEN',
    type: 'string',
    secret: true,
    help:
      'What a caller of POST /hubot/st2 must show; without it, only programs on this host may call, ' +
      "no proxy, and nobody where a chat service calls the bot over HTTP (Slack's Events API).",
  },
  {
    name: 'ST2CHATOPS_UNKNOWN_COMMAND_REPLY',
    type: 'switch',
    default: 'true',
    help: 'With false, a text that is addressed to the bot but is no command stays unanswered.',
  },
  {
    name: 'ST2CHATOPS_TEMPLATES',
    type: 'path',
    help: 'A folder of eta templates that replace the built-in wording.',
    example: '/etc/st2chatops/templates',
  },
  {
    name: 'ST2CHATOPS_STATE_DIR',
    type: 'path',
    help: 'The folder of the journal, where systemd has made none (StateDirectory=); ' +
      '/var/lib/st2chatops when unset. Without a folder that can be written, results are ' +
      'delivered by best effort.',
    example: '/var/lib/st2chatops',
  },
  {
    name: 'ST2CHATOPS_CATCHUP_WINDOW',
    type: 'seconds',
    default: '3600',
    help: 'Results that are older than so many seconds when the bot comes back are summarised, ' +
      'not posted one by one.',
  },
  {
    name: 'ST2CHATOPS_OPS_CHANNEL',
    type: 'string',
    help: 'The channel that is told of messages that could not be delivered, such as #ops or ' +
      'irc:#ops.',
    example: '#ops',
  },
  ...proxyOptions,
  ...unusedOptions,
] as const satisfies OptionTable
