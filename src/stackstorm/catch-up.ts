import type { Log } from '../log.ts'
import { readAnnounced, readFinished, readResult } from './catch-up-documents.ts'
import { type GetPage, readOnce, SearchTooLong } from './catch-up-pages.ts'

export { SearchTooLong } from './catch-up-pages.ts'

/** An announcement that StackStorm has made, as its execution tells of it. */
export type Announced = {
  /** The id of the execution that announced it. */
  readonly execution: string
  readonly route: string
  /** The same as JSON as the `payload` of the stream's event. */
  readonly payload: unknown
  /** When it was announced, ms since 1970 by StackStorm's clock. */
  readonly at: number
  /** The execution that it is a part of: a run of `chatops.post_result`, or somebody's workflow. */
  readonly parent?: string
}

/** An execution whose result is to be told on a route. */
export type Finished = {
  readonly execution: string
  readonly status: string
  /** The action's reference, such as `core.remote`. */
  readonly action: string
  /** When it ended, or where it has not, when it began: ms since 1970 by StackStorm's clock. */
  readonly at: number
  readonly user?: string
  readonly channel?: string
  /** The `source_context` that came with the command, as it was sent. */
  readonly context?: Readonly<Record<string, unknown>>
  /** The name of the alias that started it. */
  readonly alias?: string
}

/** What became of the wish to post a result. */
export type ResultState = 'posted' | 'disabled' | 'running' | 'failed'

/**
 * What StackStorm's list of executions says about the past. Times are ms since 1970 by StackStorm's clock. Every function
 * rejects as the client does, or with the signal's reason; the two that go through time throw `SearchTooLong` when they have
 * given all that one search may find: what is later comes with a search from there on.
 */
export type CatchUpQueries = {
  /** What was announced on any route from `from` to `to`, in this order. */
  readonly announced: (from: number, to: number, signal: AbortSignal) => AsyncIterable<Announced>
  /** The executions that ended from `from` to `to` and owe a result to `route`, in this order. */
  readonly finished: (
    from: number,
    to: number,
    route: string,
    signal: AbortSignal,
  ) => AsyncIterable<Finished>
  /**
   * The states of the results whose posting began after `since`, by the execution that each is of. Not all of them where there are
   * too many for one search: `resultPosted` knows the rest.
   */
  readonly resultsPosted: (
    since: number,
    signal: AbortSignal,
  ) => Promise<ReadonlyMap<string, ResultState>>
  /** The state of one result; undefined: nobody has tried to post it. */
  readonly resultPosted: (
    execution: string,
    signal: AbortSignal,
  ) => Promise<ResultState | undefined>
  /** The executions that have not ended and owe a result to `route`. */
  readonly unfinished: (route: string, signal: AbortSignal) => Promise<readonly Finished[]>
  /** Whether the results that StackStorm's own user posted can be seen at all; false also where there was never one. */
  readonly seesResults: (signal: AbortSignal) => Promise<boolean>
}

/** The client's list of executions, page by page. */
export type ListExecutions = (
  query: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => GetPage

/** Every status from which an execution may still go on. */
const openStatuses = [
  'requested',
  'scheduled',
  'delayed',
  'running',
  'pausing',
  'paused',
  'resuming',
  'pending',
  'canceling',
]
/** Of executions that have not ended only the newest are asked for: dead ones may lie around for years. */
const mostUnfinished = 500

/** A time as StackStorm wants it in a query: UTC, six decimals. */
const timeText = (ms: number): string => new Date(ms).toISOString().replace('Z', '000Z')

/** Both ends belong to it; a range makes the list ascend. */
const ended = (from: number, to: number): string =>
  `end_timestamp:${timeText(from)}..${timeText(Math.max(to, from + 1))}`

/**
 * The part of `filter` that asks for a route. Blanks end a value there and two dots make it a range of times: for such a route
 * everything that came from chat is asked for, and `readFinished` looks at its route.
 */
const owed = (route: string): string =>
  /\s|\.\.|^null$/.test(route)
    ? 'context.source_channel.exists:true'
    : `liveaction.notify.on-complete.routes:${route}`

const finishedFields =
  'id,status,action.ref,context,liveaction.notify,start_timestamp,end_timestamp'

/** From bad to good. */
const states: readonly ResultState[] = ['failed', 'running', 'disabled', 'posted']

/** The better of two states: a result that was posted at the second attempt is posted. */
const better = (one: ResultState | undefined, other: ResultState): ResultState =>
  one === undefined || states.indexOf(other) > states.indexOf(one) ? other : one

const resultFields = 'id,status,parameters,result'

/** What the bot asks StackStorm about the time that it did not listen. `list` is the client's list of executions. */
export const createCatchUpQueries = (
  { list, log, most }: {
    readonly list: ListExecutions
    readonly log: Log
    /** Documents that one search may find; 10,000 when it is not said. */
    readonly most?: number
  },
): CatchUpQueries => ({
  announced: async function* announced(from, to, signal) {
    // By its end, as an announcement may wait long for a worker: when it was asked for says nothing.
    const query = {
      runner: 'announcement',
      status: 'succeeded',
      filter: ended(from, to),
      'include_attributes':
        'id,action.ref,action.parameters,parameters,result,parent,start_timestamp,end_timestamp',
    }
    for await (const document of readOnce(list(query, signal), most)) {
      const read = readAnnounced(document)
      if (read !== undefined) yield read
    }
  },

  finished: async function* finished(from, to, route, signal) {
    const query = {
      parent: 'null',
      filter: `${ended(from, to)} ${owed(route)}`,
      'include_attributes': finishedFields,
    }
    for await (const document of readOnce(list(query, signal), most)) {
      const read = readFinished(document, route)
      if (read !== undefined) yield read
    }
  },

  resultsPosted: async (since, signal) => {
    const query = {
      action: 'chatops.post_result',
      'timestamp_gt': timeText(since),
      'include_attributes': resultFields,
    }
    const found = new Map<string, ResultState>()
    try {
      for await (const document of readOnce(list(query, signal), most)) {
        const read = readResult(document)
        if (read !== undefined) found.set(read.of, better(found.get(read.of), read.state))
      }
    } catch (error) {
      if (!(error instanceof SearchTooLong)) throw error
      log.warn(
        'More results were posted than one search reads; the rest is asked for one by one.',
        {
          read: found.size,
        },
      )
    }
    return found
  },

  resultPosted: async (execution, signal) => {
    const query = {
      action: 'chatops.post_result',
      filter: `parameters.execution_id:${execution}`,
      'include_attributes': resultFields,
    }
    let state: ResultState | undefined
    for await (const document of readOnce(list(query, signal))) {
      const read = readResult(document)
      if (read?.of === execution) state = better(state, read.state)
    }
    return state
  },

  unfinished: async (route, signal) => {
    const found: Finished[] = []
    for (const status of openStatuses) {
      const query = {
        parent: 'null',
        status,
        filter: owed(route),
        'include_attributes': finishedFields,
      }
      let left = mostUnfinished
      for await (const document of readOnce(list(query, signal))) {
        const read = readFinished(document, route)
        if (read !== undefined) found.push(read)
        if (--left === 0) break
      }
    }
    return found
  },

  seesResults: async (signal) => {
    const query = { action: 'chatops.post_result', 'include_attributes': 'id' }
    const { documents } = await list(query, signal)(1, 0)
    return documents.length > 0
  },
})
