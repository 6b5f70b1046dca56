import type { Context } from 'hono'
import { Fault } from '../fault.ts'
import type { Json } from '../model.ts'

/** A whole number from the query. @throws Fault 400 in the server's words */
const integer = (c: Context, name: string, otherwise: number): number => {
  const text = c.req.query(name)
  if (text === undefined || text === '') return otherwise
  if (!/^[-+]?\d+$/.test(text)) {
    throw new Fault(400, `Parameter "${name}" is not of type integer`)
  }
  return Number(text)
}

/** `limit` and `offset`; no limit is Infinity. @throws Fault 400 in the server's words */
const paging = (c: Context, standard: number): { limit: number; offset: number } => {
  const limit = integer(c, 'limit', standard)
  if (limit === 0) {
    throw new Fault(
      400,
      'Limit, "0" specified, must be a positive number or -1 for full result set.',
    )
  }
  if (limit < -1) {
    throw new Fault(400, `Limit, "${limit}" specified, must be a positive number.`)
  }
  return {
    limit: limit === -1 ? Number.POSITIVE_INFINITY : limit,
    offset: Math.max(0, integer(c, 'offset', 0)),
  }
}

/** One page of documents, with the headers that count them. */
export const page = (
  c: Context,
  documents: readonly Json[],
  options: { readonly standard?: number; readonly showLimit?: boolean } = {},
): Response => {
  const { limit, offset } = paging(c, options.standard ?? 100)
  c.header('X-Total-Count', String(documents.length))
  if (Number.isFinite(limit) && options.showLimit !== false) c.header('X-Limit', String(limit))
  return c.json(documents.slice(offset, offset + limit))
}

/** The limits of the help list, where 0 means no limit. */
export const helpPaging = (c: Context): { limit: number; offset: number } => {
  const limit = integer(c, 'limit', 100)
  return {
    limit: limit <= 0 ? Number.POSITIVE_INFINITY : limit,
    offset: Math.max(0, integer(c, 'offset', 0)),
  }
}

const names = (text: string | undefined): readonly string[] | undefined =>
  text === undefined || text === '' ? undefined : text.split(',').map((name) => name.trim())

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The parts of a document that dotted paths name, in the document's own order. */
const pick = (document: Json, paths: readonly (readonly string[])[]): Json =>
  Object.fromEntries(
    Object.entries(document).flatMap(([key, value]) => {
      const inside = paths.filter((path) => path[0] === key)
      if (inside.length === 0) return []
      if (inside.some((path) => path.length === 1)) return [[key, value]]
      return isObject(value) ? [[key, pick(value, inside.map((path) => path.slice(1)))]] : []
    }),
  )

/**
 * Cuts documents to `include_attributes` or `exclude_attributes`; `always` stays in any case.
 * @throws Fault 400 in the server's words
 */
export const attributes = (
  c: Context,
  always: readonly string[],
): (document: Json) => Json => {
  const include = names(c.req.query('include_attributes'))
  const exclude = names(c.req.query('exclude_attributes'))
  if (include && exclude) {
    throw new Fault(
      400,
      'exclude_fields and include_fields arguments are mutually exclusive. ' +
        'You need to provide either one or another, but not both.',
    )
  }
  if (include) {
    const paths = [...include, ...always].map((path) => path.split('.'))
    return (document) => pick(document, paths)
  }
  if (exclude) {
    return (document) =>
      Object.fromEntries(
        Object.entries(document).filter(([key]) => !exclude.includes(key) || always.includes(key)),
      )
  }
  return (document) => document
}
