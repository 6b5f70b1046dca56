// deno-lint-ignore-file camelcase -- the names are StackStorm's own
/** A JSON object whose shape its author decides. */
export type Json = Readonly<Record<string, unknown>>

/** One parameter of an action or a runner, as its metadata declares it. */
export type ParameterSchema = {
  readonly type?: string | readonly string[]
  readonly required?: boolean
  readonly immutable?: boolean
  readonly secret?: boolean
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly description?: string
  readonly [key: string]: unknown
}

export type ParameterSchemas = Readonly<Record<string, ParameterSchema>>

/** An action as `GET /v1/actions/<ref>` gives it. */
export type Action = {
  readonly tags: readonly unknown[]
  readonly uid: string
  readonly metadata_file: string
  readonly name: string
  readonly ref: string
  readonly description?: string
  readonly enabled: boolean
  readonly entry_point: string
  readonly pack: string
  readonly runner_type: string
  readonly parameters: ParameterSchemas
  readonly output_schema: Json
  readonly notify: Json
  readonly id: string
}

/** A runner type as it stands inside an execution. */
export type Runner = {
  readonly name: string
  readonly description: string
  readonly uid: string
  readonly enabled: boolean
  readonly runner_package: string
  readonly runner_module: string
  readonly runner_parameters: ParameterSchemas
  readonly output_schema: Json
  readonly id: string
}

/** An alias as `GET /v1/actionalias/<ref>` gives it. */
export type AliasDocument = {
  readonly uid: string
  readonly metadata_file?: string
  readonly name: string
  readonly ref: string
  readonly description?: string
  readonly pack: string
  readonly enabled: boolean
  readonly action_ref: string
  readonly formats: readonly (string | AliasFormatDocument)[]
  readonly ack: Json
  readonly result: Json
  readonly extra: Json
  readonly immutable_parameters: Json
  readonly id: string
}

export type AliasFormatDocument = {
  readonly display?: string
  readonly representation?: string | readonly string[]
  readonly match_multiple?: boolean
}

/** Every status that an execution can have, in the server's own order. */
export const statuses = [
  'requested',
  'scheduled',
  'delayed',
  'running',
  'succeeded',
  'failed',
  'timeout',
  'abandoned',
  'canceling',
  'canceled',
  'pending',
  'pausing',
  'paused',
  'resuming',
] as const

export type Status = (typeof statuses)[number]

const completed: readonly Status[] = ['succeeded', 'failed', 'timeout', 'canceled', 'abandoned']

/** Whether nothing more will happen to an execution with this status. */
export const isCompleted = (status: Status): boolean => completed.includes(status)

/** Who gets to know when an execution is done: the server's `notify`. */
export type Notify = {
  readonly 'on-complete'?: {
    readonly routes: readonly (string | null)[]
    readonly data?: Json
    readonly message?: string
  }
  readonly [key: string]: unknown
}

/** One run of one action. Values are what the runner sees; secrets are masked on the way out. */
export type Execution = {
  readonly id: string
  readonly liveactionId: string
  readonly action: Action
  readonly runner: Runner
  readonly parameters: Json
  readonly notify: Notify | undefined
  readonly context: Json
  readonly parent: string | undefined
  readonly status: Status
  readonly start: string
  readonly end: string | undefined
  readonly elapsed: number | undefined
  readonly log: readonly { readonly timestamp: string; readonly status: Status }[]
  readonly result: unknown
}

/** How a run ended. */
export type Outcome = {
  readonly status: Status
  readonly result: unknown
  /** Seconds to show instead of the time that it really took. */
  readonly elapsed?: number
}
