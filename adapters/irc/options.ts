import type { OptionTable } from '../../src/config/option.ts'

/** The variables of IRC, in the order of the old template. */
export const ircOptions = [
  {
    name: 'HUBOT_IRC_SERVER',
    type: 'string',
    required: true,
    help: "The server's host name.",
  },
  {
    name: 'HUBOT_IRC_PORT',
    type: 'port',
    minimum: 1,
    default: '6667',
    help: "The server's port; usually 6697 with TLS.",
  },
  {
    name: 'HUBOT_IRC_NICK',
    type: 'string',
    alternatives: ['HUBOT_NAME'],
    default: 'hubot',
    help: "The bot's nick, by which it is addressed; HUBOT_NAME when unset.",
  },
  {
    name: 'HUBOT_IRC_PASSWORD',
    type: 'string',
    secret: true,
    help: "The server's password, or with HUBOT_IRC_USESASL the account's.",
  },
  {
    name: 'HUBOT_IRC_ROOMS',
    type: 'list',
    secretPart: 'after-blank',
    required: true,
    help: 'Channels to join, with commas between, each "#name" or "#name key".',
  },
  {
    name: 'HUBOT_IRC_NICKSERV_USERNAME',
    type: 'string',
    help: 'The account at NickServ.',
  },
  {
    name: 'HUBOT_IRC_NICKSERV_PASSWORD',
    type: 'string',
    secret: true,
    help:
      'The password at NickServ; channels are joined when NickServ has accepted it. HUBOT_IRC_USESASL is safer: on a server without services anybody can be NickServ.',
  },
  {
    name: 'HUBOT_IRC_SERVER_FAKE_SSL',
    type: 'switch',
    default: 'false',
    help: 'Accepts a certificate that no known authority signed.',
  },
  {
    name: 'HUBOT_IRC_USESSL',
    type: 'switch',
    default: 'false',
    help: 'Speaks TLS.',
  },
  {
    name: 'HUBOT_IRC_UNFLOOD',
    type: 'string',
    default: 'false',
    help:
      'Waits between two lines: true is 1000 milliseconds, a number up to 60000 is that many; when off, five lines go out at once, then one a second.',
    example: 'true',
  },
  {
    name: 'HUBOT_IRC_SERVER_CERT_EXPIRED',
    type: 'switch',
    default: 'false',
    help: 'Accepts a certificate that has expired.',
  },
  {
    name: 'HUBOT_IRC_USERNAME',
    type: 'string',
    default: 'nodebot',
    help: 'The user name beside the nick (ident), and the SASL account.',
  },
  {
    name: 'HUBOT_IRC_REALNAME',
    type: 'string',
    default: 'nodeJS IRC client',
    help: 'The real name that others see.',
  },
  {
    name: 'HUBOT_IRC_USESASL',
    type: 'switch',
    default: 'false',
    help: 'Logs in by SASL PLAIN with HUBOT_IRC_USERNAME and HUBOT_IRC_PASSWORD.',
  },
  {
    name: 'HUBOT_IRC_SASL_MECHANISM',
    type: { choice: ['PLAIN', 'EXTERNAL'] },
    default: 'PLAIN',
    help: 'How SASL logs in: by password, or by the certificate of HUBOT_IRC_CLIENT_CERTIFICATE.',
  },
  {
    name: 'HUBOT_IRC_CLIENT_CERTIFICATE',
    type: 'path',
    help: "A file with the bot's own certificate (PEM), which TLS shows to the server.",
  },
  {
    name: 'HUBOT_IRC_CLIENT_KEY',
    type: 'path',
    help: 'The file with the key of that certificate (PEM).',
  },
  {
    name: 'HUBOT_IRC_REQUIRE_ACCOUNT',
    type: 'switch',
    default: 'false',
    help:
      'Listens only to people who are logged in to services, where the server tells (account-tag). When off, an account and the nick of a stranger are one name to StackStorm.',
  },
  {
    name: 'HUBOT_IRC_CONNECT_COMMAND',
    type: 'string',
    secret: true,
    help: 'A raw IRC line to send after registration; may hold a password.',
  },
  {
    name: 'HUBOT_IRC_IGNORE_USERS',
    type: 'list',
    help: 'Nicks whose messages are ignored, with commas between.',
  },
  {
    name: 'HUBOT_IRC_PRIVATE',
    type: 'switch',
    default: 'false',
    help: 'Ignores private messages and invitations.',
  },
  {
    name: 'HUBOT_IRC_IGNOREINVITE',
    type: 'switch',
    default: 'false',
    help: 'Does not follow invitations.',
  },
  {
    name: 'HUBOT_IRC_SEND_NOTICE_MODE',
    type: 'switch',
    default: 'false',
    help: 'Sends notices instead of messages.',
  },
  {
    name: 'HUBOT_IRC_DEBUG',
    type: 'switch',
    default: 'false',
    help: 'Logs every line, without passwords.',
  },
] as const satisfies OptionTable
