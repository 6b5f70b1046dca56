import type { ChatMessage, OutgoingMessage } from '../../src/chat/message.ts'
import type { Journal } from '../../src/delivery/journal.ts'

/** What a person typed. */
export const typed: ChatMessage = {
  id: '1',
  channel: 'ops',
  user: { id: 'u1', name: 'alice' },
  text: '!run date',
  direct: false,
  at: 5,
}

/** A result for a channel. */
export const message = (channel: string, text: string): OutgoingMessage => ({
  key: text,
  kind: 'result',
  channel,
  whisper: false,
  pretext: '',
  text,
  extra: {},
})

/** Takes a message in and waits until it is written: whether it is new. */
export const takeIn = async (
  journal: Journal,
  ...message: Parameters<Journal['takeIn']>
): Promise<boolean> => {
  const { isNew, written } = journal.takeIn(...message)
  await written
  return isNew
}
