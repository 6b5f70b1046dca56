import type { AdapterContext } from '../../src/chat/adapter.ts'
import type { Live } from '../../src/chat/keep-connected.ts'
import type { VitalSigns } from '../../src/chat/vital-signs.ts'
import { keepAlive } from './keep-alive.ts'
import { negotiate } from './negotiate.ts'
import { openWire } from './open-wire.ts'
import type { xmppOptions } from './options.ts'
import type { Room } from './room.ts'
import type { Session } from './session.ts'
import type { Setup } from './setup.ts'
import { xml } from './xml.ts'

export type OpenStreamOptions = {
  readonly context: AdapterContext<typeof xmppOptions>
  readonly setup: Setup
  readonly session: Session
  readonly rooms: readonly Room[]
  readonly signs: VitalSigns
  /** See `openWire`; empty again once the bot is logged in. */
  readonly doubtful: Set<string>
  /** The server knows nothing of us: the bot comes into its rooms. `life` aborts when it has forgotten us again. */
  readonly onNew: (life: AbortSignal, gone: AbortSignal) => Promise<void>
}

/** A stream that is up. */
export type Stream = Live & {
  /** As `ended`, with the error itself. */
  readonly lost: Promise<Error>
  /** Says goodbye. */
  readonly leave: () => Promise<void>
}

/** ms for TLS, login and the rooms. */
const deadline = 45_000

/** Opens a connection, and takes it to where the bot is in its rooms. Rejects as `openWire` and `negotiate` do. */
export const openStream = async (
  { context, setup, session, rooms, signs, doubtful, onNew }: OpenStreamOptions,
  signal: AbortSignal,
): Promise<Stream> => {
  const { options, clock } = context
  const gone = new AbortController()
  const over = new AbortController()
  // A bot that stops says goodbye: once the stream is up, it does not end with the signal.
  const giveUp = () => gone.abort(signal.reason)
  signal.addEventListener('abort', giveUp, { once: true })
  let lastTraffic = clock.monotonic()
  try {
    const wire = await openWire({
      ...context,
      setup,
      doubtful,
      anyCertificate: options.HUBOT_XMPP_ACCEPT_ANY_CERTIFICATE,
      signal: gone.signal,
      onTraffic: () => {
        lastTraffic = clock.monotonic()
        signs.traffic()
      },
    })
    const ended = wire.ended.then((why) => {
      gone.abort(why)
      session.pause()
      return why.message
    })
    const tooLate = new Error(`The server did not let the bot in within ${deadline / 1000} s.`)
    void clock.sleep(deadline, over.signal).then(() => wire.cut(tooLate), () => {})
    try {
      const how = await negotiate({
        wire,
        credentials: { username: setup.jid.local, password: setup.password },
        startTls: setup.way.kind === 'starttls',
        allowPlaintext: setup.way.kind === 'plain' || setup.way.kind === 'websocket',
        anyCertificate: options.HUBOT_XMPP_ACCEPT_ANY_CERTIFICATE,
        mechanism: options.HUBOT_XMPP_PREFERRED_SASL_MECHANISM,
        resource: setup.resource,
        earlier: session.earlier(),
        nonce: Bun.randomUUIDv7(),
      })
      doubtful.clear()
      const { life, isNew } = session.begin(wire, how)
      if (isNew) await onNew(life, gone.signal)
    } catch (error) {
      wire.cut(error instanceof Error ? error : new Error(String(error)))
      throw error
    }
    void keepAlive({
      wire,
      session,
      rooms,
      clock,
      lastTraffic: () => lastTraffic,
      interval: options.HUBOT_XMPP_KEEPALIVE_INTERVAL,
      signal: gone.signal,
    })
    return {
      ended,
      lost: wire.ended,
      leave: async () => {
        wire.send(xml('presence', { type: 'unavailable' }))
        await wire.close()
      },
    }
  } finally {
    over.abort()
    signal.removeEventListener('abort', giveUp)
  }
}
