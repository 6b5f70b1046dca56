import { type ChatBot, type ServerBotOptions, startChatBot } from './chat-bot.ts'

/** The bot in `#ops` of a server on loopback, without a pause between its lines. */
export const startIrcBot = (
  { executable, port, variables = {} }: ServerBotOptions,
): Promise<ChatBot> =>
  startChatBot({
    executable,
    variables: {
      HUBOT_ADAPTER: 'irc',
      HUBOT_IRC_SERVER: '127.0.0.1',
      HUBOT_IRC_PORT: String(port),
      HUBOT_IRC_NICK: 'hubot',
      HUBOT_IRC_ROOMS: '#ops',
      HUBOT_IRC_UNFLOOD: '5',
      ...variables,
    },
  })
