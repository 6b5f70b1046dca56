import type { Clock } from '../../src/clock.ts'

/** Slack waits 3 s to hear that an event has arrived and then sends it again; ms. */
const patience = 1_000

/** Settles with `work`, or when Slack must be told all the same. `work` never rejects. */
export const soon = async (work: Promise<void>, clock: Clock): Promise<void> => {
  const over = new AbortController()
  const late = clock.sleep(patience, over.signal).catch(() => {})
  await Promise.race([work, late])
  over.abort()
}
