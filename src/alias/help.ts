import type { Alias } from './alias.ts'
import type { Catalog } from './catalog.ts'
import { foldWord } from './fixed-text.ts'
import { splitWords } from './words.ts'

export type HelpEntry = {
  readonly alias: Alias
  readonly pack: string
  readonly display: string
  readonly description: string | undefined
}

/**
 * One entry for each format of an enabled alias that has something to show, as the server's own help has it: text formats
 * and `display` texts. Sorted by pack, then as the aliases come.
 */
export function helpEntries(catalog: Catalog): readonly HelpEntry[] {
  return catalog.aliases
    .filter((alias) => alias.enabled)
    .flatMap((alias) =>
      alias.formats.flatMap(({ display }) =>
        display === undefined || display === ''
          ? []
          : [{ alias, pack: alias.pack, display, description: alias.description }]
      )
    )
    .toSorted((left, right) => left.pack < right.pack ? -1 : left.pack > right.pack ? 1 : 0)
}

/** The help entries that hold every one of `words` in display text, description or pack. Letter case does not matter. */
export function searchHelp(catalog: Catalog, words: string): readonly HelpEntry[] {
  const wanted = splitWords(words).map(foldWord)
  return helpEntries(catalog).filter(({ pack, display, description }) => {
    const text = foldWord(`${pack} ${display} ${description ?? ''}`)
    return wanted.every((word) => text.includes(word))
  })
}
