import type { ChatMessage } from '../../chat/message.ts'
import type { CommandOrigin } from '../../delivery/journal.ts'
import { isStackStormError } from '../../stackstorm/errors.ts'
import type { Service } from '../service.ts'
import type { BuiltIn } from './index.ts'

/** Where it was started anybody may stop it, and who started it may anywhere in the same service. */
const mayCancel = (
  origin: CommandOrigin | undefined,
  service: Service,
  { channel, user }: ChatMessage,
): boolean =>
  origin?.service === service.name && (origin.channel === channel || origin.user === user.id)

/** The same for what others started elsewhere and for what nobody started here: it tells nobody what runs in StackStorm. */
const refusal = (id: string): string =>
  'in chat only what was started in this channel, or by you, in the last 24 hours can be cancelled. ' +
  `Cancel it in StackStorm: \`st2 execution cancel ${id}\``

/**
 * `cancel <execution id>`: asks StackStorm to stop an execution that this bot started for the same channel or the same person, and
 * repeats its answer.
 */
export const cancel: BuiltIn = async (context, service, message, words) => {
  const { stackstorm, journal, reply, log, signal, address } = context
  if (!/^[0-9a-f]{24}$/i.test(words)) {
    await reply.failure(service, message, 'cancel-usage', {
      address: message.direct ? '' : address,
    })
    return
  }
  const id = words.toLowerCase()
  const fields = {
    service: service.name,
    channel: message.channel,
    user: message.user.name,
    userId: message.user.id,
    execution: id,
  }
  if (!mayCancel(journal.commandOf(id), service, message)) {
    log.info('An execution was not cancelled: it was not started there by this bot.', fields)
    await reply.failure(service, message, 'cancel', {
      id,
      outcome: 'refused',
      reason: refusal(id),
    })
    return
  }
  log.info('StackStorm is asked to cancel an execution.', fields)
  try {
    const outcome = await stackstorm.cancel(id, signal)
    await reply.words(service, message, 'cancel', {
      id,
      outcome: outcome.kind,
      ...(outcome.kind === 'refused' && { reason: outcome.reason }),
    })
  } catch (error) {
    if (!isStackStormError(error)) throw error
    await reply.failure(service, message, 'cancel', {
      id,
      outcome: 'failed',
      reason: error.message,
    })
  }
}
