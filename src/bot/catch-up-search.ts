import type { Log } from '../log.ts'
import {
  type Announced,
  type CatchUpQueries,
  type Finished,
  SearchTooLong,
} from '../stackstorm/catch-up.ts'
import { StackStormRefused } from '../stackstorm/errors.ts'

/** StackStorm's past, as one pass reads it. Times in ms since 1970, by StackStorm's clock; both ends count. */
export type Search = {
  /** In its order, page by page. */
  readonly announced: (from: number, to: number) => AsyncIterable<Announced>
  readonly finished: (from: number, to: number) => Promise<readonly Finished[]>
  readonly unfinished: () => Promise<readonly Finished[]>
}

export type SearchOptions = {
  readonly queries: Pick<CatchUpQueries, 'announced' | 'finished' | 'unfinished'>
  readonly route: string
  readonly log: Log
  readonly signal: AbortSignal
}

/** Makes whole searches out of those that end after so many documents or that a StackStorm does not understand. */
export const createSearch = ({ queries, route, log, signal }: SearchOptions): Search => {
  let puzzled = false

  /** A search that finds too much goes on from where it stopped. */
  async function* throughout<Item extends { readonly at: number }>(
    search: (from: number) => AsyncIterable<Item>,
    from: number,
  ): AsyncGenerator<Item> {
    for (let start = from, last = from;; start = last) {
      try {
        for await (const item of search(start)) {
          last = Math.max(last, item.at)
          yield item
        }
        return
      } catch (error) {
        if (!(error instanceof SearchTooLong) || last === start) throw error
        log.warn(error.message, { until: new Date(last).toISOString() })
      }
    }
  }

  /**
   * A StackStorm that does not understand the question for results that are owed (HTTP 400: its executions have other fields)
   * must not keep us from what it announced: nothing is owed then, and the log says so once.
   */
  const ifUnderstood = async (
    work: () => Promise<readonly Finished[]>,
  ): Promise<readonly Finished[]> => {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof StackStormRefused) || error.status !== 400) throw error
      if (!puzzled) {
        log.warn(
          'StackStorm cannot say which results it owes: those that its result workflow fails to post stay lost.',
          { error },
        )
      }
      puzzled = true
      return []
    }
  }

  return {
    announced: (from, to) => throughout((start) => queries.announced(start, to, signal), from),
    finished: (from, to) =>
      ifUnderstood(() =>
        Array.fromAsync(throughout((start) => queries.finished(start, to, route, signal), from))
      ),
    unfinished: () => ifUnderstood(() => queries.unfinished(route, signal)),
  }
}
