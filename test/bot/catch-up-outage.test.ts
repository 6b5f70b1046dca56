import { describe, expect, test } from 'bun:test'
import { createWorld, hour, minute } from './catch-up-world.ts'

describe('an outage longer than the window', () => {
  const afterOutage = async () => {
    const world = createWorld()
    const bot = world.start()
    await bot.run()
    await world.clock.advance(30_000)
    await world.announce('heard')
    bot.stop()
    await world.clock.advance(10 * minute)
    for (let number = 1; number <= 25; number++) await world.announce(`old ${number}`)
    await world.announce('old elsewhere', { channel: '#dev' })
    await world.announce('old result', { correlation: 'c1' })
    const failed = world.finish('c2', 'failed')
    await world.clock.advance(3 * hour)
    await world.announce('young')
    await world.clock.advance(5 * minute)
    return { world, failed }
  }

  test('is told in one message for each channel, and what is younger is posted', async () => {
    const { world, failed } = await afterOutage()
    const posted = await world.start().run()
    expect(world.posted.map(({ channel }) => channel)).toEqual([
      '#ops',
      '#ops',
      '#dev',
      'fake:#ops',
      '#ops',
    ])
    const [ops = '', dev = '', typed = '', young] = posted
    expect(ops).toContain('25 results from 2023-11-14 22:23 to 2023-11-14 22:23 UTC')
    expect(ops.match(/https:/g)).toHaveLength(20)
    expect(ops).toContain('and 5 more.')
    expect(dev).toContain('A result from 2023-11-14 22:23 UTC')
    expect(typed).toContain('2 results')
    expect(typed).toContain(`https://st2/${failed}`)
    expect(young).toBe('young')
    expect(posted).toHaveLength(4)
  })

  test('leaves out what was heard before, by its command or by what the journal knows', async () => {
    const world = createWorld()
    const bot = world.start()
    await bot.run()
    await world.clock.advance(4 * minute)
    await world.announce('known by its command', { correlation: 'c1' })
    await world.announce('known by its text')
    bot.stop()
    await world.clock.advance(3 * hour)
    const next = world.start({ isKnown: ({ message }) => message === 'known by its text' })
    expect(await next.run()).toEqual([])
  })

  test('is told once where the pass fails behind it', async () => {
    const world = createWorld()
    await world.start().run()
    world.cut()
    // What is older than the window by then ends on a full step of ten minutes, 30 s after this announcement.
    const border = Math.ceil((world.serverTime() + hour) / (10 * minute)) * 10 * minute
    await world.clock.advance(border - 30_000 - world.serverTime())
    await world.announce('just too old')
    await world.clock.advance(hour + 30_000)
    const next = world.start()
    world.fail('finished')
    await next.run()
    expect(world.posted).toHaveLength(0)
    world.fail('resultsPosted')
    world.finish('c1', undefined)
    await world.clock.advance(2 * minute)
    await next.run()
    expect(next.catchUp.status().error).toBe('no resultsPosted')
    expect(world.texts()).toEqual([expect.stringContaining('while I was away')])
    world.fail(undefined)
    next.stop()
    await world.start({ isKnown: () => false }).run()
    expect(world.texts().filter((text) => text.includes('while I was away'))).toHaveLength(1)
  })

  test('is told once, also when the first attempt was cut short', async () => {
    const { world } = await afterOutage()
    let announcements = 0
    const bot = world.start({
      announce: async (announcement, found) => {
        if (++announcements === 2) throw new Error('halfway')
        await world.announceNow(announcement, found)
      },
    })
    await bot.run()
    expect(bot.catchUp.status().error).toBe('halfway')
    bot.stop()
    await world.start().run()
    const summaries = world.texts().filter((text) => text.includes('while I was away'))
    expect(summaries).toHaveLength(3)
    expect(await world.start().run()).toEqual([])
  })
})
