import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { command, startWorld, until } from './catch-up-sandbox.ts'
import { hour, minute, writeCommand } from './catch-up-world.ts'

// Generous: a hang is to be found, not a slow machine.
setDefaultTimeout(60_000)

describe('against the sandbox', () => {
  test('what was announced while the stream was cut is posted once, in its order', async () => {
    await using world = await startWorld()
    const bot = world.startProcess()
    await bot.ready()
    await world.say('heard')
    await until(() => world.texts().includes('heard'))
    world.sandbox.faults.set({ quickEof: 1_000_000 })
    world.sandbox.closeStreams()
    for (let number = 1; number <= 5; number++) {
      await world.say(`missed ${number}`)
      await world.settled()
    }
    await world.say('for another bot', { route: 'errbot' })
    const { id } = await command(bot, 'go', 'c1')
    await world.settled()
    const ups = bot.ups()
    world.sandbox.faults.clear()
    await until(() => bot.ups() > ups)
    await until(() => world.texts().some((text) => text.includes(id)))
    await bot.catchUp.run('once more')
    expect(world.texts().filter((text) => text.startsWith('missed'))).toEqual([
      'missed 1',
      'missed 2',
      'missed 3',
      'missed 4',
      'missed 5',
    ])
    expect(world.posted.filter(({ message }) => message.includes(id))).toHaveLength(1)
    expect(world.texts().filter((text) => text === 'heard')).toHaveLength(1)
    expect(world.texts()).not.toContain('for another bot')
    await bot.stop()
  })

  test(
    '500 announcements in an outage of the bot are posted once, over several restarts',
    async () => {
      await using world = await startWorld()
      const first = world.startProcess()
      await first.ready()
      await first.stop()
      world.pass(2 * minute)
      const wanted = Array.from({ length: 500 }, (_, index) => `number ${index}`)
      for (const text of wanted) {
        await world.say(text)
        await world.settled()
      }
      for (let restart = 0; restart < 3; restart++) {
        world.pass(5 * minute)
        const bot = world.startProcess()
        await bot.ready()
        await bot.stop()
        expect(world.texts()).toEqual(wanted)
      }
    },
    60_000,
  )

  test('what the stream service drops comes with the next sweep', async () => {
    await using world = await startWorld()
    const bot = world.startProcess()
    await bot.ready()
    world.sandbox.faults.set({ dropAnnouncements: 2 })
    await world.say('the same')
    await world.say('the same')
    await world.settled()
    await world.say('the same')
    await until(() => world.posted.length === 1)
    await bot.catchUp.run('sweep')
    expect(world.texts()).toEqual(['the same', 'the same', 'the same'])
    await bot.catchUp.run('sweep')
    expect(world.posted).toHaveLength(3)
    await bot.stop()
  })

  test('what is slow on the stream and fast in the search is posted once', async () => {
    await using world = await startWorld()
    const bot = world.startProcess()
    await bot.ready()
    world.sandbox.faults.set({ delayAnnouncements: 500 })
    await command(bot, 'go', 'c1')
    await until(() =>
      world.sandbox.executions().some(({ action, status }) =>
        (action as { ref: string }).ref === 'chatops.post_message' && status === 'succeeded'
      )
    )
    await bot.catchUp.run('sweep')
    expect(world.posted).toHaveLength(1)
    await world.settled()
    world.sandbox.faults.clear()
    await world.say('afterwards')
    await until(() => world.texts().includes('afterwards'))
    expect(world.posted).toHaveLength(2)
    await bot.stop()
  })

  test('a result that its workflow failed to post is posted by the bot, once', async () => {
    await using world = await startWorld()
    const bot = world.startProcess()
    await bot.ready()
    world.sandbox.faults.set({ failPostResult: 1 })
    const { id } = await command(bot, 'go', 'c1')
    await command(bot, 'quiet', 'c2')
    await world.settled()
    await bot.catchUp.run('too early')
    expect(world.posted).toEqual([])
    world.pass(2 * minute)
    await bot.catchUp.run('in time')
    expect(world.posted).toMatchObject([{ channel: '#ops', user: 'alice', whisper: false }])
    expect(world.texts()[0]).toStartWith("StackStorm's result workflow did not post this result")
    expect(world.texts()[0]).toContain(`execution: ${id}`)
    expect(world.texts()[0]).toContain('result : done')
    await bot.stop()
    const next = world.startProcess()
    await next.ready()
    expect(world.posted).toHaveLength(1)
    await next.stop()
  })

  test('a result for a route that has no rule is posted by the bot', async () => {
    await using world = await startWorld()
    const bot = world.startProcess({ route: 'forgotten', routes: ['chatops', 'forgotten'] })
    await bot.ready()
    const { id } = await command(bot, 'go', 'c1', 'forgotten')
    await world.settled()
    world.pass(2 * minute)
    await bot.catchUp.run('sweep')
    expect(world.texts()).toEqual([expect.stringContaining(id)])
    await bot.stop()
  })

  test('what is still in flight after a restart is expected', async () => {
    await using world = await startWorld()
    const bot = world.startProcess()
    await bot.ready()
    world.sandbox.faults.set({ freeze: true })
    const { id } = await command(bot, 'go', 'c1')
    await writeCommand(bot.journal, 'c1', id)
    await bot.stop()
    const next = world.startProcess()
    await next.ready()
    expect(next.expected).toEqual([id])
    world.sandbox.faults.clear()
    await until(() => world.texts().some((text) => text.includes(id)))
    await next.stop()
  })

  test('an outage longer than the window is told in one message', async () => {
    await using world = await startWorld()
    const bot = world.startProcess()
    await bot.ready()
    await bot.stop()
    world.pass(5 * minute)
    await world.say('old')
    const { id } = await command(bot, 'go', 'c1')
    await world.settled()
    world.pass(4 * hour)
    await world.say('young')
    await world.settled()
    const next = world.startProcess()
    await next.ready()
    expect(world.posted.map(({ channel }) => channel)).toEqual(['#ops', 'fake:#ops', '#ops'])
    expect(world.texts()[1]).toContain('A result from')
    expect(world.texts()[1]).toContain('while I was away')
    expect(world.texts()[2]).toBe('young')
    expect(id).not.toBe('')
    await next.stop()
  })

  for (const botAhead of [10 * minute, -10 * minute]) {
    test(`a clock that is ${botAhead / minute} min off changes nothing`, async () => {
      await using world = await startWorld({ botAhead })
      const bot = world.startProcess()
      await bot.ready()
      world.sandbox.faults.set({ dropAnnouncements: 1 })
      await world.say('dropped')
      await world.settled()
      await bot.catchUp.run('sweep')
      expect(world.texts()).toEqual(['dropped'])
      await bot.stop()
      const next = world.startProcess()
      await next.ready()
      expect(world.texts()).toEqual(['dropped'])
      await next.stop()
    })
  }
})
