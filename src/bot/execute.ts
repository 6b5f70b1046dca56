import type { Candidate } from '../alias/resolve.ts'
import type { ChatMessage } from '../chat/message.ts'
import { neutralise, render } from '../chat/render.ts'
import type { Wording } from '../chat/wording.ts'
import type { Clock } from '../clock.ts'
import type { Journal } from '../delivery/journal.ts'
import { failPoint } from '../fail-point.ts'
import type { Log } from '../log.ts'
import type { AliasExecution, StackStorm } from '../stackstorm/types.ts'
import {
  StackStormRefused,
  StackStormUnclear,
  StackStormUnreachable,
} from '../stackstorm/errors.ts'
import type { Clarify } from './clarify.ts'
import type { Fail } from './fail.ts'
import type { Meter } from './meter.ts'
import type { OpenExecutions } from './open-executions.ts'
import { originOf, sourceChannel, toSourceContext } from './origin.ts'
import type { Reply } from './reply.ts'
import type { Service } from './service.ts'
import { createLine } from './turns.ts'

/** A command that waits for its turn. */
type Order = {
  readonly service: Service
  readonly message: ChatMessage
  /** The key under which its message is written down; it travels with the execution as the correlation. */
  readonly event: string
  readonly command: Candidate
  /** The command as the person wrote it: what is sent may be rewritten, in a spelling that the person has never seen. */
  readonly typed: string
}

/** Runs commands in StackStorm, each once, and tells the person what became of it. */
export type Execute = {
  /**
   * False: the command has its place in the line, and the message is ended when its turn is over. True: it is answered, which waits until the
   * message is `written`.
   */
  readonly run: (order: Order, written: Promise<void>) => Promise<boolean>
  /** How many wait in line. */
  readonly waiting: () => number
}

export type ExecuteOptions = {
  readonly stackstorm: StackStorm
  readonly open: OpenExecutions
  readonly journal: Pick<
    Journal,
    'beginCommand' | 'commandStarted' | 'mayHaveForgotten' | 'answered'
  >
  readonly clarify: Clarify
  readonly reply: Reply
  readonly wording: Wording
  readonly clock: Clock
  readonly log: Log
  readonly meter: Meter
  /** Counts what is being worked on. */
  readonly track: (work: Promise<void>) => void
  /** Tells the person that a command failed inside the bot, by its own fault. */
  readonly fail: Fail
  /** Aborts when the bot gives up waiting at its end, not when it is asked to stop. */
  readonly signal: AbortSignal
  /** `ST2_ROUTE`: the rule in StackStorm that brings results back listens to it. */
  readonly route: string
}

/**
 * Hand-overs to StackStorm at a time. StackStorm's API works on a few dozen; more of them only take memory here (a flood of 5,000
 * took 45 MB more and was slower), and their deadlines would run while they wait.
 */
const handOvers = 100

export const createExecute = (options: ExecuteOptions): Execute => {
  const { stackstorm, open, journal, clarify, reply, wording, clock, log, meter, signal } = options
  const { route } = options

  const acknowledge = async (
    service: Service,
    message: ChatMessage,
    { alias }: Candidate,
    execution: AliasExecution,
  ): Promise<void> => {
    if (!alias.ack.enabled) return
    const words = wording('acknowledgement', {
      id: execution.id,
      message: execution.message,
      link: alias.ack.appendUrl ? execution.link : undefined,
      chance: clock.random(),
    })
    const { definition } = service
    const { pretext, text, extra } = render(
      { message: words, extra: execution.extra ?? {} },
      [definition.name, ...definition.aliases],
    )
    await reply.text(service, message, 'acknowledgement', text, {
      pretext,
      extra,
      link: execution.link,
    })
  }

  /** Nothing was started: the person hears why. */
  const explain = async (
    service: Service,
    message: ChatMessage,
    command: string,
    error: StackStormRefused | StackStormUnreachable,
  ): Promise<void> => {
    const { reason, requestId } = error
    if (error instanceof StackStormRefused) {
      meter.command('refused')
      await reply.failure(service, message, 'refused', { command, reason, requestId })
    } else {
      meter.command('unreachable')
      await reply.failure(service, message, 'unreachable', { command, requestId })
    }
  }

  /**
   * The host has lost its power since the message was written, and the journal perhaps the mark that it was sent. True: it is told
   * of, and must not be sent.
   */
  const toldOfEarlier = async (
    service: Service,
    message: ChatMessage,
    { alias }: Candidate,
    typed: string,
    correlation: string,
  ): Promise<boolean> => {
    const since = message.at + stackstorm.serverTime() - clock.now()
    const { looked, found } = await clarify(correlation, since)
    if (looked && found === undefined) return false
    meter.command('unclear')
    if (found !== undefined) open.started(correlation, found.id, alias.result.enabled)
    await reply.failure(service, message, 'unclear', { command: typed, looked, found })
    return true
  }

  /**
   * `giveBack` is called when StackStorm has answered, or will not. True: the command was started, and it is written down that nothing more is to be
   * done about its message.
   */
  const handOver = async (
    { service, message, event: correlation, command, typed }: Order,
    giveBack: () => void,
  ): Promise<boolean> => {
    const { alias, format } = command
    const origin = originOf(service.name, message, correlation)
    const since = stackstorm.serverTime()
    const fields = {
      alias: alias.ref,
      user: message.user.name,
      channel: message.channel,
      correlation,
    }
    if (
      journal.mayHaveForgotten(message.at) &&
      await toldOfEarlier(service, message, command, typed, correlation)
    ) return false
    if (!await journal.beginCommand(correlation, command.command)) {
      log.warn('A command that was begun before was not run again.', fields)
      return false
    }
    failPoint('command: written')
    open.begin(correlation)
    try {
      const execution = await stackstorm.executeAlias({
        name: alias.name,
        format,
        command: command.command,
        user: neutralise(message.user.name),
        channel: sourceChannel(message.channel),
        route,
        context: toSourceContext(origin),
        correlation,
      }, signal)
      failPoint('command: sent')
      await journal.commandStarted(correlation, execution.id)
      giveBack()
      meter.command('started')
      log.info('A command was started.', { ...fields, execution: execution.id })
      const acknowledged = acknowledge(service, message, command, execution)
      open.started(correlation, execution.id, alias.result.enabled)
      await acknowledged
      return true
    } catch (error) {
      giveBack()
      if (signal.aborted) throw error
      if (error instanceof StackStormRefused || error instanceof StackStormUnreachable) {
        log.warn('A command was not started.', { ...fields, error })
        await explain(service, message, typed, error)
      } else if (error instanceof StackStormUnclear) {
        meter.command('unclear')
        log.warn("StackStorm's answer to a command was lost.", { ...fields, error })
        const { looked, found } = await clarify(correlation, since)
        if (found !== undefined) open.started(correlation, found.id, alias.result.enabled)
        await reply.failure(service, message, 'unclear', {
          command: typed,
          requestId: error.requestId,
          looked,
          found,
        })
      } else throw error
      return false
    } finally {
      open.abandoned(correlation)
    }
  }

  const serve = async (order: Order, giveBack: () => void): Promise<void> => {
    const { service, message, event, typed } = order
    let isEnded = false
    try {
      // Those that waited while the bot ended are left to the next start.
      signal.throwIfAborted()
      isEnded = await handOver(order, giveBack)
    } catch (error) {
      if (signal.aborted) throw error
      await options.fail(service, message, typed, error)
    } finally {
      giveBack()
    }
    if (!isEnded && !signal.aborted) await journal.answered(event)
  }

  const line = createLine<Order>(
    handOvers,
    (order, giveBack) => options.track(serve(order, giveBack)),
  )

  return {
    run: async (order, written) => {
      const isRefused = needsSecondFactor(order.command.alias.extra)
      if (isRefused) {
        meter.command('refused')
        await written
        await reply.failure(order.service, order.message, 'two-factor', { command: order.typed })
      } else line.put(order)
      return isRefused
    },
    waiting: line.waiting,
  }
}

/** An alias that defines `extra.security.twofactor`, with any value, was never to run without a confirmation. */
const needsSecondFactor = (extra: Readonly<Record<string, unknown>>): boolean => {
  const { security } = extra
  return typeof security === 'object' && security !== null && 'twofactor' in security
}
