import { irc as definition } from '../../adapters/irc/index.ts'
import { connectTo, until, type Variables } from '../adapters/irc/connect.ts'
import { startFakeIrc } from '../fakes/irc/server.ts'
import { adapterContract } from './adapter.ts'
import type { World } from './world.ts'

const password = 'the-password-of-the-account'
const key = 'the-key-of-the-channel'
const login = Buffer.from(`\0nodebot\0${password}`).toString('base64')

const places = { ops: '#ops', dev: '#dev', direct: 'hubot' } as const

const openWorld =
  (variables: Variables, capabilities: readonly string[]) => async (): Promise<World> => {
    const irc = await startFakeIrc({
      capabilities,
      ...(capabilities.length === 0 ? { password } : { logins: [login] }),
    })
    const open: AsyncDisposable[] = [irc]
    let messages = 0
    const say: World['say'] = ({ text, place = 'ops', user = 'alice', mention = false }) => {
      irc.say({
        from: user,
        to: places[place],
        text: mention ? `hubot: ${text}` : text,
        tags: `msgid=m${++messages};time=2026-11-22T12:00:00.000Z`,
      })
    }
    let last: Parameters<World['say']>[0] = { text: '' }
    return {
      definition,
      ops: places.ops,
      secrets: [password, login, key],
      join: async () => {
        const it = await connectTo(irc.port, {
          HUBOT_IRC_PASSWORD: password,
          HUBOT_IRC_ROOMS: `#ops ${key},#dev`,
          HUBOT_IRC_DEBUG: 'true',
          ...variables,
        })
        open.unshift(it)
        await until(() => irc.members('#dev').length > 0)
        return { connection: it.connection, heard: it.heard, lines: it.log.lines }
      },
      say: (said) => {
        last = said
        say(said)
      },
      sayAgain: () => {
        messages--
        say(last)
      },
      seen: () =>
        irc.taken.map(({ to, text }) => ({
          text,
          channel: to,
          ...(!to.startsWith('#') && { onlyFor: to }),
        })),
      files: () => [],
      isConnected: () => irc.nicks().includes('hubot'),
      echo: () => irc.say({ from: 'hubot', to: '#ops', text: '!echo' }),
      busy: (ms) =>
        irc.fail({
          kind: 'refuse',
          numeric: '439',
          words: (to) => `${to} :Message target change too fast. Please wait ${ms / 1000} seconds`,
        }),
      broken: () => irc.fail({ kind: 'cut', taken: false }),
      refuse: () =>
        irc.fail({
          kind: 'refuse',
          numeric: '404',
          words: (to) => `${to} :Cannot send to channel`,
        }),
      drop: irc.cut,
      garbage: () => {
        for (
          const line of [
            ':',
            '@',
            '@a=b',
            ':alice!a@b',
            ':alice!a@b PRIVMSG',
            ':alice!a@b PRIVMSG #ops',
            'PRIVMSG #ops :!odd',
            '\u0000\u0001\u0002',
            'PONG',
            ':irc.test.net 433 * hubot :taken',
            '999 :what',
            ':hubot NICK',
            ':x!y@z JOIN',
            ':x!y@z KICK',
            `:alice!a@b PRIVMSG #ops :\u0001VERSION\u0001`,
          ]
        ) irc.raw(line)
      },
      [Symbol.asyncDispose]: async () => {
        for (const one of open) await one[Symbol.asyncDispose]()
      },
    }
  }

const without = {
  broadcast: 'IRC has no word that alerts everybody',
  memory: 'IRC repeats nothing',
  receipt: 'IRC gives no ids to messages',
  threads: 'IRC has no threads',
} as const

adapterContract(
  'IRC with IRCv3 and SASL',
  openWorld({ HUBOT_IRC_USESASL: 'true' }, [
    'account-tag',
    'echo-message',
    'message-tags',
    'sasl',
    'server-time',
  ]),
  without,
)
adapterContract('IRC as it was in 1993', openWorld({}, []), {
  ...without,
  sayAgain: 'without message ids nobody can tell',
})
