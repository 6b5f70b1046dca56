import type { AdapterDefinition, Connection } from '../../src/chat/adapter.ts'
import type { ChatMessage } from '../../src/chat/message.ts'
import type { Line } from '../fakes/log.ts'

/** What somebody says in the stand-in of a chat service. */
export type Said = {
  readonly text: string
  /** Two channels, or alone with the bot; the first channel when left out. */
  readonly place?: 'ops' | 'dev' | 'direct'
  /** `alice` when left out. */
  readonly user?: 'alice' | 'bob'
  /** The service's own mention of the bot stands before the text. */
  readonly mention?: boolean
  /** Below an earlier message. */
  readonly inThread?: boolean
}

/** What the bot has put into the service, as a person would see it. */
export type Seen = {
  readonly text: string
  /** The channel as `ChatMessage.channel` names it. */
  readonly channel: string
  /** Whether it stands in the thread that `inThread` speaks of. */
  readonly inThread?: boolean
  /** The one person who sees it; undefined when all do. */
  readonly onlyFor?: string
}

/** One connection of the adapter. */
export type Joined = {
  readonly connection: Connection
  readonly heard: readonly ChatMessage[]
  readonly lines: readonly Line[]
}

/**
 * A stand-in of a chat service with the adapter in it. What a service or its stand-in cannot do is left out, and named in
 * `without` with the reason; the contract then skips it by name.
 */
export type World = AsyncDisposable & {
  readonly definition: AdapterDefinition
  /** Connects the adapter; settles when the service regards it as connected. */
  readonly join: () => Promise<Joined>
  readonly say: (said: Said) => void
  readonly seen: () => readonly Seen[]
  /** Files that were put up. */
  readonly files: () => readonly string[]
  /** Whether the service regards the adapter as connected. */
  readonly isConnected: () => boolean
  /** The channel that `ops` is. */
  readonly ops: string
  /** What must never be in a log. */
  readonly secrets: readonly string[]
  /** The service tells the bot of a message of its own. */
  readonly echo?: () => void
  /** Brings the last message once more, as services do that are not sure. */
  readonly sayAgain?: () => void
  /** The next post is refused with "too many", for so many ms. */
  readonly busy?: (ms: number) => void
  /** The next post fails inside the service. */
  readonly broken?: () => void
  /** The next post is refused for good. */
  readonly refuse?: () => void
  /** Cuts the connection. */
  readonly drop?: () => void
  /** Sends what no service should. */
  readonly garbage?: () => void
  /** Text that would alert everybody. */
  readonly broadcast?: string
}

/** The parts of the contract that may be left out. */
export type Point =
  | 'addressing'
  | 'broadcast'
  | 'busy'
  | 'broken'
  | 'direct'
  | 'drop'
  | 'echo'
  | 'garbage'
  /** The service brings what was said while nobody was connected. */
  | 'memory'
  | 'receipt'
  | 'refuse'
  | 'sayAgain'
  | 'threads'
