import * as v from 'valibot'
import type { ChatMessage } from '../chat/message.ts'
import { neutralise } from '../chat/render.ts'

/** Where a command came from, as it travels with the execution and comes back with its result. */
export type Origin = {
  /** Ours, one for each command: it finds the execution when StackStorm's answer was lost. */
  readonly correlation: string
  readonly service: string
  readonly channel: string
  readonly thread?: string | undefined
  readonly user: { readonly id: string; readonly name: string }
}

/** What StackStorm gets as `source_context`: ids in one opaque word, and the correlation to search by. */
export type SourceContext = { readonly correlation: string; readonly origin: string }

const originSchema = v.object({
  correlation: v.string(),
  service: v.string(),
  channel: v.string(),
  thread: v.optional(v.string()),
  user: v.object({ id: v.string(), name: v.string() }),
})

/** The origin of a command that somebody typed into `service`. */
export const originOf = (service: string, message: ChatMessage, correlation: string): Origin => ({
  correlation,
  service,
  channel: message.channel,
  thread: message.thread,
  user: message.user,
})

/**
 * Packs an origin for StackStorm. Its notifier renders every field as a template with access to its datastore,
 * so nothing that a person typed goes there as text: base64url holds no delimiter.
 */
export const toSourceContext = (origin: Origin): SourceContext => ({
  correlation: origin.correlation,
  origin: Buffer.from(JSON.stringify(origin)).toString('base64url'),
})

/** The origin in a result's context, or undefined where the context is not ours or was changed on its way. */
export const readOrigin = (context: unknown): Origin | undefined => {
  const isOurs = typeof context === 'object' && context !== null && 'origin' in context
  if (!isOurs || typeof context.origin !== 'string') return undefined
  try {
    const inner = JSON.parse(Buffer.from(context.origin, 'base64url').toString())
    const parsed = v.safeParse(originSchema, inner)
    return parsed.success ? parsed.output : undefined
  } catch {
    return undefined
  }
}

/** The channel as StackStorm is told it: an id, with template delimiters broken up. */
export const sourceChannel = (channel: string): string => neutralise(channel)
