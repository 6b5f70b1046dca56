import type { AdapterContext, Connection, Features, Limits } from '../../src/chat/adapter.ts'
import { keepConnected, type Live } from '../../src/chat/keep-connected.ts'
import { createVitalSigns } from '../../src/chat/vital-signs.ts'
import { answerIq, answerPresence } from './answer.ts'
import { adviceFor } from './failures.ts'
import { createFlights } from './flights.ts'
import { createInbound } from './inbound.ts'
import { readJid } from './jid.ts'
import { keepAlive } from './keep-alive.ts'
import { negotiate } from './negotiate.ts'
import { openWire } from './open-wire.ts'
import type { xmppOptions } from './options.ts'
import { createOutbound } from './outbound.ts'
import { createRoom, type Room } from './room.ts'
import { createSession } from './session.ts'
import { describeSetup, mechanismProblem, readSetup } from './setup.ts'
import { errorOf } from './stanza.ts'
import { type Element, ns, xml } from './xml.ts'

type Context = AdapterContext<typeof xmppOptions>

/** ms that the bot waits for its rooms before it says that it is connected. */
const roomsDeadline = 10_000
/** ms for TLS and login. */
const loginDeadline = 30_000

/** Starts the connection; it comes up by itself. Throws `XmppSetupProblem`. */
export const connect = (
  context: Context,
  service: { readonly limits: Limits; readonly features: Features },
): Connection => {
  const { options, clock, log, tunnel, secure, websocket, receive } = context
  const setup = readSetup(options)
  const ending = new AbortController()
  const signal = AbortSignal.any([context.signal, ending.signal])
  const signs = createVitalSigns(clock)
  const flights = createFlights()
  const rooms = new Map<string, Room>()
  const stays = new Set<Promise<void>>()
  let lastTraffic = clock.monotonic()

  const session = createSession({ clock, onStanza: (stanza) => hear(stanza) })
  for (const wanted of setup.rooms) {
    const { bare } = wanted.jid
    const onJoined = () => flights.settle(bare)
    rooms.set(bare, createRoom({ wanted, nick: setup.nick, session, clock, log, onJoined }))
  }
  const take = createInbound({ rooms, own: () => session.jid()?.bare, receive, clock, log })

  const hearError = (stanza: Element): void => {
    const error = errorOf(stanza)
    if (error === undefined || flights.refused(stanza.attrs['id'] ?? '', error)) return
    log.warn('A message came back.', { from: stanza.attrs['from'], reason: error.message })
  }

  const hearRoom = (room: Room, stanza: Element, nick: string): void => {
    const body = stanza.getChild('body')?.getText()
    if (stanza.getChild('subject') !== undefined && body === undefined) room.subject()
    if (body === undefined || !(nick === room.nick() || room.wasOurs(nick))) return
    const origin = stanza.getChild('origin-id', ns.stanzaId)?.attrs['id']
    const ids = [stanza.attrs['id'], origin].filter((id) => id !== undefined)
    flights.reflected({ room: room.jid, ids, body })
  }

  const hear = (stanza: Element): void => {
    const from = readJid(stanza.attrs['from'])
    const room = from === undefined ? undefined : rooms.get(from.bare)
    if (stanza.is('iq')) {
      const answer = answerIq(stanza)
      if (answer !== undefined) session.send(answer)
    } else if (stanza.is('presence')) {
      const answer = answerPresence(stanza)
      if (room !== undefined) room.hear(stanza)
      else if (answer !== undefined) session.send(answer)
    } else if (stanza.attrs['type'] === 'error') hearError(stanza)
    else {
      if (room !== undefined && stanza.attrs['type'] === 'groupchat') {
        hearRoom(room, stanza, from?.resource ?? '')
      }
      take(stanza)
    }
  }

  /** Comes into all rooms, and waits for them a while. */
  const enterRooms = async (life: AbortSignal): Promise<void> => {
    session.send(xml('presence', {}))
    for (const room of rooms.values()) {
      const stay = room.stay(life).finally(() => stays.delete(stay))
      stays.add(stay)
    }
    const late = new AbortController()
    const over = new AbortController()
    void clock.sleep(roomsDeadline, over.signal).then(() => late.abort(), () => {})
    const either = AbortSignal.any([life, late.signal])
    await Promise.allSettled([...rooms.values()].map((room) => room.joined(either)))
    over.abort()
    const joined = [...rooms.values()].filter((room) => room.isIn()).length
    log.info('The bot is in its rooms.', { joined, of: rooms.size })
  }

  const open = async (opening: AbortSignal): Promise<Live> => {
    const gone = new AbortController()
    const wire = await openWire({
      tunnel,
      secure,
      websocket,
      clock,
      setup,
      anyCertificate: options.HUBOT_XMPP_ACCEPT_ANY_CERTIFICATE,
      signal: AbortSignal.any([opening, gone.signal]),
      onTraffic: () => {
        lastTraffic = clock.monotonic()
        signs.traffic()
      },
    })
    const late = new AbortController()
    const timer = new AbortController()
    void clock.sleep(loginDeadline, AbortSignal.any([opening, timer.signal])).then(
      () =>
        wire.cut(new Error(`The server did not let the bot in within ${loginDeadline / 1000} s.`)),
      () => {},
    )
    try {
      const how = await negotiate({
        wire,
        credentials: { username: setup.jid.local, password: setup.password },
        startTls: setup.way.kind === 'starttls',
        allowPlaintext: setup.way.kind === 'plain' || setup.way.kind === 'websocket',
        mechanism: options.HUBOT_XMPP_PREFERRED_SASL_MECHANISM,
        resource: setup.resource,
        earlier: session.earlier(),
        nonce: Bun.randomUUIDv7(),
      })
      const { life, isNew } = session.begin(wire, how)
      if (isNew) await enterRooms(life)
    } catch (error) {
      wire.cut(error instanceof Error ? error : new Error(String(error)))
      session.pause()
      throw error
    } finally {
      timer.abort()
      late.abort()
    }
    void keepAlive({
      wire,
      session,
      rooms: rooms.values(),
      clock,
      lastTraffic: () => lastTraffic,
      interval: options.HUBOT_XMPP_KEEPALIVE_INTERVAL,
      signal: gone.signal,
    })
    leave = wire.close
    const ended = wire.ended.then((why) => {
      gone.abort()
      session.pause()
      return why.message
    })
    return { ended }
  }

  let leave = (): Promise<void> => Promise.resolve()
  log.info(`XMPP: ${describeSetup(options)}.`)
  const problem = mechanismProblem(options)
  if (problem !== undefined) log.warn(problem)
  const running = keepConnected({
    title: 'XMPP',
    open,
    adviceFor,
    signs,
    clock,
    log,
    signal,
  })

  return {
    get self() {
      const nicks = [...rooms.values()].map((room) => room.nick())
      return {
        id: session.jid()?.bare ?? setup.jid.bare,
        name: setup.nick,
        mentions: [...new Set(nicks)],
      }
    },
    send: createOutbound({ session, rooms, flights, clock, signal, ...service }),
    health: signs.health,
    close: async () => {
      await leave()
      ending.abort(new Error('the connection to XMPP is closed'))
      session.end()
      await running
      await Promise.all(stays)
    },
  }
}
