import type { OutgoingMessage } from './message.ts'

/** What StackStorm's templates put between the plain part and the attached part of a message. */
const delimiter = '{~}'

/** The words by which StackStorm's default result tells that an execution failed. */
const failed = 'status : failed'

/** A message for chat as StackStorm announces it or as an alias' `ack` words it. */
export type Announced = {
  readonly message: string
  readonly extra: Readonly<Record<string, unknown>>
}

/** The parts of an `OutgoingMessage` that follow from the text and `extra` alone. */
export type Rendered = Pick<OutgoingMessage, 'pretext' | 'text' | 'status' | 'extra'>

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Splits a message at its first `{~}`, picks `extra.<service>`, and reads the status off the text.
 * What stands behind a second `{~}` is dropped, as it always was.
 *
 * @param services the adapter's name and its aliases: `extra` is found under any of them
 */
export const render = (announced: Announced, services: readonly string[]): Rendered => {
  const { message, extra } = announced
  const end = message.indexOf(delimiter)
  const pretext = end < 0 ? '' : message.slice(0, end)
  return {
    pretext: pretext.trim() === '' ? '' : pretext,
    text: end < 0 ? message : attached(message, end + delimiter.length),
    status: message.includes(failed) ? 'failed' : 'succeeded',
    extra: extraFor(extra, services),
  }
}

/** What stands behind the first delimiter, up to the second. */
const attached = (message: string, start: number): string => {
  const end = message.indexOf(delimiter, start)
  return end < 0 ? message.slice(start) : message.slice(start, end)
}

const extraFor = (extra: Announced['extra'], services: readonly string[]): Rendered['extra'] => {
  const own = services.map((service) => extra[service]).find(isObject) ?? {}
  // A colour at the top holds for every service that has no own.
  const { color } = extra
  return typeof color === 'string' ? { color, ...own } : own
}

/**
 * Breaks up template delimiters, so that a display name such as `{{ st2kv.system.password }}` stays a text
 * when StackStorm's notifier renders it (it does, with access to the datastore).
 */
export const neutralise = (text: string): string => text.replace(/\{(?=[{%#])/g, '{ ')
