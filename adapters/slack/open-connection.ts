import type { Clock } from '../../src/clock.ts'
import type { OpenSocket, Socket } from '../../src/net/websocket.ts'
import { SlackBusy } from './failures.ts'
import type { VitalSigns } from '../../src/chat/vital-signs.ts'

/** What a frame means to the connection: it works now, it shall be replaced, or nothing. */
export type FrameMeaning =
  | { readonly kind: 'ready' }
  | { readonly kind: 'replace'; readonly why: string }
  | { readonly kind: 'nothing' }

/** One of Slack's two ways to talk over a WebSocket. */
export type Dialogue = {
  /** Asks the Web API for the address of a new socket. */
  readonly address: () => Promise<string>
  /** Hears one frame, already read as JSON, and answers it where it must be answered. */
  readonly hear: (frame: unknown, answer: (frame: unknown) => void) => FrameMeaning
  /** Asks for a sign of life. */
  readonly ping: (socket: Socket) => void
  /** ms between two pings. */
  readonly pingEvery: number
  /** ms without any traffic after which the connection counts as dead. */
  readonly silence: number
}

/** ms for the handshake, and as many for Slack's first frame. */
const openDeadline = 10_000

/** How a connection's time came. */
export type End = { readonly kind: 'replace' | 'lost'; readonly why: string }
/** A connection that Slack has greeted. */
export type Open = {
  readonly socket: Socket
  /** Asked to be replaced, or lost. */
  readonly ended: Promise<End>
  /** Aborts when nothing more can come from it; the reason says why. */
  readonly gone: AbortSignal
  readonly since: number
}

export type OpenOptions = {
  readonly dialogue: Dialogue
  readonly websocket: OpenSocket
  readonly signs: VitalSigns
  readonly clock: Clock
  readonly signal: AbortSignal
}

/**
 * Opens one connection, and settles when Slack has greeted it; from then on it is pinged, and counts as lost when it is
 * silent. Rejects with what the Web API, the socket or the missing greeting say.
 */
export const openConnection = async (options: OpenOptions): Promise<Open> => {
  const { dialogue, websocket, signs, clock, signal } = options
  const ready = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<End>()
  const gone = new AbortController()
  let lastTraffic = clock.monotonic()
  const socket = await websocket(await dialogue.address(), {
    signal,
    deadline: openDeadline,
    onTraffic: () => {
      lastTraffic = clock.monotonic()
      signs.traffic()
    },
    onText: (text, send) => {
      const meaning = dialogue.hear(readJson(text), (frame) => send(JSON.stringify(frame)))
      if (meaning.kind === 'ready') ready.resolve()
      else if (meaning.kind === 'replace') ended.resolve({ kind: 'replace', why: meaning.why })
    },
  })
  const lose = (why: string): void => {
    ready.reject(new SlackBusy(why))
    ended.resolve({ kind: 'lost', why })
    gone.abort(why)
  }
  void socket.ended.then(({ code, reason }) =>
    lose(`Slack closed the connection (${[code, reason].filter(Boolean).join(' ')})`)
  )
  const watch = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(dialogue.pingEvery, gone.signal)
      if (clock.monotonic() - lastTraffic > dialogue.silence) {
        lose(`Slack was silent for ${Math.round(dialogue.silence / 1000)} s`)
        return socket.terminate()
      }
      dialogue.ping(socket)
    }
  }
  void watch().catch(() => {})
  void clock.sleep(openDeadline, gone.signal)
    .then(() => ready.reject(new SlackBusy('Slack did not say hello')), () => {})
  try {
    await ready.promise
  } catch (error) {
    socket.terminate()
    throw error
  }
  return { socket, ended: ended.promise, gone: gone.signal, since: clock.monotonic() }
}

/** What is no JSON means nothing to anybody. */
const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
