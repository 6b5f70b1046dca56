import { afterAll, describe, expect, test } from 'bun:test'
import { readAlias } from '../../src/alias/alias.ts'
import { createBacktracker } from '../../src/alias/backtracker.ts'
import { castParameter } from '../../src/alias/cast.ts'
import { createDialect } from '../../src/alias/dialect.ts'
import { matchOnServer } from '../../src/alias/server-match.ts'
import { haveRecordings, recordedLines } from '../recordings.ts'

type ParseCase = {
  id: string
  format: string
  command: string
  params: Record<string, string | null> | null
  error: string | null
  multiple: Record<string, string | null>[] | null
}

type MatchCase =
  & {
    scenario: string
    aliases: unknown[]
    command: string
    match: { pack: string; name: string; display: string | null; representation: string } | null
  }
  & Record<'match_status', number>
  & Record<'match_error', string | null>

type CastCase = { type: string; value: string; result: unknown; error: string | null }

const backtracker = createBacktracker()
afterAll(() => backtracker.close())

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

/** Python shows an object's address, which is different every time. */
const withoutAddress = (text: string | null) => text?.replace(/0x[0-9a-f]+>/, '0x>') ?? null

describe.skipIf(!haveRecordings)('what a real StackStorm answered', () => {
  test('every recorded parse agrees in parameters, error and all matches', async () => {
    const dialect = createDialect({ backtracker })
    const cases = recordedLines<ParseCase>('aliases/parse.jsonl')
    const differing: string[] = []
    for (const { id, format, command, params, error, multiple } of cases) {
      const one = await dialect.parse(format, command)
      const all = await dialect.parseMultiple(format, command)
      const got = [
        'parameters' in one ? one.parameters : null,
        'error' in one ? one.error : null,
        'sets' in all ? all.sets : null,
      ]
      if (!Bun.deepEquals(plain(got), [params, error, multiple])) differing.push(id)
    }
    expect(cases.length).toBe(1445)
    expect(differing).toEqual([])
  }, 60_000)

  test.each(recordedLines<MatchCase>('aliases/match.jsonl'))(
    'match: $scenario: $command',
    async ({ aliases, command, match, ...recorded }) => {
      const answer = await matchOnServer(aliases.map(readAlias), command)
      expect(answer.status as number).toBe(recorded.match_status)
      if (answer.status === 200) {
        expect({
          pack: answer.alias.pack,
          name: answer.alias.name,
          display: answer.display ?? null,
          representation: answer.representation,
        }).toEqual(match ?? expect.unreachable())
      } else expect<string | null>(answer.error).toBe(recorded.match_error)
    },
  )

  test.each(recordedLines<CastCase>('aliases/casts.jsonl'))(
    'cast: $type $value',
    ({ type, value, result, error }) => {
      let got: unknown = null
      let failure: string | null = null
      try {
        got = castParameter('P', type, value)
      } catch (thrown) {
        failure = thrown instanceof Error ? thrown.message : String(thrown)
      }
      // JSON has no word for these two.
      if (typeof got === 'number' && !Number.isFinite(got)) got = Number.isNaN(got) ? 'nan' : 'inf'
      expect(withoutAddress(failure)).toBe(withoutAddress(error))
      expect(got).toEqual(result)
    },
  )
})
