import type { Database } from 'bun:sqlite'
import type { Store } from './journal-store.ts'

/** Writes what is asked for in one turn of the event loop with one statement; `commit` is `Store.write`. */
export const together = <Item>(
  commit: Store['write'],
  write: (database: Database, items: readonly Item[]) => void,
): (item: Item) => Promise<void> => {
  let open: { readonly items: Item[]; readonly written: Promise<void> } | undefined
  return (item) => {
    if (open === undefined) {
      const items: Item[] = []
      const written = commit((database) => {
        open = undefined
        write(database, items)
      })
      open = { items, written }
      // What failed takes nothing more with it.
      written.catch(() => open = undefined)
    }
    open.items.push(item)
    return open.written
  }
}
