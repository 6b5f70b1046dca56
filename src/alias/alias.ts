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
  /** The representations of all formats that can be executed, in order; `commandsOf` tells more of them. */
  readonly commands: readonly string[]
  /** Representations given as plain text: StackStorm finds the alias by one, and then refuses to run it. */
  readonly refused: readonly string[]
  readonly ack: { readonly enabled: boolean; readonly appendUrl: boolean }
  /** `worded`: it has a `format` of its own. */
  readonly result: { readonly enabled: boolean; readonly worded: boolean }
  readonly extra: Readonly<Record<string, unknown>>
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

const isText = (value: unknown): boolean =>
  typeof value === 'string' || value === undefined || value === null
const isFlag = (value: unknown): boolean =>
  typeof value === 'boolean' || value === undefined || value === null
const isRecord = (value: unknown): boolean =>
  isObject(value) || value === undefined || value === null

/** Whether a value is an alias' `ack`, or its `result`, which has less. */
const isReply = (value: unknown): boolean => {
  if (!isObject(value)) return value === undefined || value === null
  const { enabled, format, append_url: linked, extra } = value
  return isFlag(enabled) && isText(format) && isFlag(linked) && isRecord(extra)
}

/**
 * Whether a value is such a document at a glance, as nearly all are. The schema has the last word on every other, and the words for
 * what is wrong with it; on ten thousand documents at every start it would be a third of the work.
 */
const isDocument = (value: unknown): value is v.InferOutput<typeof document> => {
  if (!isObject(value)) return false
  const { name, pack } = value
  return typeof name === 'string' && name !== '' && typeof pack === 'string' && pack !== '' &&
    isText(value.ref) && isText(value.action_ref) && isText(value.description) &&
    isFlag(value.enabled) && Array.isArray(value.formats) && isReply(value.ack) &&
    isReply(value.result) && isRecord(value.extra) && isRecord(value.immutable_parameters)
}

/** As `isDocument`, for an entry of `formats`. */
const isFormatObject = (value: unknown): value is v.InferOutput<typeof formatObject> =>
  isObject(value) && isText(value.display) && Array.isArray(value.representation) &&
  value.representation.every((one) => typeof one === 'string')

/** What most aliases have to say, once for all of them. */
const nothing: Readonly<Record<string, unknown>> = Object.freeze({})

const none: readonly string[] = []

const filled = (
  value: Readonly<Record<string, unknown>> | null | undefined,
): Readonly<Record<string, unknown>> => {
  for (const _key in value) return value
  return nothing
}

const isEnabled = 1
const isAcknowledged = 2
const isLinked = 4
const isPosted = 8
const isWorded = 16

/** A format that is a text, or an object that says no more than one, is kept as that text. */
type KeptFormat = string | AliasFormat

/**
 * An alias as it is kept. Of ten thousand few are ever called: what follows from the rest is made when it is asked for, and a format that
 * stands alone needs no list.
 */
class KeptAlias implements Alias {
  readonly name: string
  readonly pack: string
  readonly actionRef: string
  readonly description: string | undefined
  readonly extra: Alias['extra']
  private readonly kept: string | readonly KeptFormat[]
  /** A bit each. */
  private readonly flags: number

  constructor(output: v.InferOutput<typeof document>) {
    const { name, pack, formats, description, enabled, ack, result, extra } = output
    this.name = name
    this.pack = pack
    this.actionRef = output.action_ref ?? ''
    this.description = description ?? undefined
    this.extra = filled(extra)
    this.kept = formats.length === 1 && typeof formats[0] === 'string'
      ? formats[0]
      : formats.map(readFormat).filter((format) => format !== undefined)
    this.flags = (enabled ?? true ? isEnabled : 0) | (ack?.enabled ?? true ? isAcknowledged : 0) |
      (ack?.append_url ?? true ? isLinked : 0) | (result?.enabled ?? true ? isPosted : 0) |
      (typeof result?.format === 'string' ? isWorded : 0)
  }

  get ref(): string {
    return `${this.pack}.${this.name}`
  }

  get enabled(): boolean {
    return (this.flags & isEnabled) !== 0
  }

  get formats(): readonly AliasFormat[] {
    return [this.kept].flat().map(written)
  }

  get commands(): readonly string[] {
    return this.representations(false)
  }

  get refused(): readonly string[] {
    return this.representations(true)
  }

  /** Asked of every alias of a list, without making its formats. */
  private representations(refused: boolean): readonly string[] {
    if (typeof this.kept === 'string') return refused ? none : [this.kept]
    const found: string[] = []
    for (const format of this.kept) {
      if (typeof format === 'string') {
        if (!refused) found.push(format)
      } else if (format.stringRepresentation === refused) found.push(...format.representations)
    }
    return found
  }

  get ack(): Alias['ack'] {
    return {
      enabled: (this.flags & isAcknowledged) !== 0,
      appendUrl: (this.flags & isLinked) !== 0,
    }
  }

  get result(): Alias['result'] {
    return { enabled: (this.flags & isPosted) !== 0, worded: (this.flags & isWorded) !== 0 }
  }
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
export const readAlias = (value: unknown): Alias => new KeptAlias(readDocument(value))

/** Whether a value came from `readAlias`, which makes nothing of it anew. */
export const isAlias = (value: unknown): value is Alias => value instanceof KeptAlias

/** Whether every format of a document could be read: then none is looked at twice. */
export const isWhole = (alias: Alias, value: unknown): boolean =>
  isObject(value) && Array.isArray(value.formats) &&
  (value.formats.every((format) => typeof format === 'string' || isFormatObject(format)) ||
    value.formats.length === alias.formats.length)

/** Each way to call an alias: a representation, and the format that it belongs to. */
export const commandsOf = (
  alias: Alias | undefined,
): readonly { readonly aliasFormat: AliasFormat; readonly format: string }[] =>
  alias?.formats.flatMap((aliasFormat) =>
    // A representation given as plain text is refused when it is to be executed.
    aliasFormat.stringRepresentation
      ? []
      : aliasFormat.representations.map((format) => ({ aliasFormat, format }))
  ) ?? []

/** Whether a format is a text for help alone, which nobody can call: StackStorm's authors may write such. */
export const isHelpText = ({ display, representations }: AliasFormat): boolean =>
  display !== undefined && display !== '' && representations.length === 0

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

function readFormat(value: unknown): KeptFormat | undefined {
  if (typeof value === 'string') return value
  const read = isFormatObject(value) ? value : readFormatObject(value)
  if (read === undefined) return undefined
  const { display, representation, match_multiple: multiple } = read
  const saysMultiple = Object.hasOwn(read, 'match_multiple')
  if (Array.isArray(representation) && representation.length === 1 && !saysMultiple) {
    const [only] = representation
    if (only === display) return only
  }
  return {
    display: display ?? undefined,
    representations: typeof representation === 'string' ? [representation] : representation ?? [],
    matchMultiple: isTrue(multiple),
    saysMultiple,
    stringRepresentation: typeof representation === 'string',
  }
}

/** A format as it is used. */
const written = (format: KeptFormat): AliasFormat =>
  typeof format !== 'string' ? format : {
    display: format,
    representations: [format],
    matchMultiple: false,
    saysMultiple: false,
    stringRepresentation: false,
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
