import * as v from 'valibot'

/** One entry of an alias' `formats`, as StackStorm reads it. */
export type AliasFormat = {
  /** The text for help; undefined if a format object has none. */
  readonly display: string | undefined
  readonly representations: readonly string[]
  readonly matchMultiple: boolean
  /** Whether the entry says anything about `match_multiple`: the server's first pass asks for the key itself. */
  readonly saysMultiple: boolean
  /** `representation` was a plain string, which *match* reads and alias execution then refuses. */
  readonly stringRepresentation: boolean
}

/** An action alias, with all that the bot uses of it. */
export type Alias = {
  readonly name: string
  readonly pack: string
  /** `pack.name` */
  readonly ref: string
  readonly actionRef: string
  readonly description: string | undefined
  readonly enabled: boolean
  readonly formats: readonly AliasFormat[]
  readonly ack: {
    readonly enabled: boolean
    readonly format: string | undefined
    readonly appendUrl: boolean
    readonly extra: Readonly<Record<string, unknown>>
  }
  readonly result: {
    readonly enabled: boolean
    readonly format: string | undefined
    readonly extra: Readonly<Record<string, unknown>>
  }
  readonly extra: Readonly<Record<string, unknown>>
  readonly immutableParameters: Readonly<Record<string, unknown>>
}

/** An alias document that cannot be used at all; `ref` names it as well as it can be named. */
export class AliasProblem extends Error {
  override readonly name = 'AliasProblem'
  readonly ref: string
  /** What is wrong, without the name. */
  readonly reason: string

  constructor(ref: string, reason: string, options?: ErrorOptions) {
    super(`Alias ${ref} cannot be read: ${reason}. Correct its document in StackStorm.`, options)
    this.ref = ref
    this.reason = reason
  }
}

const text = v.nullish(v.string())
const object = v.nullish(v.record(v.string(), v.unknown()))

const document = v.object({
  name: v.pipe(v.string(), v.nonEmpty('must not be empty')),
  pack: v.pipe(v.string(), v.nonEmpty('must not be empty')),
  ref: text,
  action_ref: v.nullish(v.string(), ''),
  description: text,
  enabled: v.nullish(v.boolean(), true),
  formats: v.array(v.unknown()),
  ack: v.nullish(v.looseObject({
    enabled: v.nullish(v.boolean(), true),
    format: text,
    append_url: v.nullish(v.boolean(), true),
    extra: object,
  })),
  result: v.nullish(v.looseObject({
    enabled: v.nullish(v.boolean(), true),
    format: text,
    extra: object,
  })),
  extra: object,
  immutable_parameters: object,
})

const named = v.looseObject({ name: text, pack: text, ref: text })

const withFormats = v.looseObject({ formats: v.array(v.unknown()) })

const formatObject = v.looseObject({
  display: text,
  representation: v.nullish(v.union([v.string(), v.array(v.string())])),
  match_multiple: v.nullish(v.unknown()),
})

/**
 * Reads an alias as `GET /v1/actionalias` gives it. Formats that are neither text nor object are left out;
 * `badFormats` tells of them. Throws AliasProblem if the document itself makes no sense.
 */
export function readAlias(value: unknown): Alias {
  const read = v.safeParse(document, value)
  if (!read.success) throw new AliasProblem(refOf(value), issueText(read.issues[0]))
  const { output } = read
  return {
    name: output.name,
    pack: output.pack,
    ref: output.ref ?? `${output.pack}.${output.name}`,
    actionRef: output.action_ref,
    description: output.description ?? undefined,
    enabled: output.enabled,
    formats: output.formats.map(readFormat).filter((format) => format !== undefined),
    ack: {
      enabled: output.ack?.enabled ?? true,
      format: output.ack?.format ?? undefined,
      appendUrl: output.ack?.append_url ?? true,
      extra: output.ack?.extra ?? {},
    },
    result: {
      enabled: output.result?.enabled ?? true,
      format: output.result?.format ?? undefined,
      extra: output.result?.extra ?? {},
    },
    extra: output.extra ?? {},
    immutableParameters: output.immutable_parameters ?? {},
  }
}

/** Entries of `formats` that are neither text nor a format object, with the reason. */
export function badFormats(
  value: unknown,
): readonly { readonly at: number; readonly reason: string }[] {
  const read = v.safeParse(withFormats, value)
  if (!read.success) return []
  return read.output.formats.flatMap((format, at) => {
    if (typeof format === 'string') return []
    const parsed = v.safeParse(formatObject, format)
    return parsed.success ? [] : [{ at, reason: issueText(parsed.issues[0]) }]
  })
}

function readFormat(value: unknown): AliasFormat | undefined {
  if (typeof value === 'string') {
    return {
      display: value,
      representations: [value],
      matchMultiple: false,
      saysMultiple: false,
      stringRepresentation: false,
    }
  }
  const read = v.safeParse(formatObject, value)
  if (!read.success) return undefined
  const { display, representation, match_multiple: multiple } = read.output
  return {
    display: display ?? undefined,
    representations: typeof representation === 'string' ? [representation] : representation ?? [],
    matchMultiple: isTrue(multiple),
    saysMultiple: Object.hasOwn(read.output, 'match_multiple'),
    stringRepresentation: typeof representation === 'string',
  }
}

const isTrue = (value: unknown): boolean =>
  value === true || (typeof value === 'number' && value !== 0) ||
  (typeof value === 'string' && value !== '')

/** How a document that may be anything is best named. */
export function refOf(value: unknown): string {
  const read = v.safeParse(named, value)
  if (!read.success) return '(no alias)'
  const { ref, pack, name } = read.output
  return ref ?? `${pack ?? '?'}.${name ?? '?'}`
}

const issueText = (issue: v.BaseIssue<unknown>): string =>
  `${v.getDotPath(issue) ?? 'it'}: ${issue.message}`
