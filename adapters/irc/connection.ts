import { readFile } from 'node:fs/promises'
import type { AdapterContext, Connection } from '../../src/chat/adapter.ts'
import { keepConnected, type Live } from '../../src/chat/keep-connected.ts'
import { createVitalSigns } from '../../src/chat/vital-signs.ts'
import { isLoopback } from '../../src/net/address.ts'
import type { TunnelTls } from '../../src/net/tunnel.ts'
import { rawCommand } from './command.ts'
import { ConnectionLost, ServerRefused } from '../../src/chat/connection-failures.ts'
import { adviceFor, withoutAnswer } from './failures.ts'
import { createInbound } from './inbound.ts'
import { identify } from './nickserv.ts'
import type { IrcLine } from './line.ts'
import type { ircOptions } from './options.ts'
import { createOutbound } from './outbound.ts'
import { regainNick } from './own-nick.ts'
import { createPace } from './pace.ts'
import { createPeople } from './people.ts'
import { createRooms } from './rooms.ts'
import { openSession, type Session } from './session.ts'
import { describeSetup, type IrcOptions, readSetup } from './setup.ts'
import { createWire } from './wire.ts'

type Context = AdapterContext<typeof ircOptions>

/** ms until the stream to the server is open. */
const deadline = 20_000
/**
 * ms that a message waits for a connection that is on its way, before it is told to come again: whoever comes again waits for up to a
 * minute, and would be late where the connection is back by then.
 */
const patience = 30_000

/** How servers word it that end the connection of who writes too much. */
const tooQuick = /flood|recvq/i

const readOwn = async (path: string | undefined, variable: string): Promise<string | undefined> => {
  if (path === undefined) return undefined
  return await readFile(path, 'utf8').catch((cause) => {
    throw new ServerRefused(
      `The file of ${variable} cannot be read: ${cause instanceof Error ? cause.message : cause}.`,
      'Correct the path, or let the bot read the file.',
    )
  })
}

/** Files are read for each connection: certificates are renewed while the bot runs. */
const readTls = async (options: IrcOptions): Promise<TunnelTls | undefined> => {
  if (!options.HUBOT_IRC_USESSL) return undefined
  const [cert, key] = await Promise.all([
    readOwn(options.HUBOT_IRC_CLIENT_CERTIFICATE, 'HUBOT_IRC_CLIENT_CERTIFICATE'),
    readOwn(options.HUBOT_IRC_CLIENT_KEY, 'HUBOT_IRC_CLIENT_KEY'),
  ])
  return {
    rejectUnauthorized: !options.HUBOT_IRC_SERVER_FAKE_SSL,
    allowExpired: options.HUBOT_IRC_SERVER_CERT_EXPIRED,
    cert,
    key,
  }
}

/** Starts the connection, which comes up and comes back by itself. Throws `IrcSetupProblem`. */
export const connect = (context: Context): Connection => {
  const { options, clock, log, receive, tunnel } = context
  const setup = readSetup(options)
  const { host, port, identity } = setup
  const ending = new AbortController()
  /** The connection itself stays until the server has heard that the bot leaves. */
  const leaving = new AbortController()
  const signal = AbortSignal.any([context.signal, ending.signal])
  const signs = createVitalSigns(clock)
  const people = createPeople()
  const pace = createPace({ clock, signal, apart: setup.pace })
  const rooms = createRooms({
    wanted: setup.rooms,
    followsInvitations: !options.HUBOT_IRC_PRIVATE && !options.HUBOT_IRC_IGNOREINVITE,
    clock,
    log,
  })
  const hear = createInbound({ options, people, roomName: rooms.nameOf, receive, clock, log })
  const nickServPassword = options.HUBOT_IRC_NICKSERV_PASSWORD
  /** People who know the bot by the nick that it should have address it by that as well. */
  const introduce = (nick: string): Connection['self'] => ({
    id: nick,
    name: nick,
    mentions: nick === identity.nick ? [] : [identity.nick],
  })
  let self = introduce(identity.nick)
  let current: Session | undefined
  let arrived = Promise.withResolvers<void>()

  const attend = (line: IrcLine, session: Session): void => {
    const { source, command, params: [first = ''] } = line
    if (source === undefined) return
    if (command === 'NICK') people.renamed(source, first)
    else if (command === 'QUIT') people.left(source)
    else if (command === 'JOIN') people.seen(source)
    else hear(line, session)
  }

  const slowDown = (why: string): void => {
    if (!tooQuick.test(why)) return
    pace.slowDown()
    log.warn(
      'The server takes no lines as quickly as the bot writes them: it writes more slowly.',
      {
        reason: why,
        advice: 'Set HUBOT_IRC_UNFLOOD to more milliseconds, so that it does so from the start.',
      },
    )
  }

  const logIn = async (session: Session): Promise<void> => {
    const { wire } = session
    const line = options.HUBOT_IRC_CONNECT_COMMAND
    if (line !== undefined) wire.write(rawCommand(line))
    if (nickServPassword !== undefined) {
      const account = options.HUBOT_IRC_NICKSERV_USERNAME
      await identify({ session, account, password: nickServPassword, clock, log })
    }
    const known = identity.sasl !== undefined || nickServPassword !== undefined
    const account = known ? { password: nickServPassword } : undefined
    void regainNick({ session, wanted: identity.nick, account, clock, log })
  }

  // Not with keepConnected's signal: that ends with the bot, and the server is still to hear that it leaves.
  const open = async (): Promise<Live> => {
    const tls = await readTls(options)
    const socket = await tunnel({ host, port, tls, signal: leaving.signal, deadline })
      .catch((error) => {
        throw tls === undefined ? error : withoutAnswer(error, port)
      })
    const showLines = options.HUBOT_IRC_DEBUG
    pace.begin()
    const wire = createWire({
      socket,
      clock,
      log,
      onTraffic: signs.traffic,
      onWritten: pace.spend,
      showLines,
    })
    void wire.ended.then(slowDown)
    let speaksIrc = false
    wire.listen(() => {
      speaksIrc = true
    })
    try {
      const session = await openSession(wire, identity, {
        onNick: (nick) => {
          self = introduce(nick)
        },
        onLine: attend,
      })
      people.compareBy(session.support().caseMapping)
      if (options.HUBOT_IRC_REQUIRE_ACCOUNT && !session.capabilities().has('account-tag')) {
        log.error('The server does not tell accounts: the bot listens to nobody.', {
          advice: 'Set HUBOT_IRC_REQUIRE_ACCOUNT=false, or use a server with account-tag (IRCv3).',
        })
      }
      await logIn(session)
      await rooms.enter(session)
      if (!wire.isOpen()) throw new ConnectionLost(await wire.ended)
      current = session
      arrived.resolve()
      void wire.ended.then(() => {
        current = undefined
        arrived = Promise.withResolvers()
      })
      return wire
    } catch (error) {
      wire.cut('the bot could not log in')
      throw speaksIrc ? error : withoutAnswer(error, port)
    }
  }

  log.info(`IRC: ${describeSetup(options)}.`)
  const hasPassword = identity.password !== undefined || nickServPassword !== undefined
  if (hasPassword && !options.HUBOT_IRC_USESSL && !isLoopback(host)) {
    log.warn("The bot's password goes over the network in the clear.", {
      advice: 'Set HUBOT_IRC_USESSL=true and the port for TLS, usually 6697.',
    })
  }
  const running = keepConnected({ title: 'IRC', open, adviceFor, signs, clock, log, signal })

  return {
    get self() {
      return self
    },
    send: createOutbound({
      session: async () => {
        if (current === undefined) {
          await Promise.race([arrived.promise, clock.sleep(patience, signal)])
        }
        return current
      },
      rooms,
      people,
      clock,
      signal,
      pace,
      identity,
      notices: options.HUBOT_IRC_SEND_NOTICE_MODE,
    }),
    health: signs.health,
    close: async () => {
      const closed = new Error('the connection to IRC is closed')
      ending.abort(closed)
      await current?.wire.quit('The bot is going away.')
      leaving.abort(closed)
      await running
    },
  }
}
