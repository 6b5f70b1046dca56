import { StackStormRefused } from './errors.ts'

/** One page of a list, and how many documents the whole list has (`X-Total-Count`), if that was said. */
export type Page = {
  readonly documents: readonly unknown[]
  readonly total: number | undefined
}

/** StackStorm's default and its usual maximum for users that are no administrators (`api.max_page_size`). */
const usualSize = 100

/** An operator may have lowered `api.max_page_size`: the refusal names the new maximum. */
const allowedSize = (error: unknown): number => {
  if (!(error instanceof StackStormRefused)) throw error
  const size = Number(/maximum value is "(\d+)"/.exec(error.reason)?.[1])
  if (!(size > 0 && size < usualSize)) throw error
  return size
}

/** Reads a list page by page, until it is at its end or the caller has had enough. */
export async function* readPages(
  get: (limit: number, offset: number) => Promise<Page>,
): AsyncGenerator<Page> {
  let limit = usualSize
  let first: Page
  try {
    first = await get(limit, 0)
  } catch (error) {
    limit = allowedSize(error)
    first = await get(limit, 0)
  }
  let page = first
  let offset = 0
  while (true) {
    yield page
    offset += page.documents.length
    const atEnd = page.total === undefined ? page.documents.length < limit : offset >= page.total
    if (atEnd || page.documents.length === 0) return
    page = await get(limit, offset)
  }
}

const idOf = (document: unknown): unknown =>
  typeof document === 'object' && document !== null && 'id' in document ? document.id : document

/** A list that grows or shrinks while it is read may shift under us: it is read anew this many times. */
const readings = 3

/**
 * The whole list. Where its length changes between two pages it is read anew; if it never holds still, the
 * last reading counts. No document comes twice.
 */
export const readAll = async (
  get: (limit: number, offset: number) => Promise<Page>,
): Promise<readonly unknown[]> => {
  let found = new Map<unknown, unknown>()
  for (let reading = 1; reading <= readings; reading++) {
    found = new Map()
    const totals = new Set<number | undefined>()
    for await (const { documents, total } of readPages(get)) {
      const before = found.size
      for (const document of documents) found.set(idOf(document), document)
      totals.add(total)
      // A server that pays no attention to `offset` would send its first page for ever.
      if (found.size === before) break
    }
    if (totals.size === 1) break
  }
  return [...found.values()]
}
