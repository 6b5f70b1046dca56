import type { Clock } from '../../src/clock.ts'
import { command } from './command.ts'
import { readRefusal, type SendRefusal } from './send-refusal.ts'
import type { Session } from './session.ts'
import { channelIn } from './target.ts'

/** A server that swallows a line gives nothing back, and is asked after this; ms. */
const echoPatience = 3_000

export type LineWriterOptions = {
  /** PRIVMSG or NOTICE. */
  readonly verb: string
  readonly clock: Clock
  readonly signal: AbortSignal
}

/**
 * Writes a line to somebody, and settles when the server is done with it, with what it says against it, if anything. Rejects with
 * `ConnectionLost`.
 */
export type WriteLine = (
  session: Session,
  target: string,
  line: string,
) => Promise<SendRefusal | undefined>

/**
 * A server that gives our lines back is done with one then; every other is asked by a PING behind it, which costs as much of its
 * patience as a line. One line at a time is under way, so that an answer is an answer to it.
 */
export const createLineWriter =
  ({ verb, clock, signal }: LineWriterOptions): WriteLine => async (session, target, line) => {
    const { wire } = session
    // Servers call the operators of a channel, @#ops, by either name when they refuse.
    const names = [target, channelIn(target, session) ?? target].map(session.fold)
    const isTarget = (name: string): boolean => names.includes(session.fold(name))
    const heard = new AbortController()
    let refusal: SendRefusal | undefined
    const stop = wire.listen((answer) => {
      const { command: said, source, params: [to = ''] } = answer
      refusal ??= readRefusal(answer, verb, isTarget)
      const isOurs = said === verb && source !== undefined && session.isMe(source.nick)
      if (refusal !== undefined || (isOurs && isTarget(to))) heard.abort()
    })
    try {
      const ours = command(verb, target, line)
      if (!session.capabilities().has('echo-message')) await wire.confirm(ours)
      else {
        wire.write(ours)
        const either = AbortSignal.any([heard.signal, session.signal, signal])
        await clock.sleep(echoPatience, either).catch(() => {})
        if (!heard.signal.aborted) await wire.confirm()
      }
      return refusal
    } finally {
      stop()
    }
  }
