import type { Dialect } from '../alias/dialect.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Accounts } from './accounts.ts'
import type { Events } from './events.ts'
import type { Executions } from './executions.ts'
import type { Faults } from './faults.ts'
import type { Ids } from './ids.ts'
import type { Json } from './model.ts'
import type { Registry } from './registry.ts'

/** Everything that the parts of one sandbox share. */
export type World = {
  readonly clock: Clock
  readonly log: Log
  readonly ids: Ids
  readonly events: Events
  readonly accounts: Accounts
  readonly registry: Registry
  /** StackStorm's way to read a command. */
  readonly dialect: Dialect
  readonly executions: Executions
  readonly faults: Faults
  /** Executions that are on their way, for those who wait until all is quiet. */
  readonly runs: Set<Promise<void>>
  /** Rules that fired, newest last. */
  readonly enforcements: Json[]
  readonly allowLocal: boolean
  readonly heartbeat: number
  readonly tokenLifetime: number
  readonly version: string
  /** Aborts when the sandbox stops. */
  readonly signal: AbortSignal
}
