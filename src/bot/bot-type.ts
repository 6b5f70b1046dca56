import type { Readiness } from '../ops/readiness.ts'
import type { AliasSource } from './aliases.ts'

/** A bot that runs. */
export type Bot = {
  readonly readiness: () => Readiness
  readonly aliases: AliasSource
  /** Posts what came by another way than the stream. Throws `AnnouncementProblem` on a bad payload. */
  readonly announce: (payload: unknown) => void
  /** What is still under way, in numbers and the ids of executions whose result has not come. */
  readonly underWay: () => { readonly messages: number; readonly owing: readonly string[] }
  /** Begins no more commands: they are left to the next start. What is under way goes on, and results still come. */
  readonly stopIntake: () => void
  /** Gives up what is still under way and closes all connections. */
  readonly close: () => Promise<void>
}
