import type { CatchUpQueries } from './catch-up.ts'
import type { Execution } from './schema.ts'

/** One command for POST /v1/aliasexecution. */
export type AliasExecutionRequest = {
  /** The alias' name without its pack: StackStorm looks it up by the name alone. */
  readonly name: string
  /** One of the alias' own patterns, letter for letter. */
  readonly format: string
  readonly command: string
  readonly user: string
  readonly channel: string
  /** `notification_route`: which rule brings the result back. */
  readonly route: string
  /** `source_context`: comes back with the result. Opaque ids only, as StackStorm renders it as a template. */
  readonly context: Readonly<Record<string, unknown>>
  /** Unique for each command; is put into `source_context` so that `findExecution` knows the execution again. */
  readonly correlation: string
}

/** What StackStorm has started. */
export type AliasExecution = {
  readonly id: string
  /** The execution's page in the Web UI. */
  readonly link: string
  /** `ack.format`, rendered by StackStorm; undefined when the alias has none. */
  readonly message?: string
  readonly extra?: Readonly<Record<string, unknown>>
  readonly alias: unknown
}

/** What became of the wish to stop an execution. */
export type CancelOutcome =
  | { readonly kind: 'canceled' }
  | { readonly kind: 'canceling' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unknown-id' }

/** Whom StackStorm takes the bot for. */
export type Identity = {
  readonly username: string
  /** `API key` or `authentication token`. */
  readonly method: string | undefined
  /** When the token ends, as StackStorm writes it; an API key never does. */
  readonly expires: string | undefined
  /** With role-based access the user needs permissions; without, everybody may do everything. */
  readonly rbac: boolean
  readonly admin: boolean
}

/** A rule, as far as it decides whether results come back to chat. */
export type Rule = {
  readonly ref: string
  readonly enabled: boolean
  readonly action: string
  /** `criteria["trigger.route"].pattern`. */
  readonly route: string | undefined
  /** Whether it hands `source_context` on; without that no result finds its command. */
  readonly passesContext: boolean
}

/** The state of the event stream. Times are ms since 1970. */
export type StreamState = {
  readonly state: 'connecting' | 'connected'
  readonly since: number
  readonly lastTraffic?: number
  readonly error?: string
}

export type FollowOptions = {
  /** Names of events, `*` stands for anything. Only what is needed: execution events are huge. */
  readonly events: readonly string[]
  readonly signal: AbortSignal
  /** `data` is the event's JSON. What it throws is logged and changes nothing. */
  readonly onEvent: (name: string, data: unknown) => void
  /** Called on every change, and at most once a second while bytes come in. */
  readonly onState: (state: StreamState) => void
}

/** How StackStorm is, by its last answers. Times are ms since 1970. */
export type StackStormHealth = {
  /** `connected`: the last request was answered and the credentials are not refused. */
  readonly state: 'connecting' | 'connected'
  readonly since: number
  readonly lastTraffic?: number
  readonly error?: string
  readonly credentials: 'unknown' | 'good' | 'refused'
}

/**
 * StackStorm as the bot uses it. Every function but `follow` rejects with `StackStormRefused`,
 * `StackStormUnreachable` or `StackStormUnclear`, or with the signal's reason when the caller gives up.
 */
export type StackStorm = {
  /**
   * The documents of all aliases, as the server sends them, or what `read` makes of the text of each page, in the same order; undefined: it
   * is no list. See `readAll`.
   */
  readonly aliases: (
    signal: AbortSignal,
    read?: (page: string) => readonly unknown[] | undefined,
  ) => Promise<readonly unknown[]>
  /**
   * Runs an alias. The request is sent once; only after a 401, given before anything can run, is it sent
   * again with a new token.
   */
  readonly executeAlias: (
    request: AliasExecutionRequest,
    signal: AbortSignal,
  ) => Promise<AliasExecution>
  /**
   * Looks for the execution that a lost answer belongs to, among those started after `since` (ms since
   * 1970, by StackStorm's clock; see `serverTime`). Undefined: there is none.
   */
  readonly findExecution: (
    correlation: string,
    since: number,
    signal: AbortSignal,
  ) => Promise<Execution | undefined>
  readonly execution: (id: string, signal: AbortSignal) => Promise<Execution>
  readonly cancel: (id: string, signal: AbortSignal) => Promise<CancelOutcome>
  /** StackStorm's own version, such as `3.9.0`. */
  readonly version: (signal: AbortSignal) => Promise<string>
  readonly whoami: (signal: AbortSignal) => Promise<Identity>
  /** One rule by its reference, such as `chatops.notify`; undefined when there is none. */
  readonly rule: (ref: string, signal: AbortSignal) => Promise<Rule | undefined>
  /** Listens to the event stream, reconnecting for ever; resolves when the signal aborts. */
  readonly follow: (options: FollowOptions) => Promise<void>
  /** What the list of executions says about the time that nobody listened. */
  readonly catchUp: CatchUpQueries
  readonly health: () => StackStormHealth
  /** ms since 1970 on StackStorm's clock, behind by a second or so; ours, until it has answered. */
  readonly serverTime: () => number
  /** The page of an execution in the Web UI. */
  readonly executionLink: (id: string) => string
}
