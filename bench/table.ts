import type { Figures } from './measures/session.ts'
import type { Contender } from './session.ts'
import { median } from './stats.ts'

/** The figures of every life of a bot, by the number of formats. */
export type Results = ReadonlyMap<number, Readonly<Record<Contender, readonly Figures[]>>>

/** A line of the table. */
export type Row = {
  readonly what: string
  readonly key: keyof Figures
  readonly unit: string
  /** Whether more is better. */
  readonly more: boolean
  readonly goal: string
  readonly met: (cell: Judged) => boolean
}

/** What decides whether a goal is met at one number of formats. */
export type Judged = {
  readonly own: number
  readonly peer: number
  readonly formats: number
  /** Our own figure at the fewest formats. */
  readonly smallest: number
  /** Our own memory before the many messages. */
  readonly idle: number
}

const at = (formats: number, few: number, some: number, many: number): number =>
  formats <= 50 ? few : formats <= 1_000 ? some : many

/** What is measured, in the order of the page. */
export const rows: readonly Row[] = [
  {
    what: 'process start to commands loaded and stream up',
    key: 'readyMs',
    unit: 'ms',
    more: false,
    goal: '10x / 8x / 8x faster',
    met: ({ own, peer, formats }) => own <= peer / at(formats, 10, 8, 8),
  },
  {
    what: "process start to the first command's execution",
    key: 'firstCommandMs',
    unit: 'ms',
    more: false,
    goal: '8x / 12x / 20x faster',
    met: ({ own, peer, formats }) => own <= peer / at(formats, 8, 12, 20),
  },
  {
    what: 'memory, idle after a few commands',
    key: 'idleMb',
    unit: 'MB',
    more: false,
    goal: '45 MB / 50 MB / a third',
    met: ({ own, peer, formats }) => own <= at(formats, 45, 50, peer / 3),
  },
  {
    what: 'memory after 100,000 more messages',
    key: 'afterChatterMb',
    unit: 'MB',
    more: false,
    goal: 'flat: a tenth over idle at most',
    met: ({ own, idle }) => own <= idle * 1.1,
  },
  {
    what: 'message to request, one by one, p50',
    key: 'oneP50Ms',
    unit: 'ms',
    more: false,
    goal: '3/4 at 50; the same at all sizes',
    met: ({ own, peer, formats, smallest }) =>
      formats <= 50 ? own <= peer * 0.75 : own <= smallest * 1.2,
  },
  {
    what: 'message to request, one by one, p99',
    key: 'oneP99Ms',
    unit: 'ms',
    more: false,
    goal: '3/4 at 50; the same at all sizes',
    met: ({ own, peer, formats, smallest }) =>
      formats <= 50 ? own <= peer * 0.75 : own <= smallest * 1.2,
  },
  {
    what: '5,000 commands at once, executions a second',
    key: 'perSecond',
    unit: '/s',
    more: true,
    goal: '2x / 3.5x / 30x',
    met: ({ own, peer, formats }) => own >= peer * at(formats, 2, 3.5, 30),
  },
  {
    what: 'memory peak of those 5,000',
    key: 'peakMb',
    unit: 'MB',
    more: false,
    goal: 'half',
    met: ({ own, peer }) => own <= peer / 2,
  },
  {
    what: 'addressed text that is no command, did-you-mean included',
    key: 'unknownUs',
    unit: 'us',
    more: false,
    goal: '1/2 / 1/10 / 1/100',
    met: ({ own, peer, formats }) => own <= peer / at(formats, 2, 10, 100),
  },
  {
    what: 'chatter that is for nobody, a message',
    key: 'chatterUs',
    unit: 'us',
    more: false,
    goal: '1/10',
    met: ({ own, peer }) => own <= peer / 10,
  },
  {
    what: 'alias reload, longest stall of everything else',
    key: 'reloadStallMs',
    unit: 'ms',
    more: false,
    goal: 'never over 20 ms',
    met: ({ own }) => own <= 20,
  },
  {
    what: 'stream event to chat post, p50',
    key: 'resultP50Ms',
    unit: 'ms',
    more: false,
    goal: 'within 0.3 ms',
    met: ({ own, peer }) => own <= peer + 0.3,
  },
  {
    what: 'stream event to chat post, p99',
    key: 'resultP99Ms',
    unit: 'ms',
    more: false,
    goal: 'no worse',
    met: ({ own, peer }) => own <= peer,
  },
  {
    what: 'burst of 5,000 stream events, posts a second',
    key: 'burstPerSecond',
    unit: '/s',
    more: true,
    goal: '2x',
    met: ({ own, peer }) => own >= peer * 2,
  },
]

const figure = (value: number): string =>
  !Number.isFinite(value)
    ? '-'
    : value >= 100
    ? Math.round(value).toLocaleString('en')
    : value.toFixed(value >= 10 ? 0 : value >= 1 ? 1 : 2)

export type Cell = { readonly own: number; readonly peer: number; readonly ratio: number }

/** The medians of one line at one number of formats; the ratio says how many times better ours is. */
export const cellOf = (results: Results, formats: number, { key, more }: Row): Cell => {
  const of = (contender: Contender): number =>
    median(results.get(formats)?.[contender].map((figures) => figures[key]) ?? [])
  const [own, peer] = [of('st2chatops'), of('hubot')]
  return { own, peer, ratio: more ? own / peer : peer / own }
}

/** The table as Markdown, one column for each number of formats. */
export const tableOf = (results: Results): string => {
  const sizes = [...results.keys()]
  const over = (texts: readonly string[]): string => texts.join(' / ')
  const lines = rows.map((row) => {
    const cells = sizes.map((formats) => ({
      formats,
      ...cellOf(results, formats, row),
      idle: median(results.get(formats)?.st2chatops.map(({ idleMb }) => idleMb) ?? []),
    }))
    const smallest = cells[0]?.own ?? NaN
    const met = cells.map((cell) =>
      Number.isNaN(cell.peer) ? '-' : row.met({ ...cell, smallest }) ? 'yes' : '**no**'
    )
    return `| ${row.what} | ${row.unit} | ${over(cells.map(({ peer }) => figure(peer)))} | ${
      over(cells.map(({ own }) => figure(own)))
    } | ${
      over(cells.map(({ ratio }) => Number.isNaN(ratio) ? '-' : `${figure(ratio)}x`))
    } | ${row.goal} | ${over(met)} |`
  })
  const shown = over(sizes.map((size) => size.toLocaleString('en')))
  return [
    `| measure, at ${shown} alias formats | unit | hubot | st2chatops | times better | goal | met |`,
    '|---|---|---|---|---|---|---|',
    ...lines,
  ].join('\n')
}
