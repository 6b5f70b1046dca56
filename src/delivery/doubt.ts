import * as rows from './journal-rows.ts'
import type { Store } from './journal-store.ts'

/**
 * Up to when (ms since 1970) messages are in doubt. A commit outlives the process, but only what has reached the disk outlives the
 * host. So when the host has started anew since the last life, messages from before that may have been forgotten, or may
 * have been handed to StackStorm without the journal's knowing: whoever takes one up looks for its execution first. The same holds when the
 * last life went on in memory, because the disk was full, and ended there. It is kept
 * in the journal: also the second life after that must know.
 */
export const readDoubt = (store: Store, boot: string | undefined, opened: number): number => {
  // The file says of itself by whom it was made.
  if (store.isNew) return -Infinity
  const before = store.read((database) => rows.readText(database, 'boot'))
  if (boot === undefined || boot === before && !store.wasLeft) {
    return store.read((database) => rows.readFact(database, 'in-doubt-until')) ?? -Infinity
  }
  // A journal that is not new and knows of no start has lost what its first life wrote.
  const isNew = before === undefined &&
    (store.read((database) => rows.readFact(database, 'born')) ?? opened) >= opened
  // What this life does is not written before it; a life that does nothing leaves the question to the next one.
  store.writeAhead((database) => {
    rows.writeFact(database, 'boot', boot)
    if (!isNew) rows.writeFact(database, 'in-doubt-until', opened)
  })
  return isNew ? -Infinity : opened
}
