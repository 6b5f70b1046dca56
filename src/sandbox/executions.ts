import { executionDocument } from './documents.ts'
import type { Events } from './events.ts'
import type { Ids } from './ids.ts'
import {
  type Action,
  type Execution,
  isCompleted,
  type Json,
  type Notify,
  type Runner,
  type Status,
} from './model.ts'

/** What a new execution needs to be known. */
export type NewExecution = {
  readonly action: Action
  readonly runner: Runner
  readonly parameters: Json
  readonly context: Json
  readonly notify?: Notify | undefined
  readonly parent?: string | undefined
}

/** How an execution goes on. */
export type Change = {
  readonly status: Status
  readonly result?: unknown
  readonly elapsed?: number | undefined
  readonly context?: Json
}

/** All executions, oldest first. Every change is told to the stream. */
export type Executions = {
  readonly create: (source: NewExecution) => Execution
  /** @returns the execution as it is now, or undefined if it is forgotten */
  readonly change: (id: string, change: Change) => Execution | undefined
  readonly get: (id: string) => Execution | undefined
  readonly all: () => readonly Execution[]
  readonly document: (execution: Execution, showSecrets?: boolean) => Json
  /** Resolves when the execution is done; rejects when `signal` aborts. */
  readonly finished: (id: string, signal: AbortSignal) => Promise<Execution>
  /** Aborts when the execution is cancelled. */
  readonly signal: (id: string) => AbortSignal
  readonly cancel: (id: string) => void
}

export const createExecutions = (
  options: { ids: Ids; events: Events; webUrl: () => string; remember: number },
): Executions => {
  const { ids, events } = options
  const executions = new Map<string, Execution>()
  const controllers = new Map<string, AbortController>()
  const waiting = new Map<string, Set<(execution: Execution) => void>>()

  /** Every look at the list goes through all documents: each is written once for each change. */
  const written = new WeakMap<Execution, Json>()

  const document = (execution: Execution, showSecrets = false): Json => {
    if (showSecrets) return executionDocument(execution, { webUrl: options.webUrl(), showSecrets })
    const known = written.get(execution)
    if (known !== undefined) return known
    const made = executionDocument(execution, { webUrl: options.webUrl() })
    written.set(execution, made)
    return made
  }

  const tell = (name: string, execution: Execution): void =>
    events.emit(`st2.execution__${name}`, document(execution), {
      actionRef: execution.action.ref,
      executionId: execution.id,
      completed: isCompleted(execution.status),
    })

  const forgetOldest = (): void => {
    if (executions.size <= options.remember) return
    for (const execution of executions.values()) {
      if (!isCompleted(execution.status)) continue
      executions.delete(execution.id)
      return
    }
  }

  return {
    document,
    all: () => [...executions.values()],
    get: (id) => executions.get(id),
    create: (source) => {
      const start = ids.timestamp()
      const execution: Execution = {
        liveactionId: ids.objectId(),
        id: ids.objectId(),
        action: source.action,
        runner: source.runner,
        parameters: source.parameters,
        notify: source.notify,
        context: source.context,
        parent: source.parent,
        status: 'requested',
        start,
        end: undefined,
        elapsed: undefined,
        log: [{ timestamp: start, status: 'requested' }],
        result: undefined,
      }
      executions.set(execution.id, execution)
      controllers.set(execution.id, new AbortController())
      forgetOldest()
      tell('create', execution)
      return execution
    },
    change: (id, change) => {
      const before = executions.get(id)
      if (!before) return undefined
      const timestamp = ids.timestamp()
      const done = isCompleted(change.status)
      const execution: Execution = {
        ...before,
        status: change.status,
        context: change.context ?? before.context,
        result: change.result === undefined ? before.result : change.result,
        elapsed: change.elapsed ?? before.elapsed,
        end: done ? timestamp : before.end,
        log: [...before.log, { timestamp, status: change.status }],
      }
      executions.set(id, execution)
      tell('update', execution)
      if (done) {
        controllers.delete(id)
        for (const resolve of waiting.get(id) ?? []) resolve(execution)
        waiting.delete(id)
      }
      return execution
    },
    finished: (id, signal) =>
      new Promise((resolve, reject) => {
        const now = executions.get(id)
        if (now && isCompleted(now.status)) return resolve(now)
        const set = waiting.get(id) ?? new Set()
        waiting.set(id, set)
        const done = (execution: Execution) => {
          signal.removeEventListener('abort', abort)
          resolve(execution)
        }
        const abort = () => {
          set.delete(done)
          reject(signal.reason)
        }
        signal.addEventListener('abort', abort, { once: true })
        set.add(done)
      }),
    signal: (id) => controllers.get(id)?.signal ?? AbortSignal.abort(),
    cancel: (id) => controllers.get(id)?.abort(),
  }
}
