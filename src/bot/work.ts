import type { Log } from '../log.ts'

/** What is being worked on, so that the end of the bot can wait for it. */
export type Work = {
  /** Counts this until it settles, and gives it back. What fails is logged, and nothing fails with it. */
  readonly track: <Done>(work: Promise<Done>) => Promise<Done>
  readonly underWay: () => number
}

/** `signal` aborts when the bot ends: what fails after that fails because of it. */
export const createWork = (log: Log, signal: AbortSignal): Work => {
  let underWay = 0
  const end = (): void => {
    underWay--
  }
  const fail = (error: unknown): void => {
    end()
    if (signal.aborted) return
    log.error('Something failed inside st2chatops.', {
      error: error instanceof Error ? error : new Error(String(error)),
    })
  }
  return {
    underWay: () => underWay,
    track: (work) => {
      underWay++
      work.then(end, fail)
      return work
    },
  }
}
