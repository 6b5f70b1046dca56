import type { ChatMessage } from '../chat/message.ts'
import type { Log } from '../log.ts'
import type { Meter } from './meter.ts'
import type { Reply } from './reply.ts'
import type { Service } from './service.ts'

/** Tells the log and the person that a command failed inside the bot, by its own fault. */
export type Fail = (
  service: Service,
  message: ChatMessage,
  command: string,
  error: unknown,
) => Promise<void>

export const createFail = (
  { reply, log, meter }: { readonly reply: Reply; readonly log: Log; readonly meter: Meter },
): Fail =>
async (service, message, command, error) => {
  meter.command('failed')
  log.error('A command failed inside st2chatops.', {
    service: service.name,
    channel: message.channel,
    error: error instanceof Error ? error : new Error(String(error)),
  })
  await reply.failure(service, message, 'failure', { command })
}
