import type { Database } from 'bun:sqlite'
import type { ChatMessage } from '../chat/message.ts'
import { hasMessage, insertMessage } from './journal-rows.ts'
import type { Store } from './journal-store.ts'

/** A message that was taken in. */
export type TakenIn = {
  /** False: this event has been seen in the last 24 hours. */
  readonly isNew: boolean
  /** Settles when it is written down. */
  readonly written: Promise<void>
}

/**
 * Messages of this turn of the event loop, which are not written yet: a command that is about to be sent before its turn ends needs one commit, not
 * two.
 */
export type Incoming = {
  readonly takeIn: (event: string, service: string, message: ChatMessage) => TakenIn
  /** Settles when it is written, with false where it was begun before; undefined: the message is not of this turn. */
  readonly begin: (event: string, command: string) => Promise<boolean> | undefined
}

type Message = {
  readonly service: string
  readonly message: ChatMessage
  readonly at: number
  state: 'received' | 'sending'
  command: string | null
}

type Gathering = { readonly messages: Map<string, Message>; readonly written: Promise<void> }

const written = Promise.resolve()

export const createIncoming = (store: Store, now: () => number): Incoming => {
  let gathering: Gathering | undefined

  const gather = (): Gathering => {
    const messages = new Map<string, Message>()
    const written = store.write((database: Database) => {
      gathering = undefined
      for (const [event, { service, message, at, state, command }] of messages) {
        insertMessage(database, event, service, message, at, state, command)
      }
    })
    written.catch(() => gathering = undefined)
    return { messages, written }
  }

  return {
    takeIn: (event, service, message) => {
      if (gathering?.messages.has(event)) return { isNew: false, written: gathering.written }
      if (store.read((database) => hasMessage(database, event))) return { isNew: false, written }
      gathering ??= gather()
      gathering.messages.set(event, {
        service,
        message,
        at: now(),
        state: 'received',
        command: null,
      })
      return { isNew: true, written: gathering.written }
    },
    begin: (event, command) => {
      const found = gathering?.messages.get(event)
      if (found === undefined || gathering === undefined) return undefined
      const isFirst = found.state === 'received'
      if (isFirst) Object.assign(found, { state: 'sending', command })
      return gathering.written.then(() => isFirst)
    },
  }
}
