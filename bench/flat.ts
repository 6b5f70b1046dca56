import type { Moment } from './chart.ts'
import { median } from './stats.ts'

/** What a soak came to, in one line, and whether nothing grew. */
export type Flatness = { readonly flat: boolean; readonly line: string }

/** A tenth: caches and the collector's moods move memory by as much, and a leak of half an hour by far more. */
const tolerance = 1.1

/**
 * Whether memory and open files were flat: the median of the last third is no more than a tenth above that of the third before. The first
 * third, in which everything is done for the first time, does not count.
 */
export const flatness = (moments: readonly Moment[]): Flatness => {
  const third = Math.floor(moments.length / 3)
  const of = (what: 'memory' | 'files') => {
    const values = moments.map((moment) => moment[what])
    const before = median(values.slice(third, 2 * third))
    const last = median(values.slice(2 * third))
    return { before, last, flat: last <= before * tolerance }
  }
  const [memory, files] = [of('memory'), of('files')]
  const flat = memory.flat && files.flat
  return {
    flat,
    line:
      `${flat ? 'Flat' : 'NOT flat'}: memory ${memory.before.toFixed(0)} MB in the second third, ` +
      `${memory.last.toFixed(0)} MB in the last; open files ${files.before.toFixed(0)} and ` +
      `${files.last.toFixed(0)}. No more than a tenth above counts as flat.`,
  }
}
