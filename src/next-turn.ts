/** Lets all else that waits go on: awaited between slices of long work. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
