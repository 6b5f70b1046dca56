import { describe, expect, test } from 'bun:test'
import { createHttp } from '../../src/net/http.ts'
import { readJson } from '../../src/stackstorm/answers.ts'
import {
  isStackStormError,
  StackStormRefused,
  StackStormUnclear,
} from '../../src/stackstorm/errors.ts'
import { exchange } from '../../src/stackstorm/exchange.ts'
import { startJsonServer } from '../fakes/http-server.ts'
import { clientOf, failureOf } from '../fakes/stackstorm-client.ts'
import { haveRecordings, recordedLines } from '../recordings.ts'

/** One request and its answer; the names with underscores are the recording's own. */
type Row = Readonly<
  & Record<'service' | 'path', string>
  & Record<'method', 'GET' | 'POST' | 'PUT' | 'DELETE'>
  & Record<'status', number>
  & Record<'response_headers', Readonly<Record<string, string>>>
  & Record<'response_body', unknown>
>

const recorded = recordedLines<Row>('st2/http.jsonl')
const http = createHttp({ proxy: {} })
const signal = new AbortController().signal

const replyOf = (row: Row) => ({
  status: row.status,
  headers: row.response_headers,
  body: JSON.stringify(row.response_body),
})

const fault = (row: Row): string =>
  String((row.response_body as { faultstring?: unknown }).faultstring ?? '')

/** The rows that a call of the client would meet, by a beginning of their path. */
const rows = (method: string, path: string, status: number): readonly Row[] =>
  recorded.filter((row) =>
    row.method === method && row.path.startsWith(path) && row.status === status
  )

describe.skipIf(!haveRecordings)("StackStorm's own answers", () => {
  test('are sorted by what they mean, each of them', async () => {
    let row: Row | undefined
    await using server = await startJsonServer(() => row === undefined ? {} : replyOf(row))
    const kinds: Record<string, number> = {}
    for (row of recorded) {
      const work = exchange(http, {
        service: row.service,
        variable: 'ST2_API_URL',
        url: server.origin,
        method: 'POST',
        headers: {},
        signal,
        deadline: 30_000,
        kept: true,
      }, readJson)
      const outcome = await work.then(({ document }) => ({ document }), (error) => ({ error }))
      if (row.status < 400) {
        expect(outcome).toEqual({ document: row.response_body })
        kinds.answer = (kinds.answer ?? 0) + 1
        continue
      }
      const { error } = outcome as { error: unknown }
      if (!isStackStormError(error)) throw error
      kinds[error.name] = (kinds[error.name] ?? 0) + 1
      expect(error).toBeInstanceOf(row.status < 500 ? StackStormRefused : StackStormUnclear)
      expect(error.requestId).toBe(server.seen.at(-1)?.headers.get('x-request-id') ?? '')
      expect(error.message).toContain(error.requestId ?? 'an id')
      expect(error.reason).not.toMatch(/\n|key_hash|[0-9a-f]{40}/)
      expect(error.reason.length).toBeLessThan(400)
    }
    expect(kinds).toEqual({
      answer: recorded.filter(({ status }) => status < 400).length,
      StackStormRefused: recorded.filter(({ status }) => status >= 400 && status < 500).length,
      StackStormUnclear: recorded.filter(({ status }) => status >= 500).length,
    })
  })

  test('to POST /v1/aliasexecution become executions or reasons', async () => {
    let row: Row | undefined
    await using server = await startJsonServer(() => row === undefined ? {} : replyOf(row))
    const client = clientOf(server.origin)
    const run = () =>
      client.executeAlias({
        name: 'n',
        format: 'f',
        command: 'c',
        user: 'u',
        channel: 'c',
        route: 'hubot',
        context: {},
        correlation: 'x',
      }, signal)
    const all = recorded.filter(({ path }) => path === '/v1/aliasexecution')
    expect(all.length).toBeGreaterThan(20)
    for (row of all) {
      if (row.status === 201) {
        const body = row.response_body as {
          execution: { id: string }
          message?: string
          extra?: unknown
        }
        const started = await run()
        expect(started.id).toBe(body.execution.id)
        expect(started.link).toBe(
          `https://st2.example.com/#/history/${body.execution.id}/general`,
        )
        expect(started.message).toBe(body.message as string)
        expect(started.extra as unknown).toEqual(
          typeof body.extra === 'string' ? undefined : body.extra,
        )
      } else {
        const error = await failureOf(run())
        if (!isStackStormError(error)) throw error
        if (row.status === 500) expect(error).toBeInstanceOf(StackStormUnclear)
        else if (fault(row).startsWith('Failed to cast')) {
          expect(error.reason).toBe('The value for parameter "timeout" is not of type "integer".')
        } else expect(error.reason).toBe(fault(row).split('\n')[0]?.trim() ?? '')
      }
    }
  })

  test('to a cancellation are told apart, though all but one are 200', async () => {
    let row: Row | undefined
    await using server = await startJsonServer(() => row === undefined ? {} : replyOf(row))
    const client = clientOf(server.origin)
    const outcomes = []
    for (row of recorded.filter(({ method }) => method === 'DELETE')) {
      outcomes.push(await client.cancel('6b02cd8b61debfc73bb9e2da', signal))
    }
    expect(outcomes).toEqual([
      { kind: 'canceled' },
      { kind: 'canceled' },
      { kind: 'unknown-id' },
      { kind: 'canceling' },
      { kind: 'refused', reason: 'Action cannot be canceled. State = canceling.' },
      { kind: 'refused', reason: 'Action cannot be canceled. State = succeeded.' },
    ])
  })

  test('to the checks are read', async () => {
    const answers = new Map(
      [
        ...rows('GET', '/v1/user', 200).slice(0, 1),
        ...rows('GET', '/v1/', 200).filter(({ path }) => path === '/v1/'),
        ...rows('GET', '/v1/rules/', 200),
        ...rows('GET', '/v1/rules/chatops.zzz', 404),
      ].map((row) => [`/api${row.path.replace(/\?.*/, '')}`, row]),
    )
    await using server = await startJsonServer(({ path }) => {
      const row = answers.get(path)
      return row === undefined ? { status: 500 } : replyOf(row)
    })
    const client = clientOf(server.origin)
    expect(await client.version(signal)).toBe('3.10dev')
    expect(await client.whoami(signal)).toEqual({
      username: 'bot',
      method: 'authentication token',
      expires: '2026-11-23T11:09:47Z',
      rbac: false,
      admin: true,
    })
    expect(await client.rule('chatops.notify', signal)).toEqual({
      ref: 'chatops.notify',
      enabled: true,
      action: 'chatops.post_result',
      route: 'hubot',
      passesContext: true,
    })
    expect((await client.rule('chatops.notify-errbot', signal))?.route).toBe('errbot')
    expect(await client.rule('chatops.zzz', signal)).toBeUndefined()
  })

  test('to the alias list are paged by X-Total-Count', async () => {
    const documents = rows('GET', '/v1/actionalias', 200)
      .find(({ path }) => path === '/v1/actionalias')?.response_body as readonly unknown[]
    await using server = await startJsonServer(({ query }) => {
      const offset = Number(query.get('offset'))
      return {
        headers: { 'X-Total-Count': String(documents.length), 'X-Limit': '2' },
        body: documents.slice(offset, offset + 2),
      }
    })
    expect(await clientOf(server.origin).aliases(signal)).toEqual(documents)
    expect(server.seen.map(({ query }) => query.get('offset'))).toEqual(['0', '2', '4'])
  })
})
