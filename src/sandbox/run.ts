import { announcementPayload, announcementResult, emitAnnouncement } from './announcements.ts'
import { renderDeep } from './jinja/render.ts'
import { type Execution, isCompleted, type Json, type Outcome } from './model.ts'
import { withDefaults } from './parameters.ts'
import { notifyCompletion } from './pipeline.ts'
import { runFixture, withoutFixture } from './runners/fixture.ts'
import { runLocal, runRemote } from './runners/local.ts'
import type { World } from './world.ts'

/** The alias that an execution was started by, as `pack.name`, if it was. */
const aliasOf = (world: World, execution: Execution): string | undefined => {
  const reference = execution.context.action_alias_ref as { id?: string } | undefined
  return world.registry.aliases().find((alias) => alias.id === reference?.id)?.ref
}

/** Defaults of an action may be templates over the other parameters. */
const effective = (execution: Execution): Json => {
  const given = execution.parameters
  const all = withDefaults(execution.action, execution.runner, given)
  const rendered = Object.entries(all).map(([name, value]) => [
    name,
    Object.hasOwn(given, name) ? value : renderDeep(value, all, 'lenient'),
  ])
  return Object.fromEntries(rendered)
}

const perform = async (
  world: World,
  execution: Execution,
  signal: AbortSignal,
): Promise<Outcome> => {
  const { action } = execution
  const fixture = world.registry.fixture(action.ref, aliasOf(world, execution))
  if (fixture) return await runFixture(fixture, effective(execution), world.clock, signal)
  switch (action.runner_type) {
    case 'noop':
      return { status: 'succeeded', result: { failed: false, succeeded: true, return_code: 0 } }
    case 'local-shell-cmd':
      return await runLocal(effective(execution), world.allowLocal, signal)
    case 'remote-shell-cmd':
      return await runRemote(effective(execution), world.allowLocal, signal)
    case 'announcement':
      return await announce(world, execution)
    case 'inquirer':
      return { status: 'pending', result: inquiry(effective(execution)) }
    default:
      return withoutFixture(action.ref)
  }
}

const announce = async (world: World, execution: Execution): Promise<Outcome> => {
  const { action, parameters } = execution
  const payload = announcementPayload(action.ref, parameters)
  const route = parameters.route ?? action.parameters.route?.default ?? 'general'
  await emitAnnouncement(world, String(route), payload)
  return { status: 'succeeded', result: announcementResult(payload) }
}

const inquiry = ({ schema, roles, users, route, ttl }: Json): Json => ({
  schema,
  roles,
  users,
  route,
  ttl,
})

/** Ends an execution and tells those who asked to be notified. */
export const complete = async (world: World, id: string, outcome: Outcome): Promise<void> => {
  const execution = world.executions.change(id, outcome)
  if (execution && isCompleted(execution.status)) await notifyCompletion(world, execution)
}

/**
 * Carries an execution from `requested` to its end and to the chat. Never throws: what goes wrong
 * here is the outcome of the execution, as on the server.
 */
export const runExecution = (world: World, id: string): Promise<void> => {
  const run = toTheEnd(world, id).finally(() => world.runs.delete(run))
  world.runs.add(run)
  return run
}

const toTheEnd = async (world: World, id: string): Promise<void> => {
  const { executions, faults, clock } = world
  try {
    // The reply to the request normally overtakes the run.
    await clock.sleep(0, world.signal)
    while (faults.current().freeze) await clock.sleep(20, world.signal)
    const execution = executions.get(id)
    if (!execution || execution.status !== 'requested') return
    const signal = AbortSignal.any([executions.signal(id), world.signal])
    executions.change(id, { status: 'running' })
    const outcome = await perform(world, execution, signal).catch((error): Outcome => ({
      status: 'failed',
      result: { error: error instanceof Error ? error.message : String(error), traceback: '' },
    }))
    const now = executions.get(id)
    if (!now || isCompleted(now.status)) return
    await complete(
      world,
      id,
      now.status === 'canceling' ? { status: 'canceled', result: now.result } : outcome,
    )
  } catch (error) {
    if (!world.signal.aborted) {
      world.log.error('The sandbox could not finish an execution', {
        execution: id,
        error: error instanceof Error ? error : String(error),
      })
    }
  }
}
