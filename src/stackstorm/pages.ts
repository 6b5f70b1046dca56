import { StackStormRefused } from './errors.ts'

/** One page of a list, and how many documents the whole list has (`X-Total-Count`), if that was said. */
export type Page<Document = unknown> = {
  readonly documents: readonly Document[]
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

type Get<Got extends Page> = (limit: number, offset: number) => Promise<Got>

type First<Got extends Page> = { readonly limit: number; readonly page: Got }

/** The first page, and how many documents a page may have here. */
const readFirst = async <Got extends Page>(get: Get<Got>): Promise<First<Got>> => {
  try {
    return { limit: usualSize, page: await get(usualSize, 0) }
  } catch (error) {
    const limit = allowedSize(error)
    return { limit, page: await get(limit, 0) }
  }
}

/** Reads a list page by page, until it is at its end or the caller has had enough; `first` may have been read already. */
export async function* readPages<Got extends Page>(
  get: Get<Got>,
  first?: First<Got>,
): AsyncGenerator<Got> {
  const { limit, page: begin } = first ?? await readFirst(get)
  let page = begin
  let offset = 0
  while (true) {
    yield page
    offset += page.documents.length
    const atEnd = page.total === undefined ? page.documents.length < limit : offset >= page.total
    if (atEnd || page.documents.length === 0) return
    page = await get(limit, offset)
  }
}

/** Pages that are asked for at a time: a list of 10,000 aliases is 100 of them, and StackStorm's API has others to serve. */
const together = 4

/** The pages of a list whose length is known: as large as the first one, a few at a time. */
const readTogether = async <Got extends Page>(
  get: Get<Got>,
  { limit, page }: First<Got>,
  total: number,
): Promise<readonly Got[]> => {
  const size = page.documents.length
  const count = Math.ceil(total / size)
  const pages: Got[] = [page]
  let next = 1
  const read = async (): Promise<void> => {
    while (next < count) {
      const at = next++
      pages[at] = await get(limit, at * size)
    }
  }
  await Promise.all(Array.from({ length: Math.min(together, count - 1) }, read))
  return pages
}

/** What no two documents share: the id, or the reference where only what was made of a document is there. */
const keyOf = (document: unknown): unknown => {
  if (typeof document !== 'object' || document === null) return document
  const { id, ref }: { readonly id?: unknown; readonly ref?: unknown } = document
  return id ?? ref ?? document
}

/** A page, and those of its documents that no page before it had. */
type NewPage = Page & { readonly fresh: readonly unknown[] }

/** Finds what is new in each page as soon as it is in: to look through a long list at its end would hold up all else. */
const withFresh = (get: Get<Page>): Get<NewPage> => {
  const seen = new Set<unknown>()
  const isNew = (document: unknown): boolean => {
    const before = seen.size
    return seen.add(keyOf(document)).size > before
  }
  return async (limit, offset) => {
    const page = await get(limit, offset)
    return { ...page, fresh: page.documents.filter(isNew) }
  }
}

/** A list that grows or shrinks while it is read may shift under us: it is read anew this many times. */
const readings = 3

/**
 * The whole list. Where its length changes between two pages it is read anew; if it never holds still, the
 * last reading counts. No document comes twice.
 */
export const readAll = async (get: Get<Page>): Promise<readonly unknown[]> => {
  let found: (readonly unknown[])[] = []
  for (let reading = 1; reading <= readings; reading++) {
    found = []
    const totals = new Set<number | undefined>()
    const getNew = withFresh(get)
    const first = await readFirst(getNew)
    const { documents: begin, total: length } = first.page
    const pages = length === undefined || begin.length === 0
      ? readPages(getNew, first)
      : await readTogether(getNew, first, length)
    for await (const { fresh, total } of pages) {
      found.push(fresh)
      totals.add(total)
      // A server that pays no attention to `offset` would send its first page for ever.
      if (fresh.length === 0) break
    }
    if (totals.size === 1) break
  }
  return found.flat()
}
