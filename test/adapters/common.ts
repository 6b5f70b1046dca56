import { randomUUID } from 'node:crypto'
import type { OutgoingMessage } from '../../src/chat/message.ts'

/** Makes messages of the bot for a channel, with what a test cares for. */
export const outgoingTo =
  (channel: string) => (more: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
    key: randomUUID(),
    kind: 'result',
    channel,
    whisper: false,
    pretext: '',
    text: 'done',
    extra: {},
    ...more,
  })

/** Settles when `holds` is true; a test's own deadline ends the wait. */
export const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5))
}
