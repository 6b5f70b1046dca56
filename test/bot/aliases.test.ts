import { expect, test } from 'bun:test'
import { createAliasSource, hasOwnWords } from '../../src/bot/aliases.ts'
import { createManualClock, settle } from '../fakes/clock.ts'
import { createKeptLog } from '../fakes/log.ts'
import { aliasDocument } from '../fakes/stackstorm.ts'

const setUp = (fetchAliases: () => Promise<readonly unknown[]>) => {
  const clock = createManualClock()
  const log = createKeptLog()
  const ending = new AbortController()
  const source = createAliasSource({
    fetchAliases,
    clock,
    log,
    signal: ending.signal,
    interval: 120_000,
  })
  return { clock, log, ending, source }
}

test('loads at start and every interval; a failure is tried again within seconds', async () => {
  let fetches = 0
  let failing = true
  const { clock, source, ending } = setUp(() => {
    fetches++
    return failing
      ? Promise.reject(new Error('away'))
      : Promise.resolve([aliasDocument('a', ['a'])])
  })
  void source.keepFresh()
  await clock.advance(100)
  expect(source.problem()).toBe('away')
  await clock.advance(40_000)
  expect(fetches).toBeGreaterThan(4)
  failing = false
  await clock.advance(8_000)
  expect(source.current()?.aliases).toHaveLength(1)
  const soFar = fetches
  await clock.advance(119_000)
  expect(fetches - soFar).toBeLessThanOrEqual(1)
  ending.abort()
})

test('a burst of changes is one reload, and callers during a reload share the next', async () => {
  let fetches = 0
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  const { clock, source } = setUp(async () => {
    if (++fetches === 2) await held
    return []
  })
  for (let n = 0; n < 50; n++) source.reloadSoon('st2.actionalias__create')
  await clock.advance(1_000)
  expect(fetches).toBe(1)
  const all = [source.reload('one'), source.reload('two'), source.reload('three')]
  await settle()
  release()
  await Promise.all(all)
  expect(fetches).toBe(3)
})

test('a list that has not changed stays the one it was; a changed one takes its place', async () => {
  let text = JSON.stringify([aliasDocument('a', ['a'])])
  const source = createAliasSource({
    fetchAliases: (_, read) => Promise.resolve(read?.(text) ?? []),
    clock: createManualClock(),
    log: createKeptLog(),
    signal: new AbortController().signal,
    interval: 120_000,
  })
  await source.reload('start')
  const first = source.current()
  await source.reload('interval')
  expect(source.current()).toBe(first)
  text = JSON.stringify([aliasDocument('b', ['b'])])
  await source.reload('interval')
  expect(source.current()?.aliases.map(({ name }) => name)).toEqual(['b'])
})

test('the log tells of a change once, and of bad aliases by name', async () => {
  const { log, source } = setUp(() =>
    Promise.resolve([aliasDocument('good', ['good']), aliasDocument('bad', [null])])
  )
  await source.reload('start')
  await source.reload('interval')
  expect(log.lines.filter(({ level }) => level === 'info')).toHaveLength(1)
  expect(log.lines.filter(({ level }) => level === 'warn')).toMatchObject([
    { fields: { alias: 'examples.bad' } },
  ])
})

test('says how a reload ended that a signal asked for, or that follows a failure; nothing else is news', async () => {
  let failing = false
  const { log, source } = setUp(() =>
    failing ? Promise.reject(new Error('away')) : Promise.resolve([aliasDocument('a', ['a'])])
  )
  const said = () =>
    log.lines.filter(({ level }) => level !== 'debug').map(({ message }) => message)
  await source.reload('start')
  await source.reload('interval')
  await source.reload('signal')
  failing = true
  await source.reload('interval')
  await source.reload('interval')
  failing = false
  await source.reload('interval')
  expect(said()).toEqual([
    '1 alias loaded.',
    'Aliases reloaded: nothing new.',
    'The aliases could not be loaded; the last good list stays.',
    'Aliases reloaded: nothing new.',
  ])
})

test('knows which aliases may word their results themselves, once there is a list', async () => {
  const held = Promise.withResolvers<readonly unknown[]>()
  const { source } = setUp(() => held.promise)
  const asked = Promise.all(
    ['plain', 'own', 'gone'].map((name) => hasOwnWords(source, name)),
  )
  void source.reload('start')
  held.resolve([
    aliasDocument('plain', ['a']),
    { ...aliasDocument('own', ['b']), result: { format: 'done' } },
  ])
  expect(await asked).toEqual([false, true, true])
})

test('shows nothing of an alias that it could never read', async () => {
  const { source } = setUp(() => Promise.reject(new Error('away')))
  void source.reload('start')
  expect(await hasOwnWords(source, 'plain')).toBe(true)
})
