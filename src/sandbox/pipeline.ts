// deno-lint-ignore-file camelcase -- the names are StackStorm's own
import { type ExecutionForMessage, formatDefaultResult } from '../stackstorm/default-result.ts'
import { announcementPayload, announcementResult, emitAnnouncement } from './announcements.ts'
import { renderDeep, renderTemplate } from './jinja/render.ts'
import type { Execution, Json } from './model.ts'
import type { World } from './world.ts'

/** The stock rules: the notification route they wait for, and the announcement route they pass on. */
const rules = [
  { ref: 'chatops.notify', name: 'notify', route: 'hubot', passesRoute: false },
  { ref: 'chatops.notify-errbot', name: 'notify-errbot', route: 'errbot', passesRoute: true },
] as const

/** Rules that fired are remembered up to this number. */
const mostEnforcements = 1000

/** The system user that rules run actions as. */
const systemUser = 'stanley'

/**
 * The way of a result: one trigger for each route, the stock rule for it, `chatops.post_result` with
 * its children, and the announcement as the last thing of all.
 */
export const notifyCompletion = async (world: World, execution: Execution): Promise<void> => {
  const notify = execution.notify?.['on-complete']
  if (!notify) return
  for (const route of notify.routes) {
    const rule = rules.find((one) => one.route === route)
    const data = notifierData(notify.data ?? {}, execution)
    if (rule) await applyRule(world, rule, execution, data)
  }
}

/**
 * The notifier renders what came with the command as templates, mappings through JSON. If any of it
 * fails, all of it stays as it was sent.
 */
const notifierData = (data: Json, execution: Execution): Json => {
  const context = {
    action_parameters: execution.parameters,
    action_results: execution.result,
    st2kv: { system: {}, user: {} },
  }
  try {
    return Object.fromEntries(
      Object.entries(data).map(([name, value]) => [
        name,
        typeof value === 'string'
          ? renderTemplate(value, context, 'strict')
          : value === null || typeof value !== 'object'
          ? value
          : JSON.parse(renderTemplate(JSON.stringify(value), context, 'strict')),
      ]),
    )
  } catch {
    return data
  }
}

const applyRule = async (
  world: World,
  rule: (typeof rules)[number],
  execution: Execution,
  data: Json,
): Promise<void> => {
  const { ids, executions, registry, enforcements } = world
  const action = registry.action('chatops.post_result')
  if (!action) return
  const triggerInstance = ids.objectId()
  const ruleId = ruleDocumentId(rule.ref)
  const parameters = {
    channel: data.source_channel ?? '',
    user: data.user ?? '',
    execution_id: execution.id,
    ...(rule.passesRoute ? { route: rule.route } : {}),
    context: data.source_context ?? null,
  }
  const context = {
    trigger_instance: { id: triggerInstance, name: null },
    rule: { id: ruleId, name: rule.name },
    user: systemUser,
    pack: 'chatops',
    trace_context: { id_: ids.objectId(), trace_tag: `execution-${execution.liveactionId}` },
  }
  const runner = registry.runner('orquesta')
  const post = executions.create({ action, runner, parameters, context })
  enforcements.push({
    trigger_instance_id: triggerInstance,
    execution_id: post.id,
    rule: { ref: rule.ref, id: ruleId, uid: `rule:${rule.ref.replace('.', ':')}` },
    enforced_at: ids.timestamp(),
    status: 'succeeded',
    id: ids.objectId(),
  })
  if (enforcements.length > mostEnforcements) enforcements.shift()
  await postResult(world, post, execution, parameters)
}

/** Stable ids for the two rules, so that documents that refer to them agree. */
export const ruleDocumentId = (ref: string): string =>
  Buffer.from(ref).toString('hex').padEnd(24, '0').slice(0, 24)

const postResult = async (
  world: World,
  post: Execution,
  execution: Execution,
  parameters: Json,
): Promise<void> => {
  const { executions, faults } = world
  executions.change(post.id, { status: 'running' })
  const fail = (message: string) => {
    executions.change(post.id, {
      status: 'failed',
      result: { output: null, errors: [{ type: 'error', message }] },
    })
  }
  if (faults.strikes('failPostResult')) return fail('Ordered by the sandbox.')
  const formatted = runChild(
    world,
    post,
    'chatops.format_execution_result',
    { execution_id: execution.id },
    () => formatMessage(world, execution),
  )
  if ('error' in formatted) return fail(formatted.error)
  if (!formatted.enabled) {
    runChild(world, post, 'core.noop', {}, () => ({ enabled: false, message: '', extra: {} }))
    return finish(world, post, 'Execution result is disabled.')
  }
  // The workflow reads the message as an expression once more, and fails on what looks like one.
  if (/\{\{|\{%|<%/.test(formatted.message)) {
    return fail('The message holds an expression that the workflow cannot evaluate.')
  }
  await postMessage(world, post, {
    user: parameters.user,
    channel: parameters.channel,
    whisper: false,
    message: formatted.message,
    route: parameters.route ?? 'chatops',
    context: parameters.context,
    extra: formatted.extra,
  })
  finish(world, post, 'Execution result has been posted.')
}

const finish = (world: World, post: Execution, note: string): void => {
  world.executions.change(post.id, { status: 'succeeded', result: { output: { note } } })
}

/** Children carry their parent's context. */
const childOf = (world: World, post: Execution, ref: string, parameters: Json) => {
  const action = world.registry.action(ref)
  if (!action) throw new Error(`The sandbox has no action ${ref}`)
  return world.executions.create({
    action,
    runner: world.registry.runner(action.runner_type),
    parameters,
    parent: post.id,
    context: {
      pack: action.pack,
      user: systemUser,
      parent: { ...post.context, execution_id: post.id },
    },
  })
}

type Formatted = { readonly enabled: boolean; readonly message: string; readonly extra: unknown }

const runChild = (
  world: World,
  post: Execution,
  ref: string,
  parameters: Json,
  work: () => Formatted,
): Formatted | { readonly error: string } => {
  const child = childOf(world, post, ref, parameters)
  world.executions.change(child.id, { status: 'running' })
  try {
    const result = work()
    world.executions.change(child.id, {
      status: 'succeeded',
      result: { result, exit_code: 0, stdout: '', stderr: '' },
    })
    return result
  } catch (cause) {
    const error = cause instanceof Error ? cause.message : String(cause)
    world.executions.change(child.id, {
      status: 'failed',
      result: { result: 'None', exit_code: 1, stdout: '', stderr: error },
    })
    world.log.warn('The result template of an alias failed; no message reaches the chat', {
      alias: aliasName(post, world),
      error,
    })
    return { error }
  }
}

const aliasName = (post: Execution, world: World): string => {
  const execution = world.executions.get(String(post.parameters.execution_id))
  const reference = execution?.context.action_alias_ref as { name?: string } | undefined
  return reference?.name ?? '(none)'
}

/** The message of an execution: the alias' own format, or the default. */
const formatMessage = (world: World, execution: Execution): Formatted => {
  const reference = execution.context.action_alias_ref as { id?: string } | undefined
  const alias = world.registry.aliases().find((one) => one.id === reference?.id)
  const document = world.executions.document(execution)
  const context = { execution: document, alias: alias ?? {} }
  const { format, extra, enabled } = alias?.result ?? {}
  return {
    enabled: enabled !== false,
    message: typeof format === 'string'
      ? renderTemplate(format, context, 'lenient')
      : formatDefaultResult(document as unknown as ExecutionForMessage),
    extra: extra === undefined || extra === null ? {} : renderDeep(extra, context, 'strict'),
  }
}

const postMessage = async (world: World, post: Execution, parameters: Json): Promise<void> => {
  const child = childOf(world, post, 'chatops.post_message', parameters)
  const payload = announcementPayload('chatops.post_message', parameters)
  // The executions are there, and finished, before anybody hears of the message.
  world.executions.change(child.id, {
    status: 'succeeded',
    result: announcementResult(payload),
  })
  await emitAnnouncement(world, String(parameters.route), payload)
}
