import { type ChatBot, type ServerBotOptions, startChatBot } from './chat-bot.ts'

/** The bot's password in all tests. */
export const botPassword = 'the-password-of-the-bot'

/** The bot in the room `ops` of a server on loopback, without TLS. */
export const startXmppBot = (
  { executable, port, variables = {} }: ServerBotOptions,
): Promise<ChatBot> =>
  startChatBot({
    executable,
    variables: {
      HUBOT_ADAPTER: 'xmpp',
      HUBOT_XMPP_USERNAME: 'hubot@localhost',
      HUBOT_XMPP_PASSWORD: botPassword,
      HUBOT_XMPP_ROOMS: 'ops@conference.localhost',
      HUBOT_XMPP_HOST: '127.0.0.1',
      HUBOT_XMPP_PORT: String(port),
      HUBOT_XMPP_DISALLOW_TLS: 'true',
      ...variables,
    },
  })
