/** Keeps what comes behind something that goes on. */
export type Gate = {
  readonly closeUntil: (end: Promise<void>) => void
  /** Does the work at once, or when the gate opens, in order. */
  readonly pass: (work: () => Promise<void>) => Promise<void>
}

/** Begins open. What it is closed until never rejects. */
export const createGate = (): Gate => {
  let closed: Promise<void> | undefined
  return {
    closeUntil: (end) => {
      closed = end
      // Before all that waits, so that nothing new goes between those.
      void end.then(() => {
        if (closed === end) closed = undefined
      })
    },
    pass: (work) => closed === undefined ? work() : closed.then(work),
  }
}
