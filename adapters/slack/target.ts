import { Undeliverable } from '../../src/chat/adapter.ts'
import type { OutgoingMessage } from '../../src/chat/message.ts'
import type { Directory } from './directory.ts'

/** Where a message goes, in Slack's terms. */
export type Target = {
  readonly channel: string
  readonly thread: string | undefined
  /** Only this person sees it, in a channel that others read. */
  readonly onlyFor: string | undefined
}

/** Finds the place of a message. Rejects as the Web API does, and with `Undeliverable` for a person whom nobody knows. */
export type Targets = {
  readonly of: (
    message: OutgoingMessage,
    thread: string | undefined,
    isFile: boolean,
  ) => Promise<Target>
  /** The conversation with the person that a message is for. */
  readonly alone: (message: OutgoingMessage) => Promise<Target>
}

const isUserId = (name: string): boolean => /^[UW][A-Z0-9]{2,}$/.test(name)

export const createTargets = (directory: Directory): Targets => {
  const personOf = async (name: string): Promise<string> => {
    const id = name === '' ? undefined : await directory.userIdOf(name)
    if (id !== undefined) return id
    throw new Undeliverable(
      `Nobody in this Slack workspace is called "${name}", or more than one is.`,
      {
        advice: 'Name the receiver by handle or id.',
      },
    )
  }
  const nameIn = ({ user }: OutgoingMessage): string => user?.id ?? user?.name ?? ''
  const conversation = async (name: string): Promise<Target> => ({
    channel: await directory.directChannelOf(await personOf(name)),
    thread: undefined,
    onlyFor: undefined,
  })
  return {
    alone: (message) => conversation(nameIn(message)),
    of: async (message, thread, isFile) => {
      const { channel: wanted, whisper } = message
      if (wanted.startsWith('@') || isUserId(wanted)) return await conversation(wanted)
      const channel = await directory.channelIdOf(wanted)
      if (!whisper || channel.startsWith('D')) return { channel, thread, onlyFor: undefined }
      // Slack shows no file to one person alone.
      if (isFile) return await conversation(nameIn(message))
      return { channel, thread, onlyFor: await personOf(nameIn(message)) }
    },
  }
}
