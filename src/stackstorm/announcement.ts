import * as v from 'valibot'
import { deepest, isTooDeep } from '../nesting.ts'
import { dictionary } from './schema.ts'

/** One `chatops.post_message`, as it came by the stream. */
export type Announcement = {
  /** What stands behind `st2.announcement__`: the route it was posted to. */
  readonly route: string
  /** Empty when none was named. */
  readonly channel: string
  readonly message: string
  readonly user?: string
  readonly whisper: boolean
  /** What was sent as `source_context` with the command, after StackStorm rendered it. */
  readonly context?: Readonly<Record<string, unknown>>
  readonly extra: Readonly<Record<string, unknown>>
}

/** An announcement that cannot be posted; the message says why. */
export class AnnouncementProblem extends Error {
  override readonly name = 'AnnouncementProblem'
}

const prefix = 'st2.announcement__'

/** Any action with the announcement runner may put anything here: what cannot be read counts as not given. */
const optionalDictionary = v.fallback(v.optional(dictionary), undefined)
const yes = v.fallback(
  v.union([
    v.boolean(),
    v.pipe(v.literal(1), v.transform(() => true)),
    v.pipe(v.string(), v.transform((text) => /^(true|yes|1)$/i.test(text))),
  ]),
  false,
)
/** Jinja turns an id of digits into a number. */
const name = v.fallback(
  v.optional(
    v.pipe(
      v.union([v.string(), v.pipe(v.number(), v.transform(String))]),
      v.trim(),
      v.nonEmpty(),
    ),
  ),
  undefined,
)
/** Indentation makes a text longer by its depth: people read neither one of more levels than these, nor one of more characters. */
const deepestIndented = 20
const longestIndented = 1024 * 1024

const jsonText = (value: object): string => {
  const short = JSON.stringify(value)
  return short.length > longestIndented || isTooDeep(value, deepestIndented)
    ? short
    : JSON.stringify(value, null, 2)
}

/** A template may give a number, a flag, or a whole object: the last is shown as its JSON text. */
const text = v.union([
  v.string(),
  v.pipe(v.union([v.number(), v.boolean(), v.bigint()]), v.transform(String)),
  v.pipe(
    v.union([v.array(v.unknown()), v.record(v.string(), v.unknown())]),
    v.transform((value) => jsonText(value)),
  ),
])

const payloadOf = v.object({
  payload: v.object({
    channel: name,
    message: v.nullish(v.unknown()),
    user: name,
    whisper: v.optional(yes, false),
    context: optionalDictionary,
    extra: optionalDictionary,
  }),
})

/** Fields as nearly every announcement has them. */
type Usual = {
  readonly channel?: string | null
  readonly message: string
  readonly user?: string | null
  readonly whisper: boolean
  readonly context?: Readonly<Record<string, unknown>> | null
  readonly extra?: Readonly<Record<string, unknown>> | null
}

const isName = (value: unknown): boolean =>
  value === undefined || value === null ||
  (typeof value === 'string' && value !== '' && value === value.trim())

/** Names that valibot leaves out of what it reads. */
const isDictionary = (value: unknown): boolean =>
  value === undefined || value === null ||
  (typeof value === 'object' && !Array.isArray(value) && !Object.hasOwn(value, '__proto__') &&
    !Object.hasOwn(value, 'prototype') && !Object.hasOwn(value, 'constructor'))

/** Whether there is nothing in it that must be made into something else: to look costs a twentieth of a schema. */
const isUsual = (payload: unknown): payload is Usual => {
  if (typeof payload !== 'object' || payload === null) return false
  const { channel, message, user, whisper, context, extra } = payload as Record<string, unknown>
  return typeof message === 'string' && typeof whisper === 'boolean' && isName(channel) &&
    isName(user) && isDictionary(context) && isDictionary(extra)
}

const payloadIn = (data: unknown): unknown =>
  typeof data === 'object' && data !== null && 'payload' in data ? data.payload : undefined

const originOf = (route: string): string => `The announcement on route "${route}"`

/** Whatever takes a field apart later may do so level by level. */
const refuseDeep = (route: string, name: 'context' | 'extra' | 'message', value: unknown): void => {
  if (!isTooDeep(value)) return
  throw new AnnouncementProblem(
    `${
      originOf(route)
    } holds lists and objects in more than ${deepest} levels in "${name}": make that flatter.`,
  )
}

const readUnusual = (route: string, data: unknown): Usual => {
  const origin = originOf(route)
  const read = v.safeParse(payloadOf, data)
  if (!read.success) throw new AnnouncementProblem(`${origin} has no payload.`)
  const { channel, message, user, whisper, context, extra } = read.output.payload
  refuseDeep(route, 'message', message)
  const said = v.safeParse(text, message)
  if (!said.success) {
    throw new AnnouncementProblem(
      `${origin} for channel ${
        channel ?? '(none)'
      } has no message: give chatops.post_message the parameter "message".`,
    )
  }
  return {
    message: said.output,
    whisper,
    ...(channel !== undefined && { channel }),
    ...(user !== undefined && { user }),
    ...(context !== undefined && { context }),
    ...(extra !== undefined && { extra }),
  }
}

/**
 * Reads the data of a `st2.announcement__<route>` event. Fields that are null, missing or of another kind
 * count as not given; a message that is no text becomes one.
 * Throws AnnouncementProblem when there is no payload or no message, as there is nothing to post then, and when a field is deeper
 * than any author's.
 */
export const readAnnouncement = (event: string, data: unknown): Announcement => {
  if (!event.startsWith(prefix)) {
    throw new AnnouncementProblem(`The event ${event} is no announcement.`)
  }
  const route = event.slice(prefix.length)
  const payload = payloadIn(data)
  const { channel, message, user, whisper, context, extra } = isUsual(payload)
    ? payload
    : readUnusual(route, data)
  refuseDeep(route, 'context', context)
  refuseDeep(route, 'extra', extra)
  // By the alphabet: that is the order in which a fingerprint is taken.
  return {
    channel: channel ?? '',
    ...(context && { context }),
    extra: extra ?? {},
    message,
    route,
    ...(user && { user }),
    whisper,
  }
}
