import { type Alias, isHelpText } from './alias.ts'
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
 * The commands as people know them, and as they are counted everywhere: one entry for each format that has something to show
 * (text formats and `display` texts), as the server's own help has it, but for those that cannot work. Sorted by pack, then as
 * the aliases come.
 */
export function helpEntries({ usable, problems }: Catalog): readonly HelpEntry[] {
  const broken = new Set(problems.map(({ ref, format }) => `${ref} ${format}`))
  return usable
    .flatMap((alias) =>
      alias.formats.flatMap((format) => {
        const { display, representations } = format
        const works = isHelpText(format) ||
          representations.some((one) => !broken.has(`${alias.ref} ${one}`))
        return display === undefined || display === '' || !works
          ? []
          : [{ alias, pack: alias.pack, display, description: alias.description }]
      })
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
