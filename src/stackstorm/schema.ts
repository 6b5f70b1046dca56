import * as v from 'valibot'

const optional = <Schema extends v.GenericSchema>(schema: Schema) =>
  v.fallback(v.optional(schema), undefined)

/** A JSON object; valibot's `record` lets a list pass for one. */
export const dictionary = v.pipe(
  v.unknown(),
  v.check((value) => !Array.isArray(value)),
  v.record(v.string(), v.unknown()),
)

/** `include_attributes` may leave everything out but the id: what is missing is filled with blanks. */
export const executionSchema = v.object({
  id: v.pipe(v.string(), v.nonEmpty()),
  status: v.fallback(v.optional(v.string(), ''), ''),
  action: v.fallback(v.optional(v.object({ ref: v.string() }), { ref: '' }), { ref: '' }),
  runner: optional(v.object({ name: v.string() })),
  web_url: optional(v.string()),
  start_timestamp: optional(v.string()),
  end_timestamp: optional(v.string()),
  elapsed_seconds: optional(v.number()),
  parameters: optional(dictionary),
  context: optional(dictionary),
  result: v.optional(v.unknown()),
  liveaction: v.optional(v.unknown()),
})

/** An execution as StackStorm describes it. Which further fields are there depends on what was asked for. */
export type Execution = Readonly<v.InferOutput<typeof executionSchema>>

/**
 * The answer of POST /v1/aliasexecution. Of the execution only the id is of use: the rest, some 4 kB, would be copied with every
 * command. `extra` is a text, the reason, where its template failed. */
export const aliasExecutionSchema = v.object({
  execution: v.object({ id: v.pipe(v.string(), v.nonEmpty()) }),
  actionalias: v.optional(v.unknown()),
  message: optional(v.string()),
  extra: optional(v.union([dictionary, v.string()])),
})

/** The answer of POST /auth/v1/tokens. */
export const tokenSchema = v.object({
  token: v.pipe(v.string(), v.nonEmpty()),
  expiry: optional(v.string()),
})

/** Whom StackStorm takes us for. */
export const identitySchema = v.object({
  username: v.string(),
  authentication: v.fallback(
    v.optional(v.object({ method: optional(v.string()), token_expire: optional(v.string()) }), {}),
    {},
  ),
  rbac: v.fallback(
    v.optional(
      v.object({
        enabled: v.fallback(v.optional(v.boolean(), false), false),
        is_admin: optional(v.boolean()),
      }),
      { enabled: false },
    ),
    { enabled: false },
  ),
})

export const versionSchema = v.object({ version: v.string() })

/** The parts of a rule that decide whether results come back to chat. */
export const ruleSchema = v.object({
  ref: v.string(),
  enabled: v.boolean(),
  criteria: v.fallback(v.optional(dictionary, {}), {}),
  action: v.object({ ref: v.string(), parameters: v.fallback(v.optional(dictionary, {}), {}) }),
})
