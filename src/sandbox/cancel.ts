import { Fault } from './fault.ts'
import type { Execution, Json, Status } from './model.ts'
import { notifyCompletion } from './pipeline.ts'
import type { World } from './world.ts'

/** Not running yet: such an execution is cancelled at once. */
const waiting: readonly Status[] = ['requested', 'scheduled', 'delayed']

/** Can be stopped; a pending inquiry cannot. */
const stoppable: readonly Status[] = ['running', 'pausing', 'paused', 'resuming']

/**
 * Cancels an execution as DELETE does, and gives it as it is now.
 * @throws Fault with status 200, of all, for what cannot be cancelled
 */
export const cancelExecution = (world: World, execution: Execution, user: string): Json => {
  const { executions } = world
  if (execution.status === 'canceled') return executions.document(execution)
  const change = {
    result: { message: 'Action canceled by user.', user },
    context: { ...execution.context, cancelled_by: user },
  }
  if (waiting.includes(execution.status)) {
    const canceled = executions.change(execution.id, { status: 'canceled', ...change })
    if (canceled) {
      const run: Promise<void> = notifyCompletion(world, canceled)
        .catch((error) => report(world, error))
        .finally(() => world.runs.delete(run))
      world.runs.add(run)
    }
    return executions.document(canceled ?? execution)
  }
  if (stoppable.includes(execution.status)) {
    const canceling = executions.change(execution.id, { status: 'canceling', ...change })
    executions.cancel(execution.id)
    return executions.document(canceling ?? execution)
  }
  throw new Fault(200, `Action cannot be canceled. State = ${execution.status}.`)
}

const report = (world: World, error: unknown): void => {
  if (!world.signal.aborted) {
    world.log.error('The sandbox could not announce a cancelled execution', {
      error: error instanceof Error ? error : String(error),
    })
  }
}
