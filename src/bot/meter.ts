/** What the bot counts. `src/ops/metrics.ts` shows it; a test may just keep it. */
export type Meter = {
  /** A command ended: started, refused, unreachable, unclear, ambiguous, too-long, unknown, built-in, not-ready, failed. */
  readonly command: (outcome: string) => void
  /** An announcement came in: accepted, known, foreign, malformed. */
  readonly announcement: (outcome: string) => void
  /** Catching up with StackStorm: complete, failed, formatted, summarised. */
  readonly catchUp: (outcome: string) => void
  /** A message left for chat: sent or undeliverable. */
  readonly send: (service: string, outcome: string) => void
}
