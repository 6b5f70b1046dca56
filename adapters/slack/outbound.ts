import {
  type Features,
  type Limits,
  type Receipt,
  RetryLater,
  Undeliverable,
} from '../../src/chat/adapter.ts'
import type { OutgoingMessage } from '../../src/chat/message.ts'
import { createProgress } from '../../src/chat/progress.ts'
import type { Clock } from '../../src/clock.ts'
import type { Log } from '../../src/log.ts'
import { deepest, isTooDeep } from '../../src/nesting.ts'
import { createAcknowledgements } from './acknowledgements.ts'
import { compose, type Composed, hexColour } from './compose.ts'
import { literal } from './defuse.ts'
import type { Directory } from './directory.ts'
import { adviceFor, SlackBusy, SlackRefused } from './failures.ts'
import { createPoster } from './poster.ts'
import { createTargets } from './target.ts'
import { threadFor } from './thread.ts'
import type { SlackOptions } from './way-in.ts'
import type { SlackWeb } from './web.ts'

export type OutboundOptions = {
  readonly web: SlackWeb
  readonly directory: Directory
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal
  readonly limits: Limits
  readonly features: Features
  readonly options: SlackOptions
  /** The bot's handle, for advice. */
  readonly botName: () => string
}

/** How far a message has come that takes several calls. */
type Step = {
  /** Posts that are out. */
  posted: number
  /** The timestamp of the first of them. */
  first: string | undefined
  /** The id of the uploaded file, or that Slack takes none. */
  file: string | 'none' | undefined
  /** It could not be shown in the channel and goes to the person directly. */
  direct: boolean
}

/** How long a mention may wait for the list of all people; ms. */
const mentionDeadline = 5_000
/** The outbox counts messages; the parts of a long one are spaced here, after a short burst. */
const burst = 3
const partsApart = 1_000

const flatten =
  'Make extra.slack of the alias, or the parameter "extra" of chatops.post_message, flatter and shorter.'

/** Codes by which Slack refuses what an author wrote, not where it goes. */
const badExtra: ReadonlySet<string> = new Set([
  'attachment_payload_limit_exceeded',
  'invalid_attachments',
  'invalid_blocks',
  'invalid_blocks_format',
  'invalid_metadata_format',
  'msg_blocks_too_long',
  'too_many_attachments',
])
/** Codes by which Slack says that a person can be shown nothing in a channel. */
const notThere: ReadonlySet<string> = new Set([
  'channel_not_found',
  'ephemeral_not_supported',
  'is_archived',
  'not_in_channel',
  'user_not_in_channel',
])

const isRefusal = (error: unknown, codes: ReadonlySet<string>): error is SlackRefused =>
  error instanceof SlackRefused && codes.has(error.code)

/**
 * Puts messages into Slack. Rejects with `RetryLater` or `Undeliverable`; what of a long message is out is not sent again
 * by the next attempt.
 */
export const createOutbound = (
  outbound: OutboundOptions,
): (message: OutgoingMessage) => Promise<Receipt> => {
  const { web, directory, clock, log, signal, limits, features, options, botName } = outbound
  const progress = createProgress<Step>(() => ({
    posted: 0,
    first: undefined,
    file: undefined,
    direct: false,
  }))
  const targets = createTargets(directory)
  const poster = createPoster(web, log)
  const noteAcknowledgement = createAcknowledgements(web, log)
  const colours = {
    succeeded: hexColour(options.ST2_SLACK_SUCCESS_COLOR),
    failed: hexColour(options.ST2_SLACK_FAIL_COLOR),
  }

  const mentionOf = async ({ user, whisper }: OutgoingMessage): Promise<string> => {
    if (user === undefined || whisper) return ''
    const found = await Promise.race([
      directory.userIdOf(user.id ?? user.name).catch(() => undefined),
      clock.sleep(mentionDeadline, signal).catch(() => undefined),
    ])
    return typeof found === 'string' ? `<@${found}>: ` : `@${literal(user.name)}: `
  }

  const composeWith = (message: OutgoingMessage, prefix: string, files: boolean): Composed =>
    compose(message, {
      limits,
      features: { files },
      colours,
      prefix,
      allowBroadcast: options.ST2CHATOPS_ALLOW_BROADCAST,
    })

  /** An app without files:write, or a workspace without room: the output goes out as text. */
  const uploadIfAllowed = async (content: string): Promise<string> => {
    try {
      return await poster.upload(content)
    } catch (error) {
      if (!(error instanceof SlackRefused)) throw error
      const advice = adviceFor(error, botName())
      log.warn('Slack takes no file; the output is text.', { reason: error.message, advice })
      return 'none'
    }
  }

  const deliver = async (message: OutgoingMessage, prefix: string): Promise<Receipt> => {
    const step = progress.of(message.key)
    let composed = composeWith(message, prefix, features.files)
    if (composed.file !== undefined) step.file ??= await uploadIfAllowed(composed.file)
    if (step.file === 'none') composed = composeWith(message, prefix, false)
    const { posts, file, thread: wanted } = composed
    const thread = threadFor(message.thread, options.ST2CHATOPS_THREADS, wanted)
    let target = step.direct
      ? await targets.alone(message)
      : await targets.of(message, thread, file !== undefined)
    for (const [index, post] of posts.entries()) {
      if (index < step.posted) continue
      if (index >= burst) await clock.sleep(partsApart, signal)
      const ts = await poster.post(target, post).catch(async (error: unknown) => {
        if (target.onlyFor === undefined || !isRefusal(error, notThere)) throw error
        step.direct = true
        target = await targets.alone(message)
        return await poster.post(target, post)
      })
      step.first ??= ts
      step.posted = index + 1
    }
    if (file !== undefined && step.file !== undefined) await poster.share(target, step.file)
    progress.end(message.key)
    const { first: ts } = step
    if (ts === undefined || target.onlyFor !== undefined) return {}
    const { channel } = target
    if (options.ST2CHATOPS_ACK_UPDATE) {
      await noteAcknowledgement(message, { channel, ts, text: posts[0]?.text ?? '' })
    }
    return { id: `${channel}:${ts}` }
  }

  /** What an author wrote may be wrong for Slack: the words of the result go out all the same. */
  const deliverSomehow = async (message: OutgoingMessage): Promise<Receipt> => {
    const prefix = await mentionOf(message)
    try {
      return await deliver(message, prefix)
    } catch (error) {
      if (!isRefusal(error, badExtra) || Object.keys(message.extra).length === 0) throw error
      log.warn('Slack refused extra.slack of an alias; the result goes out without it.', {
        reason: error.message,
        channel: message.channel,
      })
      return await deliver({ ...message, extra: {} }, prefix)
    }
  }

  return async function send(message) {
    if (isTooDeep(message.extra)) {
      throw new Undeliverable(
        `extra.slack holds lists and objects in more than ${deepest} levels, one in the other (channel ${message.channel})`,
        { advice: flatten },
      )
    }
    try {
      return await deliverSomehow(message)
    } catch (error) {
      // Out of memory, or of stack: the next attempt would be no better.
      if (error instanceof RangeError) {
        progress.end(message.key)
        const reason = `The message could not be put into Slack's form: ${error.message}`
        throw new Undeliverable(`${reason} (channel ${message.channel})`, {
          advice: flatten,
          cause: error,
        })
      }
      if (error instanceof SlackBusy) {
        throw new RetryLater(error.message, { after: error.after, cause: error })
      }
      if (!(error instanceof SlackRefused)) throw error
      progress.end(message.key)
      throw new Undeliverable(`${error.message} (channel ${message.channel})`, {
        advice: adviceFor(error, botName()),
        cause: error,
      })
    }
  }
}
