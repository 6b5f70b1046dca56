import type { Backtracker } from '../alias/matcher.ts'
import type { Wording } from '../chat/wording.ts'
import type { Clock } from '../clock.ts'
import type { Journal } from '../delivery/journal.ts'
import type { Log } from '../log.ts'
import type { Readiness } from '../ops/readiness.ts'
import type { StackStorm } from '../stackstorm/types.ts'
import type { AliasSource } from './aliases.ts'
import type { Meter } from './meter.ts'
import type { Chosen, Network } from './services.ts'

/** What a bot is made of. */
export type BotOptions = {
  readonly chosen: readonly Chosen[]
  readonly stackstorm: StackStorm
  readonly journal: Journal
  readonly wording: Wording
  readonly clock: Clock
  readonly log: Log
  readonly meter: Meter
  readonly version: string
  readonly name: string
  /** Empty: none. */
  readonly alias: string
  readonly route: string
  /** ms between two reloads of the aliases. */
  readonly reloadInterval: number
  readonly answerUnknown: boolean
  /** `ST2_MAX_MESSAGE_LENGTH`. */
  readonly maxLength: number
  /** `ST2CHATOPS_CATCHUP_WINDOW`, ms. */
  readonly catchUpWindow: number
  /** For aliases whose patterns RE2 cannot express. */
  readonly backtracker: Backtracker
  /**
   * Another bot serves this StackStorm: this one keeps to the results of its own commands, and to what is announced to the place
   * where its person is.
   */
  readonly guest?: boolean
  /** `ST2CHATOPS_OPS_CHANNEL`: who is told of messages that could not be delivered. */
  readonly opsChannel?: string | undefined
  readonly newId: () => string
  /** Gives memory back at once; without it that is left to the engine. */
  readonly collectGarbage?: () => void | Promise<void>
  /** So much has come in that there will be more: called once. */
  readonly onBusy?: () => void
  /** Nobody will ever talk to this service again; `heard`: how many messages it took in before. */
  readonly onEnd: (service: string, heard: number) => void
  /** A chat service wants the bot to end with a failure. */
  readonly onFail: (service: string, reason: string) => void
  readonly network: Network
}

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
