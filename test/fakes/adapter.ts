import type {
  AdapterContext,
  AdapterDefinition,
  Features,
  Receipt,
} from '../../src/chat/adapter.ts'
import type { ChatMessage, OutgoingMessage } from '../../src/chat/message.ts'

/** A chat service in memory: a test says something in it and reads what was posted. */
export type FakeChat = {
  readonly definition: AdapterDefinition
  readonly say: (text: string, more?: Partial<ChatMessage>) => void
  readonly posted: OutgoingMessage[]
  readonly texts: () => readonly string[]
  /** The next message that the bot posts. */
  readonly next: () => Promise<OutgoingMessage>
}

export type FakeChatOptions = {
  readonly name?: string
  readonly features?: Partial<Features>
  readonly send?: (message: OutgoingMessage) => Promise<Receipt>
}

/** Private ways and attachments are there unless `features` takes them away. */
export const createFakeChat = (
  { name = 'fake', features = {}, send = () => Promise.resolve({}) }: FakeChatOptions = {},
): FakeChat => {
  const posted: OutgoingMessage[] = []
  const waiting: ((message: OutgoingMessage) => void)[] = []
  let context: AdapterContext<[]> | undefined
  let events = 0
  return {
    posted,
    texts: () => posted.map(({ pretext, text }) => pretext + text),
    next: () => new Promise((resolve) => waiting.push(resolve)),
    say: (text, more = {}) => {
      void context?.receive({
        id: `event-${++events}`,
        channel: 'C1',
        user: { id: 'U1', name: 'alice' },
        text,
        direct: false,
        at: 0,
        ...more,
      })
    },
    definition: {
      name,
      aliases: [`${name}-too`],
      title: name,
      options: [],
      limits: { textUnits: 4000, unit: 'utf16', partsBeforeUpload: 3, perChannelPerSecond: 1_000 },
      features: {
        threads: true,
        ephemeral: true,
        private: true,
        attachments: true,
        files: false,
        edits: false,
        buttons: false,
        ...features,
      },
      connect: async (given) => {
        context = given as AdapterContext<[]>
        return {
          self: { id: 'BOT', name: 'st2bot', mentions: [] },
          send: async (message) => {
            const receipt = await send(message)
            posted.push(message)
            waiting.shift()?.(message)
            return receipt
          },
          health: () => ({ state: 'connected', since: 0 }),
          close: async () => {},
        }
      },
    },
  }
}
