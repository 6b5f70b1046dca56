import type { AdapterContext, Connection, Features, Limits } from '../../src/chat/adapter.ts'
import { keepConnected } from '../../src/chat/keep-connected.ts'
import { createVitalSigns } from '../../src/chat/vital-signs.ts'
import { createDispatch } from './dispatch.ts'
import { ServerRefused } from '../../src/chat/connection-failures.ts'
import { adviceFor } from './failures.ts'
import { createFlights } from './flights.ts'
import { createInbound } from './inbound.ts'
import { openStream } from './open-stream.ts'
import type { xmppOptions } from './options.ts'
import { createOutbound } from './outbound.ts'
import { createRoom, type Room } from './room.ts'
import { createSession } from './session.ts'
import { describeSetup, mechanismProblem, readSetup } from './setup.ts'
import { withLimit } from './within.ts'
import { type Element, xml } from './xml.ts'

type Context = AdapterContext<typeof xmppOptions>

/** ms that the bot waits for its rooms before it says that it is connected. */
const roomsDeadline = 10_000

/** Starts the connection; it comes up by itself. Throws `XmppSetupProblem`. */
export const connect = (
  context: Context,
  service: { readonly limits: Limits; readonly features: Features },
): Connection => {
  const { options, clock, log, receive } = context
  const setup = readSetup(options)
  const ending = new AbortController()
  const signal = AbortSignal.any([context.signal, ending.signal])
  const signs = createVitalSigns(clock)
  const flights = createFlights()
  const rooms = new Map<string, Room>()
  const stays = new Set<Promise<void>>()
  const doubtful = new Set<string>()
  let leave = (): Promise<void> => Promise.resolve()
  let sentAway: ServerRefused | undefined

  const session = createSession({ clock, onStanza: (stanza: Element) => dispatch(stanza) })
  const take = createInbound({ rooms, own: () => session.jid()?.bare, receive, clock, log })
  const dispatch = createDispatch({ rooms, flights, take, answer: session.send, log })
  for (const wanted of setup.rooms) {
    const { bare } = wanted.jid
    const onJoined = () => flights.settle(bare)
    rooms.set(bare, createRoom({ wanted, nick: setup.nick, session, clock, log, onJoined }))
  }

  /** Comes into all rooms, and waits for them a while. */
  const enterRooms = async (life: AbortSignal, gone: AbortSignal): Promise<void> => {
    session.send(xml('presence', {}))
    const here = [...rooms.values()]
    for (const room of here) {
      const stay = room.stay(life).finally(() => stays.delete(stay))
      stays.add(stay)
    }
    const allIn = (limited: AbortSignal) =>
      Promise.allSettled(here.map((room) => room.joined(limited)))
    await withLimit(allIn, roomsDeadline, clock, life, gone)
    const joined = here.filter((room) => room.isIn()).length
    log.info('The bot is in its rooms.', { joined, of: here.length })
  }

  log.info(`XMPP: ${describeSetup(options)}.`)
  const problem = mechanismProblem(options)
  if (problem !== undefined) log.warn(problem)
  const running = keepConnected({
    title: 'XMPP',
    open: async (opening) => {
      // Two bots that take each other's place would do so for ever: whoever was sent away waits like one not let in.
      const refusal = sentAway
      sentAway = undefined
      if (refusal !== undefined) throw refusal
      const stream = await openStream({
        context,
        setup,
        session,
        rooms: [...rooms.values()],
        signs,
        doubtful,
        onNew: enterRooms,
      }, opening)
      void stream.lost.then((why) => {
        if (why instanceof ServerRefused) sentAway = why
      })
      leave = stream.leave
      return stream
    },
    adviceFor,
    signs,
    clock,
    log,
    signal,
  })

  return {
    get self() {
      const nicks = [...rooms.values()].map((room) => room.nick())
      return { id: setup.jid.bare, name: setup.nick, mentions: [...new Set(nicks)] }
    },
    send: createOutbound({
      session,
      rooms,
      flights,
      clock,
      signal,
      closed: ending.signal,
      ...service,
    }),
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
