import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Json } from './model.ts'

/** What a fixture answers in the place of an action that the sandbox cannot run. */
export type Fixture = {
  /** How the execution ends; `succeeded` when it is not said. */
  readonly status?: string
  /** The execution's result. Texts in it may use `{{ parameters.<name> }}`. */
  readonly result?: unknown
  /** Seconds to wait before it ends. */
  readonly delay?: number
  /** Seconds that the execution claims to have taken. */
  readonly elapsed?: number
  /** The runner type that the action claims to have, for the default message; `python-script` when it is not said. */
  readonly runner?: string
}

/** One pack as plain data: documents as they stand in its YAML files. */
export type PackDocuments = {
  readonly name: string
  readonly aliases: readonly Json[]
  readonly actions?: readonly Json[]
  /** By the name of an action or of an alias of this pack. */
  readonly fixtures?: Readonly<Record<string, Fixture>>
}

/** A folder of packs (or one pack's folder), or a pack as data. */
export type PackSource = string | PackDocuments

export type SandboxOptions = {
  readonly packs: readonly PackSource[]
  /** 0, the default, lets the system choose one. */
  readonly port?: number
  /** `127.0.0.1` by default. */
  readonly hostname?: string
  /** Lets `core.local` and `core.remote` (to this host) run real commands. Off by default. */
  readonly allowLocal?: boolean
  /** The account of the API key and for the token service. */
  readonly user?: string
  readonly password?: string
  /** Random when it is not given. */
  readonly apiKey?: string
  readonly clock?: Clock
  readonly log?: Log
  /** Milliseconds of silence after which the stream sends a newline; 25,000 as `stream.heartbeat`. */
  readonly heartbeat?: number
  /** Seconds that a token lives at most and by default; 86,400 as `auth.token_ttl`. */
  readonly tokenLifetime?: number
  /** What `GET /v1/` says. */
  readonly version?: string
  /** Start of the links to executions: `webui.webui_base_url`. The sandbox's own address when it is not given. */
  readonly webUrl?: string
  /** Executions to remember; the oldest finished ones go first. */
  readonly remember?: number
}
