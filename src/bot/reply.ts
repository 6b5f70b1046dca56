import type { Service } from './service.ts'
import type { ChatMessage, OutgoingKind, OutgoingMessage } from '../chat/message.ts'
import type { Words } from '../chat/templates/index.ts'
import type { Wording } from '../chat/wording.ts'
import type { Outbox, Outcome } from '../delivery/outbox.ts'

/** What an answer may carry beside its text. */
export type ReplyMore = Partial<
  Pick<OutgoingMessage, 'pretext' | 'extra' | 'link' | 'whisper' | 'status'>
>

/** Answers go to the place that the message came from, into its thread. */
export type Reply = {
  readonly text: (
    service: Service,
    to: ChatMessage,
    kind: OutgoingKind,
    text: string,
    more?: ReplyMore,
  ) => Promise<Outcome>
  readonly words: <Name extends keyof Words>(
    service: Service,
    to: ChatMessage,
    name: Name,
    words: Words[Name],
  ) => Promise<Outcome>
  /** Like `words`, for what did not work. */
  readonly failure: Reply['words']
}

/** A command is repeated back to a person at most this long, in UTF-16 units. */
const quoted = 200

/** `newKey` gives each message its own key. */
export const createReply = (wording: Wording, outbox: Outbox, newKey: () => string): Reply => {
  const text: Reply['text'] = (service, to, kind, words, more = {}) =>
    outbox.post(service.name, {
      key: newKey(),
      kind,
      channel: to.channel,
      ...(to.thread !== undefined && { thread: to.thread }),
      ...(more.whisper && { user: to.user }),
      whisper: false,
      pretext: '',
      text: words,
      extra: {},
      ...more,
    })
  return {
    text,
    words: (service, to, name, words) => text(service, to, 'answer', wording(name, words)),
    failure: (service, to, name, words) =>
      text(service, to, 'failure', wording(name, shortenCommand(words)), { status: 'failed' }),
  }
}

const shortenCommand = <W extends object>(words: W): W =>
  'command' in words && typeof words.command === 'string' && words.command.length > quoted
    ? { ...words, command: `${words.command.slice(0, quoted)}...` }
    : words
