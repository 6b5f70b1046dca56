import { StackStormUnclear } from './errors.ts'
import type { Page } from './pages.ts'

/** One page of a list: `limit` documents from the `offset`th on. */
export type GetPage = (limit: number, offset: number) => Promise<Page>

/** A search found more than it may read; what was read is in order, and the rest is still to come. */
export class SearchTooLong extends Error {
  override readonly name = 'SearchTooLong'
  constructor(documents: number) {
    super(
      `A search in StackStorm's executions found more than ${documents}; the rest is read next.`,
    )
  }
}

/** StackStorm's usual maximum for users that are no administrators, and what is asked for where that is too much. */
const sizes = [100, 20, 4, 1]
/** More documents than these are not read in one go: 100 pages. */
const mostDocuments = 10_000
/** A list that shifts while it is read is read again, so many times in all. */
const readings = 3

/** No whole answer came, or its maximum is smaller: a page of huge documents may need to be a small one. */
const isTooLarge = (error: unknown): boolean =>
  (error instanceof StackStormUnclear && error.status === undefined) ||
  (error instanceof Error && /maximum value is "\d+"/.test(error.message))

const idOf = (document: unknown): unknown =>
  typeof document === 'object' && document !== null && 'id' in document ? document.id : document

/**
 * Every document of a list once, in the list's order, with no more than one page in memory. Where the list shifts under the
 * reader it is read again; what was left out then comes at the end. A page that is too large to arrive is asked for in
 * smaller ones. Throws `SearchTooLong` after `most` documents, and what `get` rejects with.
 */
export async function* readOnce(
  get: GetPage,
  most: number = mostDocuments,
): AsyncGenerator<unknown> {
  const seen = new Set<unknown>()
  let size = 0

  const page = async (offset: number): Promise<Page> => {
    for (;;) {
      try {
        return await get(sizes[size] ?? 1, offset)
      } catch (error) {
        if (size + 1 === sizes.length || !isTooLarge(error)) throw error
        size++
      }
    }
  }

  for (let reading = 1; reading <= readings; reading++) {
    let total: number | undefined
    for (let offset = 0;;) {
      const { documents, total: told } = await page(offset)
      total = told
      offset += documents.length
      const before = seen.size
      for (const document of documents) {
        const id = idOf(document)
        if (seen.has(id)) continue
        if (seen.size === most) throw new SearchTooLong(most)
        seen.add(id)
        yield document
      }
      const atEnd = told === undefined ? documents.length < (sizes[size] ?? 1) : offset >= told
      // A server that pays no attention to `offset` would send its first page for ever.
      if (atEnd || documents.length === 0 || (reading === 1 && seen.size === before)) break
    }
    if (total === undefined || seen.size >= total) return
  }
}
