import { commandLimit } from '../alias/resolve.ts'
import type { Addressed } from '../chat/addressing.ts'
import type { ChatMessage } from '../chat/message.ts'
import type { Journal } from '../delivery/journal.ts'
import type { AliasSource } from './aliases.ts'
import type { BuiltIns } from './built-ins/index.ts'
import type { Execute } from './execute.ts'
import type { Fail } from './fail.ts'
import type { Reply } from './reply.ts'
import type { Service } from './service.ts'
import type { Unknown } from './unknown.ts'
import type { Meter } from './meter.ts'

export type CommandsOptions = {
  /** Settles when the bot can do its work, or cannot for now: a command that is typed during the start waits for it. */
  readonly started: Promise<void>
  readonly aliases: AliasSource
  readonly builtIns: BuiltIns
  readonly execute: Execute['run']
  readonly journal: Pick<Journal, 'beginCommand'>
  readonly unknown: Unknown
  readonly reply: Reply
  /** Aborts when the bot ends. */
  readonly signal: AbortSignal
  readonly fail: Fail
  readonly meter: Meter
}

/**
 * Takes one message to the bot, written down under the key `event`, through to its answer, or to its place in the line of commands: false then,
 * and the line ends it. Rejects only when the bot ends before it is there.
 */
export type Commands = (
  service: Service,
  message: ChatMessage,
  event: string,
  /** Settles when the message is written down: nothing is said about it before, or a bot that dies says one thing and does another. */
  written: Promise<void>,
) => Promise<boolean>

/**
 * The way of a command: is it an alias or the bot's own command, or is it none?
 * An alias wins over a command of our own with the same words, which stays reachable as `<name> bot <command>`.
 */
export const createCommands = (options: CommandsOptions): Commands => {
  const { started, aliases, builtIns, execute, journal, unknown, reply, signal, fail, meter } =
    options

  const perform = async (
    service: Service,
    message: ChatMessage,
    event: string,
    addressed: Addressed,
    written: Promise<void>,
  ): Promise<boolean> => {
    const bytes = Buffer.byteLength(addressed.text)
    if (bytes > commandLimit) {
      meter.command('too-long')
      await written
      await reply.failure(service, message, 'too-long', { bytes, limit: commandLimit })
      return true
    }
    const own = builtIns.explicit(addressed.text)
    if (own !== undefined) {
      await written
      await own(service, message)
      return true
    }

    const catalog = aliases.current()
    for (const text of spellings(addressed)) {
      const found = catalog === undefined ? undefined : await catalog.resolve(text)
      if (found === undefined || found.kind === 'none') continue
      if (found.kind === 'match') {
        return await execute(
          { service, message, event, command: found.match, typed: text },
          written,
        )
      }
      meter.command(found.kind)
      await written
      if (found.kind === 'too-long') await reply.failure(service, message, 'too-long', found)
      else {
        await reply.failure(service, message, 'ambiguous', {
          command: text,
          candidates: found.candidates.map(({ display, alias }) => ({ display, ref: alias.ref })),
        })
      }
      return true
    }

    await written
    for (const text of spellings(addressed)) {
      const builtIn = builtIns.find(text)
      if (builtIn === undefined) continue
      await builtIn(service, message)
      return true
    }
    if (catalog === undefined && addressed.certain) {
      meter.command('not-ready')
      // Marked as one that must not run: a bot that dies with these words out would have the commands the next time, and start it.
      await journal.beginCommand(event, addressed.text)
      await reply.failure(service, message, 'not-ready', { reason: aliases.problem() })
      return true
    }
    await unknown(service, message, addressed)
    return true
  }

  return async function answer(service, message, event, written) {
    const addressed = service.addressed(message)
    if (addressed === undefined) return true
    try {
      await started
      return await perform(service, message, event, addressed, written)
    } catch (error) {
      if (signal.aborted) throw error
      await written
      await fail(service, message, addressed.text, error)
      return true
    }
  }
}

const spellings = ({ text, whole }: Addressed): readonly string[] =>
  whole === undefined || whole === text ? [text] : [text, whole]
