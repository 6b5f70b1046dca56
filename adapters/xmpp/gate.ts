/** Where some wait for something to be there. */
export type Gate = {
  /** Settles when the gate is opened the next time. Rejects as it is refused, or when `signal` aborts. */
  readonly wait: (signal: AbortSignal) => Promise<void>
  /** Lets all in who wait now. */
  readonly open: () => void
  /** Sends all away who wait now. */
  readonly refuse: (error: Error) => void
}

export const createGate = (): Gate => {
  const waiting = new Set<PromiseWithResolvers<void>>()
  return {
    wait: async (signal) => {
      signal.throwIfAborted()
      const one = Promise.withResolvers<void>()
      const giveUp = () => one.reject(signal.reason)
      signal.addEventListener('abort', giveUp, { once: true })
      waiting.add(one)
      try {
        await one.promise
      } finally {
        waiting.delete(one)
        signal.removeEventListener('abort', giveUp)
      }
    },
    open: () => {
      for (const one of waiting) one.resolve()
    },
    refuse: (error) => {
      for (const one of waiting) one.reject(error)
    },
  }
}
