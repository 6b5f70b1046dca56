/** What an event is about, for the stream's filters. Announcements are about nothing. */
export type Subject = {
  readonly actionRef: string
  readonly executionId: string
  readonly completed: boolean
}

export type Listener = (name: string, data: unknown, subject: Subject | undefined) => void

/** The message bus between what happens and the open streams. Nothing is kept: there is no replay. */
export type Events = {
  readonly emit: (name: string, data: unknown, subject?: Subject) => void
  /** @returns a function that ends the subscription */
  readonly listen: (listener: Listener) => () => void
}

export const createEvents = (): Events => {
  const listeners = new Set<Listener>()
  return {
    emit: (name, data, subject) => {
      for (const listener of listeners) listener(name, data, subject)
    },
    listen: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
