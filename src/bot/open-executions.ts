/**
 * The commands that were handed to StackStorm and whose result has not come yet.
 * A result may overtake the reply to its own POST: it waits here until the acknowledgement is on its way.
 */
export type OpenExecutions = {
  /** A command is being handed over. */
  readonly begin: (correlation: string) => void
  /** StackStorm has answered with an execution; `awaited`: its result will be announced. */
  readonly started: (correlation: string, execution: string, awaited: boolean) => void
  /** Nothing was started. */
  readonly abandoned: (correlation: string) => void
  /** The result is here. */
  readonly announced: (correlation: string) => void
  /** Settles when the hand-over has been answered; undefined when there is nothing to wait for. */
  readonly handOver: (correlation: string) => Promise<void> | undefined
  /** Ids of executions that still owe a result, oldest first, and how many hand-overs are under way. */
  readonly owing: () => readonly string[]
  readonly handingOver: () => number
}

/** More executions than this at a time are remembered no longer; their results are posted all the same. */
const rememberAtMost = 10_000

export const createOpenExecutions = (): OpenExecutions => {
  const handOvers = new Map<string, { readonly done: Promise<void>; readonly end: () => void }>()
  const awaited = new Map<string, string>()

  const endHandOver = (correlation: string): void => {
    handOvers.get(correlation)?.end()
    handOvers.delete(correlation)
  }

  return {
    begin: (correlation) => {
      const { promise: done, resolve: end } = Promise.withResolvers<void>()
      handOvers.set(correlation, { done, end })
    },
    started: (correlation, execution, isAwaited) => {
      if (isAwaited) keep(awaited, correlation, execution)
      endHandOver(correlation)
    },
    abandoned: endHandOver,
    announced: (correlation) => {
      awaited.delete(correlation)
    },
    handOver: (correlation) => handOvers.get(correlation)?.done,
    owing: () => [...awaited.values()],
    handingOver: () => handOvers.size,
  }
}

const keep = (map: Map<string, string>, key: string, value: string): void => {
  map.set(key, value)
  const oldest = map.size > rememberAtMost ? map.keys().next().value : undefined
  if (oldest !== undefined) map.delete(oldest)
}
