import type { Finished, ResultState } from '../stackstorm/catch-up.ts'

/** What is known of a result that an execution owes to chat. Times in ms. */
export type Owed = {
  /** What StackStorm says about its own attempt to post it; undefined: it has made none that can be seen. */
  readonly state: ResultState | undefined
  /** Since the execution ended. */
  readonly age: number
  /** The journal holds an announcement of the same command. */
  readonly announced: boolean
  /** StackStorm's attempts cannot be seen. */
  readonly blind: boolean
  /** The command was ours, so that the journal would know of its announcement. */
  readonly ours: boolean
  /** The alias wants no result in chat, as far as we know. */
  readonly unwanted: boolean
}

/**
 * `done`: there is nothing to post. `wait`: StackStorm may still post it, `again` ms from now it is to be looked at once more.
 * `post`: StackStorm has not posted it and will not.
 */
export type Verdict =
  | { readonly kind: 'done' }
  | { readonly kind: 'wait'; readonly again: number }
  | { readonly kind: 'post' }

/** How long StackStorm's rule may take to start the workflow that posts a result, in ms; usually that is a second. */
const grace = 60_000
/** A workflow of three short steps that has been running for so many ms is stuck, and a person waits. */
const patience = 10 * 60_000
/** A workflow that runs is looked at as often as this, in ms. */
const lookEvery = 60_000

/** Who is to post the result of an execution that has ended. */
export const decide = (owed: Owed): Verdict => {
  const { state, age, announced, blind, ours, unwanted } = owed
  if (state === 'posted' || state === 'disabled' || announced) return { kind: 'done' }
  // Blind, and not ours: it may well have been posted, by an event that tells nothing of its execution.
  if (unwanted || (blind && !ours)) return { kind: 'done' }
  if (age < grace) return { kind: 'wait', again: grace - age }
  if (state === 'running' && age < patience) {
    return { kind: 'wait', again: Math.min(lookEvery, patience - age) }
  }
  return { kind: 'post' }
}

/** An execution as a person would look for it in the log. */
export const fieldsOf = ({ execution, action, status }: Finished) => ({ execution, action, status })
