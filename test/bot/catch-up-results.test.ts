import { describe, expect, test } from 'bun:test'
import { readOrigin } from '../../src/bot/origin.ts'
import { createWorld, hour, minute } from './catch-up-world.ts'

/** A world in which the bot runs, and everything later is to be caught up. */
const running = async (options: Parameters<typeof createWorld>[0] = {}) => {
  const world = createWorld(options)
  const bot = world.start()
  await bot.run()
  return { world, bot }
}

const isolated = { identity: { rbac: true, admin: false }, sees: false }

describe('a result that StackStorm did not post', () => {
  for (const state of ['failed', undefined] as const) {
    test(`is posted by the bot, once, where its workflow ${state ?? 'never began'}`, async () => {
      const { world, bot } = await running()
      const execution = world.finish('c1', state)
      await world.clock.advance(minute)
      const [late = ''] = await bot.run()
      expect(late).toBe(
        "StackStorm's result workflow did not post this result, so I do, in its default form. " +
          `(details: https://st2/${execution})\n\nAction core.local completed.\nstatus : succeeded\n` +
          `execution: ${execution}\n\n\n\nresult :\n--------\nstdout : output of ${execution}`,
      )
      const [announcement] = world.posted
      expect(announcement).toMatchObject({ channel: '#ops', user: 'alice', whisper: false })
      expect(readOrigin(announcement?.context)).toMatchObject({ correlation: 'c1', thread: 'T1' })
      expect(await bot.run()).toEqual([])
      bot.stop()
      expect(await world.start().run()).toEqual([])
      expect(world.outcomes.filter((outcome) => outcome === 'formatted')).toHaveLength(1)
    })
  }

  test('keeps to its status where the alias words its results itself', async () => {
    const { world, bot } = await running()
    bot.stop()
    const hidden = world.finish('c1', 'failed', { alias: 'secretive' })
    const shown = world.finish('c2', 'failed', { alias: 'plain' })
    await world.clock.advance(2 * minute)
    const careful = world.start({ hasOwnWords: (alias) => alias === 'secretive' })
    const [first = '', second = ''] = await careful.run()
    expect(first).toBe(
      "StackStorm's result workflow did not post this result. Its alias has its own wording, which may leave things out, so I tell its " +
        `status alone. (details: https://st2/${hidden})\n\nAction core.local completed.\nstatus : succeeded\n` +
        `execution: ${hidden}`,
    )
    expect(second).toContain(`output of ${shown}`)
    expect(world.log.lines.filter(({ level }) => level === 'warn').map(({ message }) => message))
      .toEqual([
        "StackStorm's result workflow did not post a result; posting its status.",
        "StackStorm's result workflow did not post a result; posting it in its default form.",
      ])
  })

  test('is posted once also where a restart forgets what the journal does not mark', async () => {
    const { world, bot } = await running()
    world.finish(undefined, 'failed')
    await world.clock.advance(minute)
    expect(await bot.run()).toHaveLength(1)
    await bot.run()
    expect(world.asked.filter((query) => query === 'execution')).toHaveLength(1)
    bot.stop()
    await world.journal.mark(world.serverTime() - minute)
    expect(await world.start().run()).toEqual([])
  })

  test('is left to StackStorm for a minute', async () => {
    const { world, bot } = await running()
    const kept = bot.catchUp.keepUp()
    await world.clock.advance(10 * minute - 1_000)
    world.finish('c1', undefined)
    await world.clock.advance(30_000)
    expect(world.posted).toEqual([])
    // Looked at again when its minute has passed, not at the next sweep.
    await world.clock.advance(32_000)
    expect(world.posted).toHaveLength(1)
    bot.stop()
    await kept
  })

  test('is left alone where the workflow runs, and posted where it never ends', async () => {
    const { world, bot } = await running()
    const slow = world.finish('c1', 'running')
    const stuck = world.finish('c2', 'running')
    const kept = bot.catchUp.keepUp()
    await world.clock.advance(6 * minute)
    expect(world.posted).toEqual([])
    world.setState(slow, 'posted')
    await world.announce('the result', { correlation: 'c1' })
    await world.clock.advance(5 * minute)
    expect(world.texts()[0]).toBe('the result')
    expect(world.texts()[1]).toContain(stuck)
    expect(world.posted).toHaveLength(2)
    bot.stop()
    await kept
  })

  test('is not posted where the alias wants none', async () => {
    const { world, bot } = await running()
    world.finish('c1', 'disabled')
    world.finish('c2', 'posted')
    await world.clock.advance(2 * minute)
    expect(await bot.run()).toEqual([])
    bot.stop()
    world.finish('c3', undefined, { alias: 'quiet' })
    world.finish('c4', undefined, { alias: 'loud' })
    await world.clock.advance(2 * minute)
    const careful = world.start({ postsResults: (alias) => alias !== 'quiet' })
    expect(await careful.run()).toHaveLength(1)
    expect(readOrigin(world.posted[0]?.context)?.correlation).toBe('c4')
  })

  test('is not posted where its announcement was heard', async () => {
    const { world, bot } = await running()
    world.finish('c1', 'failed')
    await world.announce('posted, and failed thereafter', { correlation: 'c1' })
    await world.clock.advance(2 * minute)
    expect(await bot.run()).toEqual([])
  })

  test('does not hold back the real announcement that comes at last', async () => {
    const { world, bot } = await running()
    const execution = world.finish('c1', undefined)
    await world.clock.advance(2 * minute)
    expect(await bot.run()).toHaveLength(1)
    await world.announce('the real one', { correlation: 'c1' })
    world.setState(execution, 'posted')
    expect(world.texts().at(-1)).toBe('the real one')
    await world.clock.advance(minute)
    expect(await bot.run()).toEqual([])
    bot.stop()
    expect(await world.start().run()).toEqual([])
    expect(world.posted).toHaveLength(2)
  })

  test('is not posted where StackStorm, asked about it alone, knows of its attempt', async () => {
    const { world, bot } = await running()
    const execution = world.finish('c1', undefined)
    await world.clock.advance(2 * minute)
    world.lateState(execution, 'posted')
    // The list said nothing of it; asked about this one alone, StackStorm did.
    expect(await bot.run()).toEqual([])
    expect(world.asked).toContain('resultPosted')
  })

  test('is named in the log where it can be posted nowhere', async () => {
    const { world, bot } = await running()
    world.finish(undefined, 'failed', { channel: undefined })
    const gone = world.finish('c2', 'failed')
    world.forget(gone)
    await world.clock.advance(2 * minute)
    expect(await bot.run()).toEqual([])
    const errors = world.log.lines.filter(({ level }) => level === 'error')
    expect(errors.map(({ message }) => message)).toEqual([
      'A result was not posted by StackStorm, and names no channel for us to post it.',
      'A result was not posted, and StackStorm does not have its execution any more.',
    ])
  })
})

describe('a user who sees its own executions alone', () => {
  test('has its missed results worded by the bot, and is told once what cannot be seen', async () => {
    const { world, bot } = await running(isolated)
    world.cut()
    await world.announce('of a rule')
    const missed = world.finish('c1', 'posted')
    world.listen(bot)
    world.finish('c2', 'posted')
    await world.announce('heard', { correlation: 'c2' })
    await world.clock.advance(2 * minute)
    const posted = await bot.run()
    expect(posted).toHaveLength(1)
    expect(posted[0]).toContain(`output of ${missed}`)
    expect(await bot.run()).toEqual([])
    const warnings = world.log.lines.filter(({ message }) => message.includes('does not show'))
    expect(warnings).toHaveLength(1)
    expect(warnings[0]?.fields.advice).toContain('admin')
  })

  test('has nothing posted of which nobody knows whether it was posted', async () => {
    const { world, bot } = await running(isolated)
    world.finish(undefined, undefined)
    await world.clock.advance(2 * minute)
    expect(await bot.run()).toEqual([])
  })

  test('is an administrator in no case', async () => {
    const { world } = await running({ identity: { rbac: true, admin: true }, sees: false })
    expect(world.asked).not.toContain('seesResults')
    expect(world.log.lines.filter(({ level }) => level === 'warn')).toEqual([])
  })

  test('is not told so where it sees more than that', async () => {
    const { world, bot } = await running({ identity: { rbac: true, admin: false }, sees: true })
    world.cut()
    world.finish('c1', 'disabled')
    await world.announce('of a rule')
    await world.clock.advance(2 * minute)
    expect(await bot.run()).toEqual(['of a rule'])
    expect(world.log.lines.filter(({ level }) => level === 'warn')).toEqual([])
  })
})

describe('commands that have not ended', () => {
  test('are expected again after a restart, once', async () => {
    const { world, bot } = await running()
    const execution = await world.begin('c1')
    bot.stop()
    const next = world.start()
    await next.run()
    await next.run()
    expect(world.expected).toEqual([['c1', execution]])
  })

  test('are not expected where another bot of the same route began them', async () => {
    const { world, bot } = await running()
    bot.stop()
    world.beginElsewhere('c1')
    await world.start().run()
    expect(world.expected).toEqual([])
  })

  test('are asked for until StackStorm has told', async () => {
    const { world, bot } = await running()
    bot.stop()
    await world.begin('c1')
    world.fail('unfinished')
    const next = world.start()
    await next.run()
    expect(world.expected).toEqual([])
    world.fail(undefined)
    await next.run()
    expect(world.expected).toHaveLength(1)
  })
})

describe('when it runs', () => {
  test('a run in progress is not started twice; all who ask meanwhile share one more', async () => {
    const { world, bot } = await running()
    const release = world.hold()
    const runs = [bot.catchUp.run('1')]
    world.cut()
    await world.settle()
    world.asked.length = 0
    await world.announce('during the first')
    runs.push(bot.catchUp.run('2'), bot.catchUp.run('3'), bot.catchUp.run('4'))
    release()
    await Promise.all(runs)
    expect(world.asked.filter((query) => query === 'whoami')).toHaveLength(1)
    expect(world.asked.filter((query) => query === 'announced')).toHaveLength(2)
    expect(world.texts()).toEqual(['during the first'])
  })

  test('it sweeps every five minutes for what the stream lost', async () => {
    const { world, bot } = await running()
    const kept = bot.catchUp.keepUp()
    await world.settle()
    world.cut()
    await world.announce('lost')
    await world.clock.advance(5 * minute - 1)
    expect(world.posted).toEqual([])
    await world.clock.advance(1)
    expect(world.texts()).toEqual(['lost'])
    const passes = world.outcomes.length
    await world.clock.advance(hour)
    expect(world.outcomes.length - passes).toBe(12)
    bot.stop()
    await kept
    expect(world.clock.sleepers()).toBe(0)
  })

  test('a failure is tried again with growing waits, and told once', async () => {
    const { world, bot } = await running()
    const kept = bot.catchUp.keepUp()
    await world.settle()
    world.cut()
    world.fail('all')
    await bot.catchUp.run('reconnect')
    await world.announce('missed')
    await world.clock.advance(10 * minute)
    const failed = world.outcomes.filter((outcome) => outcome === 'failed').length
    // Half a second, doubled up to a minute, half of that on average.
    expect(failed).toBeGreaterThan(15)
    expect(failed).toBeLessThan(40)
    expect(world.log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1)
    expect(bot.catchUp.status().error).toBe('no whoami')
    world.fail(undefined)
    await world.clock.advance(minute)
    expect(world.texts()).toEqual(['missed'])
    expect(bot.catchUp.status().error).toBeUndefined()
    expect(world.log.lines.at(-1)?.message).toBe('Caught up with StackStorm.')
    world.fail('announced')
    await bot.catchUp.run('reconnect')
    expect(world.log.lines.at(-1)).toMatchObject({ level: 'warn', fields: { failures: 1 } })
    bot.stop()
    await kept
  })

  test('nothing runs once the bot has stopped', async () => {
    const { world, bot } = await running()
    bot.stop()
    world.asked.length = 0
    await bot.catchUp.run('late')
    await bot.catchUp.keepUp()
    expect(world.asked).toEqual([])
  })
})
