import type { Clock } from '../clock.ts'
import type { Delivery } from '../delivery/delivery.ts'
import type { Journal } from '../delivery/journal.ts'

/** How soon a dead letter that somebody put back goes out. */
const lookEvery = 5_000
const pruneEvery = 60 * 60_000

/** Does what nobody asks for: takes up dead letters that were put back, and lets the journal forget what is old. */
export const keepHouse = async (
  { journal, delivery, clock, signal }: {
    readonly journal: Pick<Journal, 'foreignWrites' | 'tidy' | 'prune'>
    readonly delivery: Pick<Delivery, 'resume'>
    readonly clock: Clock
    readonly signal: AbortSignal
  },
): Promise<void> => {
  let version = journal.foreignWrites()
  let pruned = -Infinity
  while (!signal.aborted) {
    if (clock.monotonic() - pruned >= pruneEvery) {
      await journal.prune()
      pruned = clock.monotonic()
    }
    journal.tidy()
    const found = journal.foreignWrites()
    if (found !== version) delivery.resume()
    version = found
    await clock.sleep(lookEvery, signal).catch(() => {})
  }
}
