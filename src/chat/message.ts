/** Somebody who talks in chat. */
export type ChatUser = {
  /** The service's own immutable id. */
  readonly id: string
  /** The value that StackStorm knows the person by: handle, e-mail or nick, as each service always sent. */
  readonly name: string
}

/** One message that a person wrote, as an adapter hands it to the bot. */
export type ChatMessage = {
  /** The service's own event id: the key that makes a command run at most once. */
  readonly id: string
  /** The place it was written in, as an id that `send` accepts back; never empty, also in a direct message. */
  readonly channel: string
  readonly thread?: string
  readonly user: ChatUser
  /** The text as the person typed it: the service's markup is decoded. */
  readonly text: string
  /** Written to the bot alone: needs no name in front. */
  readonly direct: boolean
  /** The service itself says that the bot is meant (a native mention, already taken out of `text`). */
  readonly mentioned?: boolean
  /** When it was written, ms since 1970. */
  readonly at: number
}

/** What a message is for: adapters may dress each kind differently. */
export type OutgoingKind = 'acknowledgement' | 'result' | 'answer' | 'help' | 'failure'

/** One message that the bot wants to be in chat. The adapter dresses and splits it for its service. */
export type OutgoingMessage = {
  /** Unique for each message; the same on every attempt. */
  readonly key: string
  readonly kind: OutgoingKind
  readonly channel: string
  readonly thread?: string
  /** Who is spoken to: mentioned in public, the receiver when `whisper` is set. */
  readonly user?: { readonly id?: string; readonly name: string }
  /** Only `user` may see it. An adapter that has no private way rejects with `Undeliverable`. */
  readonly whisper: boolean
  /** Markdown before the `{~}` of a template, or an empty string. */
  readonly pretext: string
  /** Markdown: the message itself. */
  readonly text: string
  /** How the execution ended; decides the colour. */
  readonly status?: 'succeeded' | 'failed'
  /** `extra.<service>` of the alias, as its author wrote it. */
  readonly extra: Readonly<Record<string, unknown>>
  /** The id of the execution whose result it is, where that is known. */
  readonly execution?: string
  /** The execution's page in the Web UI. */
  readonly link?: string
}
