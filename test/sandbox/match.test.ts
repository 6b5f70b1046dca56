// deno-lint-ignore-file camelcase -- the names are StackStorm's own
import { describe, expect, test } from 'bun:test'
import { haveRecordings, recordedLines } from '../recordings.ts'
import { call, withSandbox } from './client.ts'

type Json = Readonly<Record<string, unknown>>

type Scenario = {
  readonly scenario: string
  readonly aliases: readonly Json[]
  readonly command: string
  readonly match_status: number
  readonly match: Json | null
  readonly match_error: string | null
  readonly execute_status: number
  readonly executions: readonly Json[] | null
  readonly execute_error: string | null
  readonly aliasexecution_status?: number
  readonly aliasexecution_error?: string | null
  readonly aliasexecution?: Json | null
  readonly help: Json
}

const firstLine = (text: unknown): string | null =>
  typeof text === 'string' ? text.split('\n')[0] ?? '' : null

type Started = { execution: { parameters?: Json }; actionalias: { ref: string } }

const started = ({ execution, actionalias }: Started): Json => ({
  alias: actionalias.ref,
  parameters: execution.parameters ?? {},
})

describe.skipIf(!haveRecordings)('scenarios recorded from a real server', () => {
  for (const scenario of recordedLines<Scenario>('aliases/match.jsonl')) {
    test(`${scenario.scenario}: ${JSON.stringify(scenario.command)}`, () =>
      withSandbox({}, async (sandbox) => {
        sandbox.setAliases(scenario.aliases)
        const { command } = scenario
        const found = await call(sandbox, 'POST', '/v1/actionalias/match', { command })
        const alias = found.body.actionalias as { pack: string; name: string } | undefined
        expect<unknown>({
          status: found.status,
          error: firstLine(found.body.faultstring),
          match: alias
            ? {
              pack: alias.pack,
              name: alias.name,
              display: found.body.display,
              representation: found.body.representation,
            }
            : null,
        }).toEqual({
          status: scenario.match_status,
          error: scenario.match_error,
          match: scenario.match,
        })

        const who = { user: 'u', source_channel: 'c' }
        const executed = await call(sandbox, 'POST', '/v1/aliasexecution/match_and_execute', {
          command,
          ...who,
        })
        const results = executed.body.results as Started[] | undefined
        expect<unknown>({
          status: executed.status,
          error: firstLine(executed.body.faultstring),
          executions: results?.map(started) ?? null,
        }).toEqual({
          status: scenario.execute_status,
          error: firstLine(scenario.execute_error),
          executions: scenario.executions,
        })

        if (alias && scenario.aliasexecution_status !== undefined) {
          const one = await call(sandbox, 'POST', '/v1/aliasexecution', {
            name: alias.name,
            format: found.body.representation,
            command,
            ...who,
          })
          expect<unknown>({
            status: one.status,
            error: firstLine(one.body.faultstring),
            execution: one.status === 201 ? started(one.body as Started) : null,
          }).toEqual({
            status: scenario.aliasexecution_status,
            error: firstLine(scenario.aliasexecution_error),
            execution: scenario.aliasexecution ?? null,
          })
        }

        expect((await call(sandbox, 'GET', '/v1/actionalias/help')).body).toEqual(scenario.help)
      }))
  }
})
