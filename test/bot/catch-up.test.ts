import { describe, expect, test } from 'bun:test'
import { StackStormRefused } from '../../src/stackstorm/errors.ts'
import { createWorld, hour, minute } from './catch-up-world.ts'

/** A first start: what was announced before is not posted, what comes after it is. */
const beginsWithTheNew = async (world: ReturnType<typeof createWorld>) => {
  world.beginJournal()
  const bot = world.start()
  expect(await bot.run()).toEqual([])
  world.cut()
  await world.announce('new')
  expect(await bot.run()).toEqual(['new'])
  return bot
}

describe('announcements that the stream did not bring', () => {
  test('are posted after a cut, in their order', async () => {
    const world = createWorld()
    const bot = world.start()
    await bot.run()
    await world.announce('heard')
    world.cut()
    await world.clock.advance(10_000)
    await world.announce('missed 1')
    await world.announce('missed 2')
    await world.clock.advance(20_000)
    world.listen(bot)
    await world.announce('heard again')
    expect(await bot.run()).toEqual(['missed 1', 'missed 2'])
    expect(await bot.run()).toEqual([])
    expect(world.outcomes).toEqual(['complete', 'found', 'found', 'complete', 'complete'])
    expect(world.log.lines.filter(({ fields }) => fields.announcements === 2)).toHaveLength(1)
  })

  test('are posted after a restart, and nothing that was posted before', async () => {
    const world = createWorld()
    const first = world.start()
    await first.run()
    await world.announce('heard')
    await world.clock.advance(2 * minute)
    await world.announce('heard later')
    first.stop()
    await world.announce('missed')
    await world.clock.advance(20 * minute)
    expect(await world.start().run()).toEqual(['missed'])
  })

  test('are not posted at the first start: another bot has done that', async () => {
    const world = createWorld()
    await world.announce('old')
    world.finish('c1', 'failed')
    await world.clock.advance(1)
    const bot = await beginsWithTheNew(world)
    for (let time = 0; time < 10; time++) {
      await world.clock.advance(30_000)
      expect(await bot.run()).toEqual([])
    }
    expect(world.journal.watermark()).toBe(world.serverTime())
  })

  test('are not posted either where they were made less than a second before', async () => {
    const world = createWorld({ behind: 999 })
    await world.announce('old')
    await world.clock.advance(500)
    await beginsWithTheNew(world)
  })

  test('are posted from the start of the first process on, however late StackStorm answers', async () => {
    const world = createWorld()
    await world.announce('old')
    await world.clock.advance(1)
    world.beginJournal()
    const bot = world.start()
    world.cut()
    world.fail('all')
    await bot.run()
    await world.announce('while StackStorm gave no answers')
    await world.clock.advance(20 * minute)
    await bot.run()
    world.fail(undefined)
    expect(await bot.run()).toEqual(['while StackStorm gave no answers'])
  })

  test('are posted from the first process on, though it ended before StackStorm answered', async () => {
    const world = createWorld({ skew: -10 * minute })
    const first = world.start()
    world.cut()
    world.fail('all')
    await first.run()
    await world.announce('between the two')
    first.stop()
    await world.clock.advance(minute)
    world.fail(undefined)
    expect(await world.start().run()).toEqual(['between the two'])
  })

  test('are posted as often as they were made, text by text', async () => {
    const world = createWorld()
    const bot = world.start()
    await bot.run()
    await world.announce('same')
    world.cut()
    await world.announce('same')
    await world.announce('same')
    expect(await bot.run()).toEqual(['same', 'same'])
    expect(await bot.run()).toEqual([])
  })

  test('are posted once when the search is faster than the stream', async () => {
    const world = createWorld()
    const bot = world.start()
    await bot.run()
    world.cut()
    await world.announce('both')
    expect(await bot.run()).toEqual(['both'])
    await bot.hear({ channel: '#ops', message: 'both' })
    await bot.hear({ channel: '#ops', message: 'both' })
    expect(world.texts()).toEqual(['both', 'both'])
  })

  test('of other routes are left alone', async () => {
    const world = createWorld()
    const bot = world.start({ routes: ['chatops', 'ops'] })
    await bot.run()
    world.cut()
    await world.announce('for us', { route: 'ops' })
    await world.announce('for errbot', { route: 'errbot' })
    await world.announce('for everybody', { route: 'general' })
    expect(await bot.run()).toEqual(['for us'])
  })

  test('that cannot be read are named in the log and hold up no other', async () => {
    const world = createWorld()
    const bot = world.start()
    await bot.run()
    world.cut()
    const execution = await world.announce(null)
    await world.announce('somewhere')
    expect(await bot.run()).toEqual(['somewhere'])
    expect(await bot.run()).toEqual([])
    const errors = world.log.lines.filter(({ level }) => level === 'error')
    expect(errors.map(({ fields }) => fields.link)).toEqual([`https://st2/${execution}`])
  })

  test('are more than one search finds: the next goes on from there', async () => {
    const world = createWorld({ most: 10 })
    const bot = world.start()
    await bot.run()
    world.cut()
    const wanted = Array.from({ length: 35 }, (_, index) => `number ${index}`)
    for (const text of wanted) {
      await world.clock.advance(100)
      await world.announce(text)
    }
    expect(await bot.run()).toEqual(wanted)
    expect(world.log.lines.filter(({ level }) => level === 'warn')).toHaveLength(3)
  })

  test('are too many for one moment: that is a failure, not a search for ever', async () => {
    const world = createWorld({ most: 10 })
    const bot = world.start()
    await bot.run()
    world.cut()
    for (let number = 0; number < 25; number++) await world.announce(`number ${number}`)
    await bot.run()
    expect(bot.catchUp.status().error).toContain('more than 10')
  })

  test('are found although they waited long for a worker', async () => {
    const world = createWorld()
    const bot = world.start()
    await bot.run()
    world.cut()
    await world.clock.advance(40 * minute)
    await bot.run()
    // Asked for long ago, made only now: it is the end that counts.
    await world.announce('late')
    expect(await bot.run()).toEqual(['late'])
  })

  for (const skew of [10 * minute, -10 * minute]) {
    test(`are posted once where StackStorm's clock differs by ${skew / minute} min`, async () => {
      const world = createWorld({ skew })
      const bot = world.start()
      await world.announce('old')
      await world.clock.advance(2 * minute)
      await bot.run()
      await world.announce('heard')
      world.cut()
      await world.announce('missed')
      const failed = world.finish('c1', 'failed')
      await world.clock.advance(2 * minute)
      const [first, second] = await bot.run()
      expect(first).toBe('missed')
      expect(second).toContain(`output of ${failed}`)
      await world.clock.advance(5 * minute)
      expect(await world.start().run()).toEqual([])
      expect(world.posted).toHaveLength(4)
    })
  }

  test("are posted once when StackStorm's clock is set back", async () => {
    const world = createWorld()
    await world.journal.mark(world.serverTime() + 3 * hour)
    await world.announce('now')
    const bot = world.start()
    expect(await bot.run()).toEqual(['now'])
    expect(await bot.run()).toEqual([])
    expect(world.journal.watermark()).toBe(world.serverTime())
  })
})

describe('the watermark', () => {
  test('stays where it is until everything is written down', async () => {
    const world = createWorld()
    const bot = world.start()
    await bot.run()
    const mark = world.journal.watermark()
    world.cut()
    await world.clock.advance(3 * minute)
    await world.announce('missed')
    for (const query of ['whoami', 'announced', 'finished']) {
      world.fail(query)
      await bot.run()
      expect(world.journal.watermark()).toBe(mark)
    }
    world.fail(undefined)
    await bot.run()
    expect(world.journal.watermark()).toBe(world.serverTime())
    expect(world.texts()).toEqual(['missed'])
  })

  test('moves where StackStorm has no such question as which results it owes', async () => {
    const world = createWorld()
    const bot = world.start()
    await bot.run()
    world.cut()
    const refusal = new StackStormRefused(400, 'Cannot resolve field "liveaction"')
    world.fail('finished', refusal)
    for (const text of ['one', 'two']) {
      await world.clock.advance(3 * minute)
      await world.announce(text)
      expect(await bot.run()).toEqual([text])
      expect(world.journal.watermark()).toBe(world.serverTime())
    }
    const warnings = world.log.lines.filter(({ level }) => level === 'warn')
    expect(warnings.map(({ fields }) => fields.error)).toEqual([refusal])
    world.fail('finished', new StackStormRefused(403, 'not allowed'))
    await world.clock.advance(minute)
    await bot.run()
    expect(bot.catchUp.status().error).toContain('not allowed')
  })

  test('says once why it fails, though each request has its own id', async () => {
    const world = createWorld()
    const bot = world.start()
    for (const requestId of ['r1', 'r2', 'r3']) {
      world.fail('all', new StackStormRefused(401, 'Unauthorized', { requestId }))
      await bot.run()
    }
    const warnings = world.log.lines.filter(({ level }) => level === 'warn')
    expect(warnings.map(({ fields }) => fields.error)).toMatchObject([{ requestId: 'r1' }])
    expect(bot.catchUp.status().error).toBe('Unauthorized')
  })

  test('does not move when writing down fails', async () => {
    const world = createWorld()
    const bot = world.start()
    await bot.run()
    const mark = world.journal.watermark()
    bot.stop()
    await world.announce('missed')
    await world.clock.advance(minute)
    const broken = world.start({ announce: () => Promise.reject(new Error('no disk')) })
    await broken.run()
    expect(world.journal.watermark()).toBe(mark)
    expect(broken.catchUp.status().error).toBe('no disk')
    broken.stop()
    expect(await world.start().run()).toEqual(['missed'])
  })

  test('waits for a result that StackStorm is still posting', async () => {
    const world = createWorld()
    await world.start().run()
    const execution = world.finish('c1', 'running')
    await world.clock.advance(5 * minute)
    const before = world.start()
    expect(await before.run()).toEqual([])
    before.stop()
    await world.clock.advance(2 * minute)
    world.setState(execution, 'failed')
    const [late] = await world.start().run()
    expect(late).toContain(`output of ${execution}`)
  })
})

test("what is another bot's is neither posted, nor counted as missed, nor summarised, nor worded anew", async () => {
  const world = createWorld()
  const isForeign = ({ context }: { readonly context?: unknown }) =>
    JSON.stringify(context)?.includes('theirs') === true
  const bot = world.start({ isForeign })
  await bot.run()
  await world.clock.advance(4 * minute)
  world.cut()
  await world.announce('old of theirs', { correlation: 'theirs 1' })
  world.finish('theirs 2', 'failed')
  await world.clock.advance(3 * hour)
  await world.announce('of theirs', { correlation: 'theirs 3' })
  world.finish('theirs 4', 'failed')
  await world.announce('ours', { correlation: 'ours' })
  await world.clock.advance(5 * minute)
  expect(await bot.run()).toEqual(['ours'])
  expect(world.outcomes.filter((outcome) => outcome === 'found')).toHaveLength(1)
})
