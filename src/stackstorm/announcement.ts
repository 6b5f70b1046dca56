import * as v from 'valibot'
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
/** A template may give a number, a flag, or a whole object: the last is shown as its JSON text. */
const text = v.union([
  v.string(),
  v.pipe(v.union([v.number(), v.boolean(), v.bigint()]), v.transform(String)),
  v.pipe(
    v.union([v.array(v.unknown()), v.record(v.string(), v.unknown())]),
    v.transform((value) => JSON.stringify(value, null, 2)),
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

/**
 * Reads the data of a `st2.announcement__<route>` event. Fields that are null, missing or of another kind
 * count as not given; a message that is no text becomes one.
 * Throws AnnouncementProblem when there is no payload or no message: there is nothing to post then.
 */
export const readAnnouncement = (event: string, data: unknown): Announcement => {
  if (!event.startsWith(prefix)) {
    throw new AnnouncementProblem(`The event ${event} is no announcement.`)
  }
  const route = event.slice(prefix.length)
  const origin = `The announcement on route "${route}"`
  const read = v.safeParse(payloadOf, data)
  if (!read.success) throw new AnnouncementProblem(`${origin} has no payload.`)
  const { channel, message, user, whisper, context, extra } = read.output.payload
  const said = v.safeParse(text, message)
  if (!said.success) {
    throw new AnnouncementProblem(
      `${origin} for channel ${
        channel ?? '(none)'
      } has no message: give chatops.post_message the parameter "message".`,
    )
  }
  return {
    route,
    channel: channel ?? '',
    message: said.output,
    whisper,
    extra: extra ?? {},
    ...(user !== undefined && { user }),
    ...(context !== undefined && { context }),
  }
}
