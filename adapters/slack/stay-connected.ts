import type { Clock } from '../../src/clock.ts'
import type { Log } from '../../src/log.ts'
import { backoff } from '../../src/net/backoff.ts'
import type { OpenSocket, Socket } from '../../src/net/websocket.ts'
import { SlackBusy, SlackRefused } from './failures.ts'
import type { VitalSigns } from './vital-signs.ts'

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

export type ConnectedOptions = {
  readonly dialogue: Dialogue
  readonly websocket: OpenSocket
  readonly signs: VitalSigns
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal
  /** What to do about a refusal, in words. */
  readonly advise: (refused: SlackRefused) => string
  /** A connection that worked is gone, and none has taken its place. */
  readonly onLost: (why: string) => void
}

/** ms for the handshake, and as many for Slack's first frame. */
const openDeadline = 10_000
/** A connection that lived for less has proved nothing: the next one waits its turn. */
const proof = 10_000
/** What a person must put right is looked at again once a minute. */
const retryRefused = 60_000

type End = { readonly kind: 'replace' | 'lost'; readonly why: string }
type Open = { readonly socket: Socket; readonly ended: Promise<End>; readonly since: number }

/**
 * Keeps one connection to Slack up until the signal aborts. When Slack asks for a new one, that is up before the old one
 * is closed, so that no moment is deaf; a lost one comes back after a back-off. Never rejects.
 */
export const stayConnected = async (options: ConnectedOptions): Promise<void> => {
  const { dialogue, websocket, signs, clock, log, signal, advise, onLost } = options
  const waits = backoff({ clock })
  let complaint = ''
  let connections = 0

  const open = async (): Promise<Open> => {
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
      gone.abort(new Error(why))
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
    return { socket, ended: ended.promise, since: clock.monotonic() }
  }

  /** The same words again and again help nobody. */
  const complain = (error: unknown): void => {
    const refused = error instanceof SlackRefused
    const what = error instanceof Error ? error.message : String(error)
    const say = complaint === what ? log.debug : refused ? log.error : log.warn
    say(
      'There is no connection to Slack.',
      refused ? { reason: what, advice: advise(error) } : { reason: what },
    )
    complaint = what
    signs.down(refused ? `${what}. ${advise(error)}` : what, refused)
  }

  let current: Open | undefined
  while (!signal.aborted) {
    try {
      const next = await open()
      if (connections++ === 0) log.info('Connected to Slack.')
      else if (current === undefined) log.info('Connected to Slack again.')
      current?.socket.close()
      current = next
      complaint = ''
      signs.up()
      const end = await next.ended
      if (signal.aborted) break
      if (end.kind === 'lost') {
        current = undefined
        signs.down(end.why)
        log.warn('The connection to Slack is lost.', { reason: end.why })
        onLost(end.why)
      } else log.debug('Slack asks for a new connection.', { reason: end.why })
      const proved = clock.monotonic() - next.since >= proof
      if (proved) waits.reset()
      if (end.kind === 'lost' || !proved) await waits.wait(signal)
    } catch (error) {
      if (signal.aborted) break
      complain(error)
      const after = error instanceof SlackBusy ? error.after : 0
      const pause = error instanceof SlackRefused ? retryRefused : after
      await Promise.all([waits.wait(signal), clock.sleep(pause, signal)]).catch(() => {})
    }
  }
  current?.socket.close()
}

/** What is no JSON means nothing to anybody. */
const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
