import type { ChatMessage } from '../../chat/message.ts'
import type { Wording } from '../../chat/wording.ts'
import type { Clock } from '../../clock.ts'
import type { Journal } from '../../delivery/journal.ts'
import type { Log } from '../../log.ts'
import type { StackStorm } from '../../stackstorm/types.ts'
import type { Readiness } from '../../ops/readiness.ts'
import type { AliasSource } from '../aliases.ts'
import type { Meter } from '../meter.ts'
import type { Reply } from '../reply.ts'
import type { Service } from '../service.ts'
import { cancel } from './cancel.ts'
import { help } from './help.ts'
import { ping } from './ping.ts'
import { reload } from './reload.ts'
import { status } from './status.ts'

/** What the bot's own commands may use. */
export type BuiltInContext = {
  readonly aliases: AliasSource
  readonly stackstorm: StackStorm
  readonly journal: Pick<Journal, 'commandOf'>
  readonly reply: Reply
  readonly wording: Wording
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal
  readonly readiness: () => Readiness
  readonly version: string
  /** When the bot started, ms of the clock's monotonic time. */
  readonly startedAt: number
  /** ms since 1970 of the last event of StackStorm's stream. */
  readonly lastEvent: () => number | undefined
  /** What stands in front of a command in a channel, such as `!`. */
  readonly address: string
}

/** One command of the bot's own. `words` is what stands behind its name, trimmed. */
export type BuiltIn = (
  context: BuiltInContext,
  service: Service,
  message: ChatMessage,
  words: string,
) => Promise<void>

/** The bot's own commands by name, in the order in which help shows them. */
export const builtIns: Readonly<Record<string, BuiltIn>> = { help, status, reload, cancel, ping }

type Bound = (service: Service, message: ChatMessage) => Promise<void>

export type BuiltIns = {
  /** The command in `text`, when its first word names one. */
  readonly find: (text: string) => Bound | undefined
  /** The same for `bot <command>`, which no alias can take away. */
  readonly explicit: (text: string) => Bound | undefined
}

/** Binds the bot's own commands to what they use. */
export const createBuiltIns = (context: BuiltInContext, meter: Meter): BuiltIns => {
  const find: BuiltIns['find'] = (text) => {
    const [, name = '', words = ''] = /^\s*(\S+)\s*([^]*)$/.exec(text) ?? []
    const lower = name.toLowerCase()
    const builtIn = Object.hasOwn(builtIns, lower) ? builtIns[lower] : undefined
    if (builtIn === undefined) return undefined
    return (service, message) => {
      meter.command('built-in')
      return builtIn(context, service, message, words.trim())
    }
  }
  return {
    find,
    explicit: (text) => {
      const [, rest] = /^\s*bot\s+(\S[^]*)$/i.exec(text) ?? []
      return rest === undefined ? undefined : find(rest)
    },
  }
}
