import type { Features, Limits } from './adapter.ts'
import { firstPartOf, split, splitAtMost } from './split.ts'

/** How a text goes out, whatever its length. Nothing of it is lost without a word. */
export type Layout =
  /** One message each, in order. */
  | { readonly kind: 'parts'; readonly parts: readonly string[] }
  /** The beginning as a message, and all of it as a file. */
  | { readonly kind: 'file'; readonly beginning: string; readonly content: string }

export type LayOutOptions = {
  readonly limits: Pick<Limits, 'textUnits' | 'unit' | 'partsBeforeUpload'>
  readonly features: Pick<Features, 'files'>
  /** Where all of it can be read. */
  readonly link?: string | undefined
}

/**
 * A text in as many messages as its service takes, while those are few. A longer one is a file where the service takes files,
 * else its beginning with the link to the rest; where there is neither, all its parts go out after all.
 */
export const layOut = (text: string, { limits, features, link }: LayOutOptions): Layout => {
  const parts = splitAtMost(text, limits, limits.partsBeforeUpload)
  if (parts !== undefined) return { kind: 'parts', parts }
  if (!features.files && link === undefined) return { kind: 'parts', parts: split(text, limits) }
  const rest = features.files ? '(all of it is in the file)' : `(all of it: ${link})`
  const beginning = `${firstPart(text, limits, rest)}\n... ${rest}`
  return features.files
    ? { kind: 'file', beginning, content: text }
    : { kind: 'parts', parts: [beginning] }
}

/** The first part, with room for what is said behind it. */
const firstPart = (
  text: string,
  { textUnits, unit }: LayOutOptions['limits'],
  rest: string,
): string => {
  const room = textUnits - Buffer.byteLength(rest) - '\n... '.length
  return firstPartOf(text, { textUnits: room, unit }).trimEnd()
}
