import { type Alias, isHelpText } from './alias.ts'
import type { Catalog } from './catalog.ts'
import { foldWord } from './fixed-text.ts'
import { nextTurn } from '../next-turn.ts'
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
  const entries: HelpEntry[] = []
  let isSorted = true
  let last = ''
  for (const alias of usable) {
    const { pack, description } = alias
    for (const format of alias.formats) {
      const { display, representations } = format
      const works = isHelpText(format) ||
        representations.some((one) => broken.size === 0 || !broken.has(`${alias.ref} ${one}`))
      if (display === undefined || display === '' || !works) continue
      entries.push({ alias, pack, display, description })
      if (pack < last) isSorted = false
      last = pack
    }
  }
  // As StackStorm gives its list.
  return isSorted ? entries : entries.sort(byPack)
}

const byPack = (left: HelpEntry, right: HelpEntry): number =>
  left.pack < right.pack ? -1 : left.pack > right.pack ? 1 : 0

/** So many entries are looked through between two pauses: some milliseconds. */
const slice = 1_000

/**
 * The help entries that hold every one of `words` in display text, description or pack. Letter case does not matter. Other work goes on between
 * two slices of a long list.
 */
export async function searchHelp(catalog: Catalog, words: string): Promise<readonly HelpEntry[]> {
  const wanted = splitWords(words).map(foldWord)
  const entries = helpEntries(catalog)
  const found: HelpEntry[] = []
  for (let at = 0; at < entries.length; at += slice) {
    if (at > 0) await nextTurn()
    for (const entry of entries.slice(at, at + slice)) {
      const text = foldWord(`${entry.pack} ${entry.display} ${entry.description ?? ''}`)
      if (wanted.every((word) => text.includes(word))) found.push(entry)
    }
  }
  return found
}
