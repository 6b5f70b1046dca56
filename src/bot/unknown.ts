import { suggest } from '../alias/suggest.ts'
import type { Addressed } from '../chat/addressing.ts'
import type { ChatMessage } from '../chat/message.ts'
import type { Clock } from '../clock.ts'
import type { AliasSource } from './aliases.ts'
import type { Meter } from './meter.ts'
import type { Reply } from './reply.ts'
import type { Service } from './service.ts'

/** Answers a text that was for the bot but is no command. */
export type Unknown = (
  service: Service,
  message: ChatMessage,
  addressed: Addressed,
) => Promise<void>

export type UnknownOptions = {
  readonly aliases: AliasSource
  readonly reply: Reply
  readonly clock: Clock
  readonly meter: Meter
  /** Off: such a text is passed over in silence, as the old bot did. */
  readonly enabled: boolean
  /** What stands in front of a command in a channel, such as `!`. */
  readonly address: string
}

/** One such answer a minute in a channel is help; more is noise. */
const quietFor = 60_000
/** Channels are forgotten after their minute; this bounds a flood of new ones. */
const rememberAtMost = 1_000

/** ASCII settles nearly all: the tables of all letters take half a millisecond to build. */
const hasWords = (text: string): boolean => /[A-Za-z0-9]/.test(text) || /[\p{L}\p{N}]/u.test(text)

/**
 * Says that it is no command, names the nearest three and the way to help: at most once a minute in a channel,
 * and only where it is certain that the bot was meant ("hubots are great" and "!!!" get no answer).
 */
export const createUnknown = (options: UnknownOptions): Unknown => {
  const { aliases, reply, clock, meter, enabled, address } = options
  const quietUntil = new Map<string, number>()

  const mayAnswer = (channel: string): boolean => {
    const now = clock.monotonic()
    if ((quietUntil.get(channel) ?? -Infinity) > now) return false
    if (quietUntil.size >= rememberAtMost) quietUntil.clear()
    quietUntil.set(channel, now + quietFor)
    return true
  }

  return async function answerUnknown(service, message, addressed) {
    if (!addressed.certain || !hasWords(addressed.text)) return
    meter.command('unknown')
    if (!enabled || !mayAnswer(`${service.name}\n${message.channel}`)) return
    const catalog = aliases.current()
    const suggestions = catalog === undefined
      ? []
      : (await suggest(catalog, addressed.text)).map(({ display }) => display)
    await reply.failure(service, message, 'unknown', {
      command: addressed.text.trim(),
      suggestions,
      address: message.direct ? '' : address,
    })
  }
}
