import { readDocument } from '../alias/catalog.ts'
import { readList } from '../stackstorm/answers.ts'

/** One reading of the list of aliases. */
export type AliasReading = {
  /** What the text of a page holds, as `buildCatalog` takes it; undefined: it is no list. */
  readonly read: (page: string) => readonly unknown[] | undefined
  /** The list is whole: the next reading begins with it. */
  readonly keep: () => void
}

/**
 * Reads pages of the list of aliases. A page that is the same to the letter as one of the last whole reading is not read again, and its
 * aliases are the same objects: a list is asked for every few minutes, and hardly ever changes. `onRead` is told when a list is whole, with
 * the number of aliases that were read for it.
 */
export const createAliasPages = (onRead: (aliases: number) => void): () => AliasReading => {
  let known: ReadonlyMap<number | bigint, readonly unknown[]> = new Map()
  return () => {
    const pages = new Map<number | bigint, readonly unknown[]>()
    let count = 0
    const readNew = (text: string): readonly unknown[] | undefined => {
      const page = readList(text)?.map(readDocument)
      count += page?.length ?? 0
      return page
    }
    return {
      read: (text) => {
        // 64 bits: that two pages of one StackStorm have the same by chance does not happen.
        const hash = Bun.hash(text)
        const page = known.get(hash) ?? readNew(text)
        if (page !== undefined) pages.set(hash, page)
        return page
      },
      keep: () => {
        known = pages
        onRead(count)
      },
    }
  }
}
