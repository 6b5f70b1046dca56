import * as v from 'valibot'
import type { Announced, Finished, ResultState } from './catch-up.ts'

const optional = <Schema extends v.GenericSchema>(schema: Schema) =>
  v.fallback(v.optional(schema), undefined)

const dictionary = v.record(v.string(), v.unknown())
const id = v.pipe(v.string(), v.nonEmpty())
const text = v.pipe(v.string(), v.nonEmpty())

/** A time as StackStorm writes it, in ms since 1970; what is none counts as not given. */
const time = optional(
  v.pipe(v.string(), v.transform((value) => Date.parse(value)), v.finite()),
)

const withRoute = optional(v.object({ route: optional(text) }))

const announcedSchema = v.object({
  id,
  action: optional(
    v.object({
      ref: optional(text),
      parameters: optional(v.object({ route: optional(v.object({ default: optional(text) })) })),
    }),
  ),
  parameters: withRoute,
  parent: optional(text),
  result: optional(v.object({ output: v.unknown() })),
  start_timestamp: time,
  end_timestamp: time,
})

/**
 * The route that an announcement went by: as it was told, else what its action has as default, else the stock action's or
 * the runner's own.
 */
const routeOf = ({ parameters, action }: v.InferOutput<typeof announcedSchema>): string =>
  parameters?.route ?? action?.parameters?.route?.default ??
    (action?.ref === undefined || action.ref === 'chatops.post_message' ? 'chatops' : 'general')

/** An execution of an announcement action; undefined for a document without id or time. */
export const readAnnounced = (document: unknown): Announced | undefined => {
  const read = v.safeParse(announcedSchema, document)
  if (!read.success) return undefined
  const { id, result, parent, end_timestamp, start_timestamp } = read.output
  const at = end_timestamp ?? start_timestamp
  if (at === undefined) return undefined
  return {
    execution: id,
    route: routeOf(read.output),
    payload: result?.output,
    at,
    ...(parent !== undefined && { parent }),
  }
}

const finishedSchema = v.object({
  id,
  status: text,
  action: optional(v.object({ ref: optional(text) })),
  context: optional(v.object({ action_alias_ref: optional(v.object({ name: optional(text) })) })),
  liveaction: optional(v.object({
    notify: optional(v.object({
      'on-complete': optional(v.object({
        routes: optional(v.array(v.unknown())),
        data: optional(v.object({
          user: optional(text),
          source_channel: optional(text),
          source_context: optional(dictionary),
        })),
      })),
    })),
  })),
  start_timestamp: time,
  end_timestamp: time,
})

/** An execution whose result belongs on `route`; undefined for one that does not, or has neither id nor time. */
export const readFinished = (document: unknown, route: string): Finished | undefined => {
  const read = v.safeParse(finishedSchema, document)
  if (!read.success) return undefined
  const { id, status, action, context, liveaction, end_timestamp, start_timestamp } = read.output
  const notify = liveaction?.notify?.['on-complete']
  const at = end_timestamp ?? start_timestamp
  if (at === undefined || !notify?.routes?.includes(route)) return undefined
  const { user, source_channel: channel, source_context } = notify.data ?? {}
  const alias = context?.action_alias_ref?.name
  return {
    execution: id,
    status,
    action: action?.ref ?? '',
    at,
    ...(user !== undefined && { user }),
    ...(channel !== undefined && { channel }),
    ...(source_context !== undefined && { context: source_context }),
    ...(alias !== undefined && { alias }),
  }
}

const resultSchema = v.object({
  id,
  status: text,
  parameters: v.object({ execution_id: text }),
  result: optional(v.object({ output: optional(v.object({ note: optional(text) })) })),
})

/** Statuses after which nothing more comes of an execution; all but the first are failures. */
const ended = ['succeeded', 'failed', 'timeout', 'canceled', 'abandoned']

const stateOf = ({ status, result }: v.InferOutput<typeof resultSchema>): ResultState => {
  if (!ended.includes(status)) return 'running'
  if (status !== 'succeeded') return 'failed'
  // The workflow notes "Execution result is disabled." or "Execution result has been posted."
  return /disabled/i.test(result?.output?.note ?? '') ? 'disabled' : 'posted'
}

/** A run of `chatops.post_result`: whose result it was to post, and what became of it. */
export const readResult = (
  document: unknown,
): { readonly of: string; readonly state: ResultState } | undefined => {
  const read = v.safeParse(resultSchema, document)
  if (!read.success) return undefined
  return { of: read.output.parameters.execution_id, state: stateOf(read.output) }
}
