import type {
  AliasExecution,
  AliasExecutionRequest,
  FollowOptions,
  StackStorm,
} from '../../src/stackstorm/types.ts'

/** A StackStorm in memory, behind the client's own type: a test decides each answer. */
export type FakeStackStorm = StackStorm & {
  readonly requests: AliasExecutionRequest[]
  /** What `executeAlias` does; by default it starts execution 1, 2, 3... */
  execute: (request: AliasExecutionRequest) => Promise<AliasExecution>
  documents: () => Promise<readonly unknown[]>
  /** Announces as the stock rule does, with the context and channel of a request. */
  readonly announce: (payload: Record<string, unknown>, route?: string) => void
  readonly emit: FollowOptions['onEvent']
}

/** An alias document as the API gives it. */
export const aliasDocument = (
  name: string,
  formats: readonly unknown[],
  more: Record<string, unknown> = {},
): Record<string, unknown> => ({
  name,
  pack: 'examples',
  ref: `examples.${name}`,
  action_ref: 'core.local',
  enabled: true,
  formats,
  ack: {},
  result: {},
  extra: {},
  immutable_parameters: {},
  ...more,
})

export const executionId = (number: number): string => number.toString(16).padStart(24, '0')

export const createFakeStackStorm = (documents: readonly unknown[]): FakeStackStorm => {
  const requests: AliasExecutionRequest[] = []
  let follow: FollowOptions | undefined
  const executionLink = (id: string) => `https://st2/#/history/${id}/general`
  const fake: FakeStackStorm = {
    requests,
    documents: () => Promise.resolve(documents),
    execute: () => {
      const id = executionId(requests.length)
      return Promise.resolve({ id, link: executionLink(id), alias: {} })
    },
    emit: (name, data) => follow?.onEvent(name, data),
    announce: (payload, route = 'chatops') =>
      follow?.onEvent(`st2.announcement__${route}`, { payload, trace_context: null }),
    aliases: async (_, read) => {
      const documents = await fake.documents()
      return read?.(JSON.stringify(documents)) ?? documents
    },
    executeAlias: (request) => {
      requests.push(request)
      return fake.execute(request)
    },
    findExecution: () => Promise.resolve(undefined),
    execution: () => Promise.reject(new Error('not in this test')),
    cancel: () => Promise.resolve({ kind: 'canceling' }),
    version: () => Promise.resolve('3.9.0'),
    whoami: () => Promise.reject(new Error('not in this test')),
    rule: () => Promise.resolve(undefined),
    follow: (options) => {
      follow = options
      options.onState({ state: 'connected', since: 0 })
      return new Promise((resolve) => options.signal.addEventListener('abort', () => resolve()))
    },
    health: () => ({ state: 'connected', since: 0, credentials: 'good' }),
    executionLink,
    catchUp: {
      announced: async function* () {},
      finished: async function* () {},
      resultsPosted: () => Promise.resolve(new Map()),
      resultPosted: () => Promise.resolve(undefined),
      unfinished: () => Promise.resolve([]),
      seesResults: () => Promise.resolve(true),
    },
    serverTime: () => 1_700_000_000_000,
  }
  return fake
}
