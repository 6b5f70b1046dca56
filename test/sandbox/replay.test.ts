import { describe, expect, test } from 'bun:test'
import { haveRecordings, recordedLines } from '../recordings.ts'
import type { Recorded } from './replay.ts'
import { type Comparison, session } from './replay-session.ts'

/** Recorded answers that the sandbox does not give, and why. All others must agree. */
const leftOut: Readonly<Record<number, string>> = {
  156: 'the pack document lists the files and contributors of the real pack',
  175: 'the recorder stopped the result on its way; the sandbox carries it to the end',
  176: 'the recorder let a rule fire by hand',
  177: 'the sandbox keeps no traces',
}

describe.skipIf(!haveRecordings)('the recorded answers of a real server', () => {
  const lines = recordedLines<Recorded>('st2/http.jsonl')
  const running: Promise<readonly Comparison[]> = haveRecordings
    ? session(lines)
    : Promise.resolve([])

  test('agree, all but those that are left out for a reason', async () => {
    const comparisons = await running
    expect(comparisons.map(({ index }) => index)).toEqual(lines.map((_, index) => index))
    const different = comparisons.filter(({ agrees }) => !agrees).map(({ index }) => index)
    expect(different).toEqual(Object.keys(leftOut).map(Number))
  })

  for (const [index, line] of lines.entries()) {
    if (leftOut[index] !== undefined) continue
    test(`${index} ${line.method} ${line.path} -> ${line.status}`, async () => {
      const comparison = (await running)[index]
      expect(comparison?.actual).toEqual(comparison?.expected)
    })
  }
})
