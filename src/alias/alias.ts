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
const flag = v.nullish(v.boolean())
const object = v.nullish(v.record(v.string(), v.unknown()))

const document = v.object({
  name: v.pipe(v.string(), v.nonEmpty('must not be empty')),
  pack: v.pipe(v.string(), v.nonEmpty('must not be empty')),
  ref: text,
  action_ref: text,
  description: text,
  enabled: flag,
  formats: v.array(v.unknown()),
  ack: v.nullish(v.looseObject({
    enabled: flag,
    format: text,
    append_url: flag,
    extra: object,
  })),
  result: v.nullish(v.looseObject({
    enabled: flag,
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

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isNone = (value: unknown): value is null | undefined => value === undefined || value === null
const isText = (value: unknown): boolean => isNone(value) || typeof value === 'string'
const isFlag = (value: unknown): boolean => isNone(value) || typeof value === 'boolean'
const isRecord = (value: unknown): boolean => isNone(value) || isObject(value)
const isName = (value: unknown): boolean => typeof value === 'string' && value !== ''

/**
 * Whether a value is such a document at a glance, as nearly all are. The schema has the last word on every other, and the words for
 * what is wrong with it; on ten thousand documents at every start it would be a third of the work.
 */
const isDocument = (value: unknown): value is v.InferOutput<typeof document> => {
  if (!isObject(value)) return false
  const { ack, result } = value
  return isName(value.name) && isName(value.pack) && isText(value.ref) &&
    isText(value.action_ref) && isText(value.description) && isFlag(value.enabled) &&
    Array.isArray(value.formats) && isRecord(value.extra) &&
    isRecord(value.immutable_parameters) &&
    (isNone(ack) || (isObject(ack) && isFlag(ack.enabled) && isText(ack.format) &&
      isFlag(ack.append_url) && isRecord(ack.extra))) &&
    (isNone(result) || (isObject(result) && isFlag(result.enabled) && isText(result.format) &&
      isRecord(result.extra)))
}

/** As `isDocument`, for an entry of `formats`. */
const isFormatObject = (value: unknown): value is v.InferOutput<typeof formatObject> =>
  isObject(value) && isText(value.display) && Array.isArray(value.representation) &&
  value.representation.every((one) => typeof one === 'string')

/** What most aliases have to say, once for all of them. */
const nothing: Readonly<Record<string, unknown>> = Object.freeze({})

const filled = (
  value: Readonly<Record<string, unknown>> | null | undefined,
): Readonly<Record<string, unknown>> => {
  for (const _key in value) return value
  return nothing
}

/** Checks a value: at a glance if that settles it, by the schema if not. Throws AliasProblem. */
const readDocument = (value: unknown): v.InferOutput<typeof document> => {
  if (isDocument(value)) return value
  const read = v.safeParse(document, value)
  if (!read.success) throw new AliasProblem(refOf(value), issueText(read.issues[0]))
  return read.output
}

/**
 * Reads an alias as `GET /v1/actionalias` gives it. Formats that are neither text nor object are left out;
 * `badFormats` tells of them. Throws AliasProblem if the document itself makes no sense.
 */
export function readAlias(value: unknown): Alias {
  const output = readDocument(value)
  return {
    name: output.name,
    pack: output.pack,
    ref: output.ref ?? `${output.pack}.${output.name}`,
    actionRef: output.action_ref ?? '',
    description: output.description ?? undefined,
    enabled: output.enabled ?? true,
    formats: output.formats.map(readFormat).filter((format) => format !== undefined),
    ack: {
      enabled: output.ack?.enabled ?? true,
      format: output.ack?.format ?? undefined,
      appendUrl: output.ack?.append_url ?? true,
      extra: filled(output.ack?.extra),
    },
    result: {
      enabled: output.result?.enabled ?? true,
      format: output.result?.format ?? undefined,
      extra: filled(output.result?.extra),
    },
    extra: filled(output.extra),
    immutableParameters: filled(output.immutable_parameters),
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
  const read = isFormatObject(value) ? value : readFormatObject(value)
  if (read === undefined) return undefined
  const { display, representation, match_multiple: multiple } = read
  return {
    display: display ?? undefined,
    representations: typeof representation === 'string' ? [representation] : representation ?? [],
    matchMultiple: isTrue(multiple),
    saysMultiple: Object.hasOwn(read, 'match_multiple'),
    stringRepresentation: typeof representation === 'string',
  }
}

const readFormatObject = (value: unknown): v.InferOutput<typeof formatObject> | undefined => {
  const read = v.safeParse(formatObject, value)
  return read.success ? read.output : undefined
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
