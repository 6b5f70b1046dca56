// deno-lint-ignore-file camelcase -- the names are StackStorm's own
import { castParameters } from './cast-parameters.ts'
import { Fault, internalFault } from './fault.ts'
import { TemplateFailure } from './jinja/failure.ts'
import { renderDeep, renderTemplate } from './jinja/render.ts'
import type { AliasDocument, Execution, Json } from './model.ts'
import { checkParameters } from './parameters.ts'
import type { World } from './world.ts'

/** Who asks for an alias to be run, and where the answer goes. */
export type Caller = {
  readonly apiUser: string
  readonly user: string
  readonly channel: string
  readonly route: string | null
  readonly context: unknown
}

/** All patterns of an alias that can be executed. One given as plain text falls apart into its characters. */
export const representations = (alias: AliasDocument): readonly string[] =>
  alias.formats.flatMap((format) =>
    typeof format === 'string' ? [format] : [...(format.representation ?? [])]
  )

/** Adds the alias' own values. @throws Fault 400 if the command brings one of them, 500 if one cannot be rendered */
const withImmutable = (alias: AliasDocument, parameters: Json, context: Json): Json => {
  const names = Object.keys(alias.immutable_parameters)
  const overridden = names.filter((name) => Object.hasOwn(parameters, name))
  if (overridden.length > 0) {
    throw new Fault(400, `Immutable arguments cannot be overriden: ${overridden.join(',')}`)
  }
  try {
    const values = renderDeep(
      alias.immutable_parameters,
      { ...context, st2kv: { system: {}, user: {} } },
      'strict',
    )
    return { ...parameters, ...(values as Json) }
  } catch (cause) {
    throw internalFault(cause)
  }
}

/**
 * Schedules one execution of an alias with parameters that were read from a command.
 * @throws Fault in the server's words
 */
export const schedule = (
  world: World,
  alias: AliasDocument,
  parsed: Json,
  caller: Caller,
): Execution => {
  const context = {
    action_alias_ref: { id: alias.id, name: alias.name },
    api_user: caller.apiUser,
    user: caller.user,
    source_channel: caller.channel,
  }
  const given = withImmutable(alias, parsed, context)
  const action = world.registry.action(alias.action_ref)
  if (!action) throw new Fault(404, `Action with ref "${alias.action_ref}" not found `)
  const runner = world.registry.runner(action.runner_type)
  const parameters = castParameters(action, runner, given)
  checkParameters(action, runner, parameters, {
    dump: true,
    free: !world.registry.isDeclared(action.ref),
  })
  const ownNotify = Object.keys(action.notify).length > 0
  return world.executions.create({
    action,
    runner,
    parameters,
    context: { ...context, pack: action.pack },
    // An action that says itself whom to notify replaces what the chat asked for.
    notify: ownNotify ? action.notify : {
      'on-complete': {
        data: {
          user: caller.apiUser,
          source_channel: caller.channel,
          source_context: caller.context ?? null,
        },
        routes: [caller.route],
      },
    },
  })
}

/**
 * The answer for one scheduled execution: the execution, its alias and the rendered acknowledgement.
 * @throws Fault 500 if a template has a syntax error, although the execution is scheduled
 */
export const acknowledgement = (
  world: World,
  alias: AliasDocument,
  execution: Execution,
  showSecrets: boolean,
): Json => {
  const document = world.executions.document(execution, showSecrets)
  const context = { execution: document, actionalias: alias }
  const { format, extra } = alias.ack
  const message = typeof format === 'string' && format !== ''
    ? { message: orExplanation('format', () => renderTemplate(format, context, 'strict')) }
    : {}
  const rendered = extra
    ? {
      extra: orExplanation('extra', () => renderDeep(extra, { ...context, ...message }, 'strict')),
    }
    : {}
  return { execution: document, actionalias: alias, ...message, ...rendered }
}

const orExplanation = (field: string, render: () => unknown): unknown => {
  try {
    return render()
  } catch (cause) {
    if (cause instanceof TemplateFailure && cause.kind === 'undefined') {
      return `Cannot render "${field}" in field "ack" for alias. ${cause.message}`
    }
    throw internalFault(cause)
  }
}
