import type { Readiness } from '../ops/readiness.ts'
import type { AliasSource } from './aliases.ts'

/** One bot, between its making and its end. */
export type Bot = {
  /**
   * Connects to the chat services, then begins to listen to StackStorm. Settles when it is at work; until then nothing is announced.
   * Throws ConfigurationError when not one of the chat services can be used.
   */
  readonly start: () => Promise<void>
  readonly readiness: () => Readiness
  readonly aliases: AliasSource
  /** Posts what came by another way than the stream. Throws `AnnouncementProblem` on a bad payload, and NotStarted; settles when it is written down. */
  readonly announce: (payload: unknown) => Promise<void>
  /** What is still under way, in numbers and the ids of executions whose result has not come. */
  readonly underWay: () => { readonly messages: number; readonly owing: readonly string[] }
  /** Begins no more commands: they are left to the next start. What is under way goes on, and results still come. */
  readonly stopIntake: () => void
  /** Gives up what is still under way and closes all connections. */
  readonly close: () => Promise<void>
}

/** It is too early: nothing was posted. */
export class NotStarted extends Error {
  override readonly name = 'NotStarted'
  constructor() {
    super('The bot is still connecting to chat, and nothing was posted. Send it again in a moment.')
  }
}
