import type { Clock } from '../clock.ts'
import type { OptionTable, OptionValues } from '../config/option.ts'
import type { Log } from '../log.ts'
import type { Http } from '../net/http.ts'
import type { OpenTunnel, SecureTunnel } from '../net/tunnel.ts'
import type { OpenSocket } from '../net/websocket.ts'
import type { ChatMessage, OutgoingMessage } from './message.ts'

/** What a chat service takes; each number's source stands beside it in the adapter. */
export type Limits = {
  /** The most that one message may hold, counted in `unit`. */
  readonly textUnits: number
  readonly unit: 'utf16' | 'bytes'
  /** More parts than this go up as a file, where the service can, or end with the Web UI link. */
  readonly partsBeforeUpload: number
  /** Messages a second into one channel that the service takes without complaint. */
  readonly perChannelPerSecond: number
}

/** What a chat service can do. The core asks here, never for the service's name. */
export type Features = {
  readonly threads: boolean
  /** A message in a channel that one person alone sees. */
  readonly ephemeral: boolean
  /** A way to write to one person alone (ephemeral or direct). Without it a whisper is refused. */
  readonly private: boolean
  /** Coloured attachments. Without them a service is "plain": `ST2_MAX_MESSAGE_LENGTH` holds for it. */
  readonly attachments: boolean
  readonly files: boolean
  readonly edits: boolean
  readonly buttons: boolean
}

/** The service has accepted the message: its own id for it, if it gives one. */
export type Receipt = { readonly id?: string }

/**
 * How a connection is, by what was seen on the wire. Times are ms since 1970.
 * `failed` means that it will not come back by itself: the configuration must change.
 */
export type Health = {
  readonly state: 'connecting' | 'connected' | 'failed'
  readonly since: number
  readonly lastTraffic?: number
  readonly error?: string
}

/** Answers one HTTP request of a chat service that calls us; `longest` is the most bytes that its body may have. */
export type Route = {
  readonly path: string
  readonly longest: number
  /**
   * Refuses a request by its headers, before any of its body is read; undefined lets it pass. Whoever may call from anywhere
   * sends as much as they like.
   */
  readonly refuse?: (headers: Headers) => Response | undefined
  readonly answer: (request: Request) => Promise<Response>
}

/** Everything that an adapter may use; it reads nothing else of the world. */
export type AdapterContext<Table extends OptionTable> = {
  readonly options: OptionValues<Table>
  readonly clock: Clock
  readonly log: Log
  /** Aborts when the bot stops. */
  readonly signal: AbortSignal
  /** The ways out, with the configured proxy and TLS. */
  readonly http: Http
  readonly websocket: OpenSocket
  readonly tunnel: OpenTunnel
  /** TLS on a tunnel that began without. */
  readonly secure: SecureTunnel
  /** Takes POST requests at a path of the bot's HTTP server; undefined where that is switched off. */
  readonly route: ((route: Route) => void) | undefined
  /**
   * Hands one message to the bot. Settles within milliseconds, when the message is written down or is not for the bot: tell the
   * service then that it has arrived. Never rejects and never waits for StackStorm.
   */
  readonly receive: (message: ChatMessage) => Promise<void>
  /** Tells the bot that nobody will ever talk here again (a terminal's end of input), and how many messages came before. */
  readonly end: (heard: number) => void
  /** Ends the bot with a failure, where the operator wants its supervisor to start it anew; `reason` is a sentence for the log. */
  readonly fail: (reason: string) => void
  /** All commands as help shows them, for services that complete what is typed. */
  readonly commands: () => readonly string[]
}

/** A live connection to one chat service. It re-establishes itself for ever. */
export type Connection = {
  readonly self: {
    readonly id: string
    readonly name: string
    /** Further words that address the bot, as they stand in `ChatMessage.text`. */
    readonly mentions: readonly string[]
  }
  /**
   * Resolves only when the service has accepted the message.
   * Rejects with `RetryLater` or `Undeliverable`; never swallows.
   */
  readonly send: (message: OutgoingMessage) => Promise<Receipt>
  readonly health: () => Health
  readonly close: () => Promise<void>
}

/** A chat service, as data with one function. Importing it has no effect. */
export type AdapterDefinition<Table extends OptionTable = OptionTable> = {
  readonly name: string
  readonly aliases: readonly string[]
  readonly title: string
  readonly options: Table
  readonly limits: Limits
  readonly features: Features
  /**
   * Says in a few words how it will connect; throws on options that can never work together. Asks nobody.
   */
  readonly check?: (options: OptionValues<Table>) => string
  /** Resolves at once with a connection that may still be connecting; rejects on configuration that can never work. */
  readonly connect: (context: AdapterContext<Table>) => Promise<Connection>
}

/** The service cannot take the message now: try again, not before `after` ms have passed. */
export class RetryLater extends Error {
  override readonly name = 'RetryLater'
  readonly after: number
  constructor(message: string, options: { after?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.after = options.after ?? 0
  }
}

/** The service will never take the message; `advice` tells a person what to do about it. */
export class Undeliverable extends Error {
  override readonly name = 'Undeliverable'
  readonly advice: string
  constructor(reason: string, options: { advice: string; cause?: unknown }) {
    super(reason, { cause: options.cause })
    this.advice = options.advice
  }
}
