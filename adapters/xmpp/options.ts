import type { OptionTable } from '../../src/config/option.ts'

/** The variables of XMPP, in the order of the old template. */
export const xmppOptions = [
  {
    name: 'HUBOT_XMPP_USERNAME',
    type: 'string',
    required: true,
    help: "The bot's full address: user@domain, or user@domain/resource.",
  },
  {
    name: 'HUBOT_XMPP_PASSWORD',
    type: 'string',
    secret: true,
    required: true,
    help: "The bot's password.",
  },
  {
    name: 'HUBOT_XMPP_ROOMS',
    type: 'list',
    secretPart: 'after-colon',
    required: true,
    help: 'Rooms to join, with commas between, each room@service or room@service:password.',
  },
  {
    name: 'HUBOT_XMPP_NICK',
    type: 'string',
    alternatives: ['HUBOT_NAME'],
    default: 'hubot',
    help: "The bot's nick in the rooms; HUBOT_NAME when unset.",
  },
  {
    name: 'HUBOT_XMPP_HOST',
    type: 'string',
    help: "The server, where it is not the one that the domain's records name.",
  },
  {
    name: 'HUBOT_XMPP_PORT',
    type: 'port',
    minimum: 1,
    help: "The server's port; 5222 when unset, 5223 with HUBOT_XMPP_LEGACYSSL.",
  },
  {
    name: 'HUBOT_XMPP_WEBSOCKET',
    type: 'string',
    secretPart: 'userinfo',
    help: 'The address of a server that is reached by WebSocket, in place of host and port.',
    example: 'wss://xmpp.example.com:5281/xmpp-websocket',
  },
  {
    name: 'HUBOT_XMPP_ACCEPT_ANY_CERTIFICATE',
    type: 'switch',
    default: 'false',
    help: "The server's certificate is not verified, which lets anybody on the way read along. " +
      'Better: NODE_EXTRA_CA_CERTS.',
  },
  {
    name: 'HUBOT_XMPP_LEGACYSSL',
    type: 'switch',
    default: 'false',
    help: 'TLS from the first byte (usually port 5223), not by STARTTLS; needs HUBOT_XMPP_HOST.',
  },
  {
    name: 'HUBOT_XMPP_PREFERRED_SASL_MECHANISM',
    type: 'string',
    help:
      'The way to log in that is preferred: SCRAM-SHA-512, SCRAM-SHA-256, SCRAM-SHA-1 or PLAIN; ' +
      'the best that the server offers when unset. With one of the first three, PLAIN is never used.',
    example: 'PLAIN',
  },
  {
    name: 'HUBOT_XMPP_DISALLOW_TLS',
    type: 'switch',
    default: 'false',
    help: 'Without TLS, which is required otherwise: all is readable on the way.',
  },
  {
    name: 'HUBOT_XMPP_PM_ADD_PREFIX',
    type: 'switch',
    default: 'false',
    help: 'Reads every private message as a command.',
    ignored: 'a private message is always read as a command',
  },
  {
    name: 'HUBOT_XMPP_KEEPALIVE_INTERVAL',
    type: 'milliseconds',
    default: '30000',
    minimum: 100,
    help: 'Milliseconds between two signs of life that the server is asked for.',
  },
  {
    name: 'HUBOT_XMPP_RECONNECT_TRY',
    type: 'integer',
    default: '5',
    help: 'Attempts before the bot gives up.',
    ignored: 'the connection re-establishes itself for ever',
  },
  {
    name: 'HUBOT_XMPP_RECONNECT_WAIT',
    type: 'milliseconds',
    default: '5000',
    help: 'Milliseconds between two attempts to connect.',
    ignored: 'waits grow by themselves',
  },
  {
    name: 'HUBOT_XMPP_UUID_ON_JOIN',
    type: 'switch',
    default: 'false',
    help: 'Ignores a room until an own message came back from it.',
    ignored: 'delayed messages are recognised as such',
  },
] as const satisfies OptionTable
