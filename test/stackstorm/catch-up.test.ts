import { describe, expect, test } from 'bun:test'
import { createCatchUpQueries, SearchTooLong } from '../../src/stackstorm/catch-up.ts'
import { StackStormRefused, StackStormUnclear } from '../../src/stackstorm/errors.ts'
import type { Page } from '../../src/stackstorm/pages.ts'
import { createKeptLog } from '../fakes/log.ts'
import { haveRecordings, recording } from '../recordings.ts'

const { signal } = new AbortController()
const noon = Date.UTC(2026, 10, 22, 12)
const later = noon + 3_600_000

const id = (number: number): string => number.toString(16).padStart(24, '0')

const announcement = (number: number, more: object = {}) => ({
  id: id(number),
  action: { ref: 'chatops.post_message' },
  parameters: { route: 'chatops' },
  result: { output: { channel: '#ops', message: `${number}` } },
  start_timestamp: '2026-11-22T11:59:59.900000Z',
  end_timestamp: new Date(noon + number).toISOString().replace('Z', '123Z'),
  ...more,
})

const command = (number: number, more: object = {}) => ({
  id: id(number),
  status: 'succeeded',
  action: { ref: 'core.local' },
  context: { action_alias_ref: { name: 'say', id: id(99) } },
  liveaction: {
    notify: {
      'on-complete': {
        routes: ['hubot'],
        data: { user: 'alice', source_channel: '#ops', source_context: { correlation: 'c1' } },
      },
    },
  },
  end_timestamp: '2026-11-22T12:00:00.500000Z',
  ...more,
})

type Asked = {
  readonly filter?: string
  readonly status?: string
  readonly limit: number
  readonly offset: number
}

/** Queries over a server that answers as `answer` says; keeps what was asked. */
const over = (
  answer: (asked: Asked) => readonly unknown[] | Page,
  options: { readonly most?: number } = {},
) => {
  const asked: Asked[] = []
  const log = createKeptLog()
  const queries = createCatchUpQueries({
    log,
    ...options,
    list: (query) => async (limit, offset) => {
      const one = { ...query, limit, offset }
      asked.push(one)
      const given = answer(one)
      return 'documents' in given
        ? given
        : { documents: given.slice(offset, offset + limit), total: given.length }
    },
  })
  return { asked, log, queries }
}

const all = async <Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> => {
  const found: Item[] = []
  for await (const item of items) found.push(item)
  return found
}

describe('what was announced', () => {
  test('is asked for by its end, in a range that StackStorm reads', async () => {
    const { asked, queries } = over(() => [announcement(1)])
    expect(await all(queries.announced(noon + 0.7, later, signal))).toEqual([{
      execution: id(1),
      route: 'chatops',
      payload: { channel: '#ops', message: '1' },
      at: noon + 1,
    }])
    expect(asked as unknown[]).toEqual([{
      runner: 'announcement',
      status: 'succeeded',
      filter: 'end_timestamp:2026-11-22T12:00:00.000000Z..2026-11-22T13:00:00.000000Z',
      include_attributes:
        'id,action.ref,action.parameters,parameters,result,parent,start_timestamp,end_timestamp',
      limit: 100,
      offset: 0,
    }])
  })

  test('is a range that ascends, whatever is asked for', async () => {
    const { asked, queries } = over(() => [])
    await all(queries.announced(noon, noon, signal))
    await all(queries.announced(later, noon, signal))
    for (const { filter = '' } of asked) {
      const [from = '', to = ''] = filter.slice('end_timestamp:'.length).split('..')
      expect(from < to).toBe(true)
    }
  })

  test.skipIf(!haveRecordings)('is the payload of the event, as recorded', async () => {
    const recorded = JSON.parse(recording('st2/pipeline.json'))
    const { queries } = over(() => [recorded.post_message_execution])
    const [found] = await all(queries.announced(noon, later, signal))
    expect(found?.payload).toEqual(recorded.announcement.payload)
    expect(found).toMatchObject({
      execution: '6b02cdb40b5dd14be394cd0e',
      route: 'chatops',
      parent: '6b02cdb30b5dd14be394cd0b',
      at: Date.UTC(2026, 10, 22, 11, 10, 44, 712),
    })
  })

  test('went by the route that was named, or by the default of its action', async () => {
    const own = {
      ref: 'my.announce',
      parameters: { route: { default: 'ops' }, text: { type: 'string' } },
    }
    const { queries } = over(() => [
      announcement(1, { parameters: { route: 'errbot' } }),
      announcement(2, { parameters: { message: 'x' } }),
      announcement(3, { action: own, parameters: {} }),
      announcement(4, { action: { ref: 'core.announcement' }, parameters: undefined }),
      announcement(5, { action: undefined, parameters: { route: 7 } }),
    ])
    const found = await all(queries.announced(noon, later, signal))
    expect(found.map(({ route }) => route)).toEqual([
      'errbot',
      'chatops',
      'ops',
      'general',
      'chatops',
    ])
  })

  test('may be of any shape: what cannot be read is passed over', async () => {
    const { queries } = over(() => [
      null,
      'text',
      { id: 5 },
      { id: id(1) },
      announcement(2, { end_timestamp: 'yesterday' }),
      announcement(3, { result: 'None', parent: null, action: null }),
      announcement(4, { end_timestamp: undefined, start_timestamp: null }),
    ])
    const found = await all(queries.announced(noon, later, signal))
    expect(found.map(({ execution, payload }) => [execution, payload])).toEqual([
      [id(2), { channel: '#ops', message: '2' }],
      [id(3), undefined],
    ])
    expect(found[0]?.at).toBe(noon - 100)
  })
})

describe('pages', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => announcement(index))
  const numbers = async (items: AsyncIterable<{ readonly execution: string }>) =>
    (await all(items)).map(({ execution }) => Number.parseInt(execution, 16))

  test('500 announcements come in five', async () => {
    const { asked, queries } = over(() => many(500))
    expect(await numbers(queries.announced(noon, later, signal))).toEqual(
      Array.from({ length: 500 }, (_, index) => index),
    )
    expect(asked.map(({ offset }) => offset)).toEqual([0, 100, 200, 300, 400])
  })

  test('are asked for one after another, as they are used', async () => {
    const { asked, queries } = over(() => many(500))
    for await (const _ of queries.announced(noon, later, signal)) break
    expect(asked).toHaveLength(1)
  })

  test('of a list that grows or shrinks meanwhile give each document once', async () => {
    let list = many(250)
    const { queries } = over(({ offset }) => {
      // Something that ended long ago is written down late; something else is deleted.
      if (offset === 100) list = [announcement(900), ...list]
      if (offset === 200) list = list.filter(({ id: one }) => one !== id(5))
      return list
    })
    const found = await numbers(queries.announced(noon, later, signal))
    expect(new Set(found).size).toBe(found.length)
    expect(found.toSorted((a, b) => a - b)).toEqual([
      ...Array.from({ length: 250 }, (_, index) => index),
      900,
    ])
  })

  test('that are too large to arrive are asked for smaller', async () => {
    const { asked, queries } = over(({ limit }) => {
      if (limit > 4) throw new StackStormUnclear('no answer within 30 s')
      return many(10)
    })
    expect(await numbers(queries.announced(noon, later, signal))).toHaveLength(10)
    expect(asked.map(({ limit }) => limit)).toEqual([100, 20, 4, 4, 4])
  })

  test('keep to a smaller maximum of the server', async () => {
    const { queries } = over(({ limit }) => {
      if (limit > 50) {
        throw new StackStormRefused(403, 'Limit "100" specified, maximum value is "50"')
      }
      return many(60)
    })
    expect(await numbers(queries.announced(noon, later, signal))).toHaveLength(60)
  })

  test('that fail otherwise fail at once', async () => {
    const { asked, queries } = over(() => {
      throw new StackStormUnclear('HTTP 500', { status: 500 })
    })
    await expect(all(queries.announced(noon, later, signal))).rejects.toBeInstanceOf(
      StackStormUnclear,
    )
    expect(asked).toHaveLength(1)
  })

  test('end where a server gives the first one for ever, or no total', async () => {
    const first = many(100)
    const stuck = over(() => ({ documents: first, total: 300 }))
    expect(await numbers(stuck.queries.announced(noon, later, signal))).toHaveLength(100)
    const list = many(150)
    const silent = over(({ offset, limit }) => ({
      documents: list.slice(offset, offset + limit),
      total: undefined,
    }))
    expect(await numbers(silent.queries.announced(noon, later, signal))).toHaveLength(150)
  })

  test('end where a search finds too much, after all that it may find', async () => {
    const { queries } = over(() => many(500), { most: 250 })
    const found: number[] = []
    const search = async () => {
      for await (const { at } of queries.announced(noon, later, signal)) found.push(at)
    }
    await expect(search()).rejects.toBeInstanceOf(SearchTooLong)
    await search().catch(() => {})
    expect(found.at(-1)).toBe(noon + 249)
  })
})

describe('what finished', () => {
  test('is asked for by its end and its route', async () => {
    const { asked, queries } = over(() => [command(1)])
    expect(await all(queries.finished(noon, later, 'hubot', signal))).toEqual([{
      execution: id(1),
      status: 'succeeded',
      action: 'core.local',
      at: noon + 500,
      user: 'alice',
      channel: '#ops',
      context: { correlation: 'c1' },
      alias: 'say',
    }])
    expect(asked[0]).toMatchObject({
      parent: 'null',
      filter:
        'end_timestamp:2026-11-22T12:00:00.000000Z..2026-11-22T13:00:00.000000Z liveaction.notify.on-complete.routes:hubot',
      include_attributes:
        'id,status,action.ref,context,liveaction.notify,start_timestamp,end_timestamp',
    })
  })

  for (const route of ['two words', 'a..b', 'null']) {
    test(`on route "${route}" is sorted out by the bot, as no filter takes it`, async () => {
      const notify = { 'on-complete': { routes: [route] } }
      const { asked, queries } = over(() => [
        command(1),
        command(2, { liveaction: { notify } }),
        command(3, { liveaction: {} }),
        command(4, { liveaction: { notify: { 'on-complete': { routes: [null] } } } }),
      ])
      expect(await all(queries.finished(noon, later, route, signal))).toEqual([
        {
          execution: id(2),
          status: 'succeeded',
          action: 'core.local',
          at: noon + 500,
          alias: 'say',
        },
      ])
      expect(asked[0]?.filter).toEndWith(' context.source_channel.exists:true')
    })
  }

  test('and what has not: one question for each status that may go on', async () => {
    const { asked, queries } = over(({ status }) =>
      status === 'running'
        ? [
          command(1, { status, end_timestamp: undefined, start_timestamp: '2026-11-22T12:00:00Z' }),
        ]
        : []
    )
    expect(await queries.unfinished('hubot', signal)).toMatchObject([
      { execution: id(1), status: 'running', at: noon },
    ])
    expect(asked.map(({ status }) => status).toSorted()).toEqual([
      'canceling',
      'delayed',
      'paused',
      'pausing',
      'pending',
      'requested',
      'resuming',
      'running',
      'scheduled',
    ])
  })

  test('of what lies around for years only the newest are read', async () => {
    const { queries } = over(({ status, offset, limit }) => ({
      documents: status === 'paused'
        ? Array.from(
          { length: limit },
          (_, index) => command(offset + index, { status, end_timestamp: '2020-01-01T00:00:00Z' }),
        )
        : [],
      total: status === 'paused' ? 1_000_000 : 0,
    }))
    expect(await queries.unfinished('hubot', signal)).toHaveLength(500)
  })
})

describe('what was posted', () => {
  const result = (number: number, of: string, status: string, note?: string) => ({
    id: id(number),
    status,
    parameters: { execution_id: of, channel: '#ops' },
    ...(note !== undefined && { result: { output: { note } } }),
  })

  test('is known by the execution that it is of; the best attempt counts', async () => {
    const { asked, queries } = over(() => [
      result(1, 'posted', 'succeeded', 'Execution result has been posted.'),
      result(2, 'disabled', 'succeeded', 'Execution result is disabled.'),
      result(3, 'running', 'running'),
      result(4, 'requested', 'requested'),
      result(5, 'failed', 'failed', 'Execution result has been posted.'),
      result(6, 'timeout', 'timeout'),
      result(7, 'canceled', 'canceled'),
      result(8, 'twice', 'failed'),
      result(9, 'twice', 'succeeded', 'Execution result has been posted.'),
      result(10, 'twice', 'running'),
      { id: id(11), status: 'succeeded', parameters: { channel: '#ops' } },
      { id: id(12) },
    ])
    expect(Object.fromEntries(await queries.resultsPosted(noon, signal))).toEqual({
      posted: 'posted',
      disabled: 'disabled',
      running: 'running',
      requested: 'running',
      failed: 'failed',
      timeout: 'failed',
      canceled: 'failed',
      twice: 'posted',
    })
    expect(asked[0]).toMatchObject({
      action: 'chatops.post_result',
      timestamp_gt: '2026-11-22T12:00:00.000000Z',
      include_attributes: 'id,status,parameters,result',
    })
  })

  test('may be asked for one execution', async () => {
    const { asked, queries } = over(() => [result(1, id(7), 'failed'), result(2, id(8), 'running')])
    expect(await queries.resultPosted(id(7), signal)).toBe('failed')
    expect(asked[0]?.filter).toBe(`parameters.execution_id:${id(7)}`)
    expect(await over(() => []).queries.resultPosted(id(7), signal)).toBeUndefined()
  })

  test('is read as far as one search goes, and the log says that there was more', async () => {
    const { log, queries } = over(
      () => Array.from({ length: 50 }, (_, index) => result(index, id(index), 'failed')),
      { most: 20 },
    )
    expect((await queries.resultsPosted(noon, signal)).size).toBe(20)
    expect(log.lines.map(({ level }) => level)).toEqual(['warn'])
  })

  test('can be seen, or not', async () => {
    const { asked, queries } = over(() => [{ id: id(1) }])
    expect(await queries.seesResults(signal)).toBe(true)
    expect(asked).toMatchObject([{ action: 'chatops.post_result', limit: 1, offset: 0 }])
    expect(await over(() => []).queries.seesResults(signal)).toBe(false)
  })
})
