import type { Finished, ResultState } from '../stackstorm/catch-up.ts'
import { formatDefaultResult } from '../stackstorm/default-result.ts'
import { StackStormRefused } from '../stackstorm/errors.ts'
import { decide, fieldsOf, type Verdict } from './catch-up-decide.ts'
import { type CatchUpPassOptions, margin } from './catch-up-options.ts'
import { readOrigin } from './origin.ts'

export type LateResultsOptions =
  & Pick<
    CatchUpPassOptions,
    | 'queries'
    | 'stackstorm'
    | 'journal'
    | 'announce'
    | 'postsResults'
    | 'hasOwnWords'
    | 'wording'
    | 'log'
    | 'meter'
    | 'route'
    | 'signal'
  >
  & {
    /** What needs no second look, by key, with its time; added to. */
    readonly settled: Map<string, number>
  }

/** Results that StackStorm owes and may not have posted. */
export type LateResults = {
  /**
   * Posts what StackStorm did not and will not. `undecided`: the end of the oldest execution that may still be posted,
   * Infinity when there is none; `again`: when to look at those, ms from now.
   */
  readonly post: (
    finished: readonly Finished[],
    from: number,
    blind: boolean,
  ) => Promise<{ readonly undecided: number; readonly again: number | undefined }>
  /** Those that StackStorm has not posted. */
  readonly unposted: (
    finished: readonly Finished[],
    from: number,
    blind: boolean,
  ) => Promise<readonly Finished[]>
}

/** The name of a result in the journal, where an announcement has the id of its execution: it is posted once. */
const keyOf = ({ execution }: Finished): string => `result:${execution}`

export const createLateResults = (options: LateResultsOptions): LateResults => {
  const { queries, stackstorm, journal, announce, wording, log, meter, route, signal, settled } =
    options

  const judge = (one: Finished, state: ResultState | undefined, blind: boolean): Verdict => {
    const correlation = readOrigin(one.context)?.correlation
    return decide({
      state,
      age: stackstorm.serverTime() - one.at,
      announced: correlation !== undefined && journal.hasAnnouncement(correlation),
      blind,
      ours: correlation !== undefined,
      unwanted: one.alias !== undefined && options.postsResults?.(one.alias) === false,
    })
  }

  /** A verdict on each that is not settled. Before one is to be posted, StackStorm is asked about it alone. */
  async function* judged(
    finished: readonly Finished[],
    from: number,
    blind: boolean,
  ): AsyncGenerator<{ readonly one: Finished; readonly verdict: Verdict }> {
    const open = finished.filter((one) => !settled.has(keyOf(one)))
    if (open.length === 0) return
    const states = blind
      ? new Map<string, ResultState>()
      : await queries.resultsPosted(from - margin, signal)
    for (const one of open) {
      const state = states.get(one.execution)
      let verdict = judge(one, state, blind)
      if (verdict.kind === 'post' && !blind) {
        const latest = await queries.resultPosted(one.execution, signal)
        verdict = judge(one, latest ?? state, blind)
      }
      yield { one, verdict }
    }
  }

  const postOne = async (one: Finished): Promise<void> => {
    const { execution, channel, user, context, at } = one
    const fields = { ...fieldsOf(one), link: stackstorm.executionLink(execution) }
    if (channel === undefined) {
      log.error(
        'A result was not posted by StackStorm, and names no channel for us to post it.',
        fields,
      )
      return
    }
    // Its template may have been written to keep something from the channel.
    const hidden = one.alias !== undefined && await options.hasOwnWords?.(one.alias) === true
    const result = await formatted(execution, hidden)
    if (result === undefined) {
      log.error(
        'A result was not posted, and StackStorm does not have its execution any more.',
        fields,
      )
      return
    }
    log.warn(
      `StackStorm's result workflow did not post a result; posting ${
        hidden ? 'its status' : 'it in its default form'
      }.`,
      {
        ...fields,
        advice: 'See the executions of chatops.post_result, and the rule chatops.notify.',
      },
    )
    meter.catchUp('formatted')
    await announce({
      route,
      channel,
      message: wording('late-result', { result, hidden, link: fields.link }),
      whisper: false,
      extra: {},
      ...(user !== undefined && { user }),
      ...(context !== undefined && { context }),
    }, { execution: keyOf(one), at })
  }

  const formatted = async (id: string, hidden: boolean): Promise<string | undefined> => {
    try {
      const { result, ...rest } = await stackstorm.execution(id, signal)
      return formatDefaultResult(hidden ? rest : { ...rest, result })
    } catch (error) {
      if (error instanceof StackStormRefused && error.status === 404) return undefined
      throw error
    }
  }

  return {
    post: async (finished, from, blind) => {
      let undecided = Infinity
      let again: number | undefined
      for await (const { one, verdict } of judged(finished, from, blind)) {
        if (verdict.kind === 'wait') {
          undecided = Math.min(undecided, one.at)
          again = Math.min(again ?? Infinity, verdict.again)
          continue
        }
        if (verdict.kind === 'post') await postOne(one)
        settled.set(keyOf(one), one.at)
      }
      return { undecided, again }
    },
    unposted: async (finished, from, blind) => {
      const found: Finished[] = []
      for await (const { one, verdict } of judged(finished, from, blind)) {
        if (verdict.kind !== 'done') found.push(one)
      }
      return found
    },
  }
}
