import { cellOf, type Results, rows } from './table.ts'

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const label = (x: number, y: number, text: string, more = ''): string =>
  `<text x="${x}" y="${y}" ${more}>${escape(text)}</text>`

const shades = ['#8fb8de', '#4a86c5', '#1d4e89']

const frame = (width: number, height: number, parts: readonly string[]): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
  `viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#222">\n` +
  `<rect width="${width}" height="${height}" fill="#fff"/>\n${parts.join('\n')}\n</svg>\n`

/** How many times better each measure is, on a logarithmic scale; left of the line it is worse. */
export const ratioChart = (results: Results): string => {
  const sizes = [...results.keys()]
  const [left, right, top, band] = [330, 40, 46, 46]
  const width = 900
  const height = top + rows.length * band + 30
  const least = -1
  const most = 3
  const x = (ratio: number): number => {
    const power = Math.min(most, Math.max(least, Math.log10(ratio)))
    return left + (power - least) / (most - least) * (width - left - right)
  }
  const grid = [0.1, 1, 10, 100, 1000].map((ratio) =>
    `<line x1="${x(ratio)}" y1="${top}" x2="${x(ratio)}" y2="${height - 24}" stroke="${
      ratio === 1 ? '#c33' : '#ddd'
    }"/>${label(x(ratio), height - 8, `${ratio}x`, 'text-anchor="middle"')}`
  )
  const bars = rows.flatMap((row, at) => {
    const y = top + at * band + 6
    return [
      label(left - 10, y + 20, row.what, 'text-anchor="end"'),
      ...sizes.map((formats, index) => {
        const { ratio } = cellOf(results, formats, row)
        if (!Number.isFinite(ratio)) return ''
        const [from, to] = [Math.min(x(1), x(ratio)), Math.max(x(1), x(ratio))]
        return `<rect x="${from.toFixed(1)}" y="${y + index * 11}" width="${
          Math.max(1, to - from).toFixed(1)
        }" height="9" fill="${shades[index % shades.length]}"/>`
      }),
    ]
  })
  const legend = sizes.map((formats, index) =>
    `<rect x="${left + index * 140}" y="14" width="12" height="12" fill="${
      shades[index % shades.length]
    }"/>${label(left + index * 140 + 18, 24, `${formats.toLocaleString('en')} formats`)}`
  )
  return frame(width, height, [
    label(10, 24, 'Times better than hubot-stackstorm'),
    ...legend,
    ...grid,
    ...bars,
  ])
}

/** One moment of a soak; `minute` counts from its start. */
export type Moment = { readonly minute: number; readonly memory: number; readonly files: number }

/** Memory and open files over time. */
export const soakChart = (moments: readonly Moment[]): string => {
  const [width, height, left, top] = [900, 320, 60, 40]
  const last = Math.max(...moments.map(({ minute }) => minute), 1e-3)
  const most = Math.max(...moments.map(({ memory }) => memory), 1) * 1.2
  const mostFiles = Math.max(...moments.map(({ files }) => files), 1) * 2
  const x = (minute: number) => left + minute / last * (width - 2 * left)
  const y = (share: number) => height - 40 - share * (height - 40 - top)
  const line = (points: readonly (readonly [number, number])[], colour: string): string =>
    `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${
      points.map(([px, py]) => `${px.toFixed(1)},${py.toFixed(1)}`).join(' ')
    }"/>`
  const steps = [0, 0.25, 0.5, 0.75, 1]
  return frame(width, height, [
    label(10, 24, 'Memory (blue, MB) and open files (grey) over the minutes of the soak'),
    ...steps.map((share) =>
      `<line x1="${left}" y1="${y(share)}" x2="${width - left}" y2="${y(share)}" stroke="#ddd"/>${
        label(left - 8, y(share) + 4, (most * share).toFixed(0), 'text-anchor="end"')
      }${label(width - left + 8, y(share) + 4, (mostFiles * share).toFixed(0))}`
    ),
    ...steps.map((share) =>
      label(x(last * share), height - 18, (last * share).toFixed(1), 'text-anchor="middle"')
    ),
    line(moments.map(({ minute, memory }) => [x(minute), y(memory / most)]), '#1d4e89'),
    line(moments.map(({ minute, files }) => [x(minute), y(files / mostFiles)]), '#888'),
  ])
}
