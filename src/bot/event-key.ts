import type { ChatMessage } from '../chat/message.ts'

/** What makes a message the same message, however often its service delivers it. */
export const eventKey = (service: string, { id }: Pick<ChatMessage, 'id'>): string =>
  `${service}\n${id}`
