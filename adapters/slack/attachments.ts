import { split } from '../../src/chat/split.ts'
import type { Part } from './extra.ts'

/** As much JSON as the old bot put into one message; Slack promises to take it. */
const messageSize = 4_000
/** What an attachment needs beside its text. */
const reserve = 200
/** docs.slack.dev, "Messages": more than 100 attachments are refused, more than 20 are a nuisance. */
const most = 20

const sizeOf = (part: unknown): number => JSON.stringify(part).length

/**
 * An author's attachments in as many messages as Slack takes, in order: short ones together, long texts and long fields in
 * pieces that keep the colour. The first piece has the title, the last one the fields and the footer.
 */
export const spread = (attachments: readonly Part[]): readonly (readonly Part[])[] => {
  const messages: Part[][] = []
  let size = Infinity
  for (const part of attachments.flatMap(pieces)) {
    const more = sizeOf(part)
    const last = messages.at(-1)
    if (last !== undefined && size + more <= messageSize && last.length < most) {
      last.push(part)
      size += more
    } else {
      messages.push([part])
      size = more
    }
  }
  return messages
}

const headKeys = new Set([
  'author_icon',
  'author_link',
  'author_name',
  'fallback',
  'image_url',
  'pretext',
  'thumb_url',
  'title',
  'title_link',
])
const footKeys = new Set(['actions', 'fields', 'footer', 'footer_icon', 'ts'])

const pick = (part: Part, wanted: (key: string) => boolean): Part =>
  Object.fromEntries(Object.entries(part).filter(([key]) => wanted(key)))

const pieces = (whole: Part): readonly Part[] => {
  if (sizeOf(whole) <= messageSize) return [whole]
  const head = pick(whole, (key) => headKeys.has(key))
  const foot = pick(whole, (key) => footKeys.has(key))
  const common = pick(whole, (key) => key !== 'text' && !headKeys.has(key) && !footKeys.has(key))
  const text = typeof whole['text'] === 'string' ? whole['text'] : ''
  const room = Math.max(500, messageSize - reserve - sizeOf(common) - sizeOf(head))
  const texts = text === '' ? [] : split(text, { textUnits: Math.min(room, 3_000), unit: 'utf16' })
  const bodies = texts.map((piece, index): Part => ({
    ...common,
    ...(index === 0 && head),
    text: piece,
  }))
  const { fields, ...footer } = foot
  const rows = Array.isArray(fields) ? fields.flatMap(rowsOf) : []
  const ends = sizeOf(foot) + sizeOf(common) <= messageSize
    ? [{ ...common, ...foot }]
    : [...rows.map((row): Part => ({ ...common, fields: [row] })), { ...common, ...footer }]
  const tail = ends.filter((end) => Object.keys(end).some((key) => footKeys.has(key)))
  return bodies.length === 0 ? [{ ...common, ...head }, ...tail] : [...bodies, ...tail]
}

/** A field whose value is longer than a message becomes several of the same title. */
const rowsOf = (field: unknown): readonly unknown[] => {
  if (typeof field !== 'object' || field === null || !('value' in field)) return [field]
  const { value } = field
  if (typeof value !== 'string' || value.length <= 2_000) return [field]
  return split(value, { textUnits: 2_000, unit: 'utf16' }).map((piece) => ({
    ...field,
    value: piece,
  }))
}
