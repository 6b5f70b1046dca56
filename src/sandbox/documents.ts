import { timeOf } from './ids.ts'
import type { Execution, Json } from './model.ts'

/** What stands in the place of a secret value in everything that leaves the API. */
const mask = '********'

/** Parameters with the values of secret ones masked, as the action's and the runner's metadata say. */
const maskSecrets = (execution: Execution): Json =>
  Object.fromEntries(
    Object.entries(execution.parameters).map(([name, value]) => {
      const secret = execution.action.parameters[name]?.secret ??
        execution.runner.runner_parameters[name]?.secret
      return [name, secret === true ? mask : value]
    }),
  )

/** Seconds between start and end, as the API reports them. */
const elapsedSeconds = (execution: Execution): number | undefined =>
  execution.end === undefined ? undefined : execution.elapsed ??
    Math.round((timeOf(execution.end) - timeOf(execution.start)) * 1000) / 1e6

const when = (condition: unknown, values: Json): Json => condition ? values : {}

/**
 * An execution as the API and the stream write it, keys in the server's order; those without a
 * value are left out as the server does.
 */
export const executionDocument = (
  execution: Execution,
  options: { webUrl: string; showSecrets?: boolean },
): Json => {
  const parameters = options.showSecrets ? execution.parameters : maskSecrets(execution)
  const elapsed = elapsedSeconds(execution)
  return {
    action: execution.action,
    runner: execution.runner,
    liveaction: {
      action: execution.action.ref,
      action_is_workflow: execution.runner.name === 'orquesta',
      parameters,
      callback: {},
      runner_info: {},
      ...when(execution.notify, { notify: execution.notify }),
      id: execution.liveactionId,
    },
    status: execution.status,
    start_timestamp: execution.start,
    ...when(execution.end, { end_timestamp: execution.end }),
    ...when(Object.keys(parameters).length > 0, { parameters }),
    // What a cancellation leaves behind is no result of a runner and has no size.
    ...when(execution.result !== undefined && !/^cancel/.test(execution.status), {
      result_size: Buffer.byteLength(JSON.stringify(execution.result ?? null)),
    }),
    context: execution.context,
    ...when(execution.parent, { parent: execution.parent }),
    log: execution.log,
    web_url: `${options.webUrl}/#/history/${execution.id}/general`,
    id: execution.id,
    ...when(execution.result !== undefined, { result: execution.result }),
    ...when(elapsed !== undefined, { elapsed_seconds: elapsed }),
  }
}
