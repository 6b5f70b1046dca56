import { isStackStormError } from '../../stackstorm/errors.ts'
import type { BuiltIn } from './index.ts'

/** `cancel <execution id>`: asks StackStorm to stop an execution, and repeats its answer. */
export const cancel: BuiltIn = async (context, service, message, words) => {
  const { stackstorm, reply, signal, address } = context
  if (!/^[0-9a-f]{24}$/i.test(words)) {
    await reply.failure(service, message, 'cancel-usage', {
      address: message.direct ? '' : address,
    })
    return
  }
  const id = words.toLowerCase()
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
