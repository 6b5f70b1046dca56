import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CatchUpOptions, createCatchUp } from '../../src/bot/catch-up.ts'
import { createListener } from '../../src/bot/listen.ts'
import { createWording } from '../../src/chat/wording.ts'
import { type Clock, systemClock } from '../../src/clock.ts'
import { openJournal } from '../../src/delivery/journal.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import type { Announcement } from '../../src/stackstorm/announcement.ts'
import { hurriedClock } from '../fakes/hurried-clock.ts'
import { createKeptLog } from '../fakes/log.ts'
import { clientOf } from '../fakes/stackstorm-client.ts'
import { contextOf, createAnnounce, hour, minute } from './catch-up-world.ts'

// Generous: a hang is to be found, not a slow machine.
setDefaultTimeout(60_000)

const alias = (name: string, more: object = {}) => ({
  pack: 't',
  name,
  action_ref: 't.thing',
  formats: [name],
  ...more,
})

const pack = {
  name: 't',
  aliases: [alias('go'), alias('quiet', { result: { enabled: false } })],
  fixtures: { thing: { result: { result: 'done' } } },
}

/** Waits until `what` holds; the test's own time limit is the end of patience. */
const until = async (what: () => boolean): Promise<void> => {
  while (!what()) await systemClock.sleep(5)
}

/** A sandbox whose clock the test can set ahead, and processes of the bot that share a folder. */
const startWorld = async ({ botAhead = 0 }: { readonly botAhead?: number } = {}) => {
  let ahead = 0
  const folder = await mkdtemp(join(tmpdir(), 'st2chatops-catch-up-'))
  const sandbox: Sandbox = await startSandbox({
    packs: [pack],
    clock: { ...systemClock, now: () => Date.now() + ahead },
  })
  const posted: Announcement[] = []
  const log = createKeptLog()

  const startProcess = (more: Partial<CatchUpOptions> = {}) => {
    const hurried = hurriedClock()
    const clock: Clock = { ...hurried, now: () => hurried.now() + botAhead }
    const ending = new AbortController()
    const { signal } = ending
    const client = clientOf(sandbox.url, {
      credentials: { kind: 'api-key', key: sandbox.apiKey },
      clock,
    })
    const journal = openJournal({ folder, clock, log })
    // The header of real time does not know how far the test is ahead.
    const serverTime = () => client.serverTime() + ahead
    const announce = createAnnounce(journal, posted, serverTime)
    const expected: string[] = []
    let ups = 0
    const meter = { catchUp: () => {}, announcement: () => {}, command: () => {}, send: () => {} }
    const catchUp = createCatchUp({
      queries: client.catchUp,
      stackstorm: { ...client, serverTime },
      journal,
      announce,
      isKnown: (announcement) => posted.some((one) => Bun.deepEquals(one, announcement)),
      expect: (_, execution) => expected.push(execution),
      wording: createWording(log),
      clock,
      log,
      meter,
      window: hour,
      route: 'hubot',
      routes: ['chatops'],
      signal,
      ...more,
    })
    const listener = createListener({
      stackstorm: client,
      route: 'hubot',
      clock,
      log,
      meter,
      signal,
      onAnnouncement: (announcement) => void announce(announcement),
      onAliasesChanged: () => {},
      onUp: () => {
        ups++
        void catchUp.run('the stream is up')
      },
    })
    const work = Promise.all([listener.listen(), catchUp.keepUp()])
    return {
      catchUp,
      client,
      journal,
      expected,
      ups: () => ups,
      /** The stream is up, and what was before is caught up. */
      ready: async () => {
        await until(() => listener.status().state === 'connected')
        await catchUp.run('test')
      },
      stop: async () => {
        ending.abort(new Error('stopped'))
        await work
        journal.close()
      },
    }
  }

  return {
    sandbox,
    posted,
    log,
    texts: () => posted.map(({ message }) => message),
    startProcess,
    /** Time passes in StackStorm. */
    pass: (ms: number) => {
      ahead += ms
    },
    /** Somebody runs `chatops.post_message`. Settles when it has run. */
    say: async (message: string, parameters: object = {}) => {
      const answer = await fetch(`${sandbox.apiUrl}/v1/executions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'st2-api-key': sandbox.apiKey },
        body: JSON.stringify({
          action: 'chatops.post_message',
          parameters: { channel: '#ops', message, ...parameters },
        }),
      })
      expect(answer.status).toBe(201)
    },
    settled: () => sandbox.settled(),
    [Symbol.asyncDispose]: async () => {
      await sandbox.stop()
      await rm(folder, { recursive: true })
    },
  }
}

type Bot = ReturnType<Awaited<ReturnType<typeof startWorld>>['startProcess']>

/** Runs an alias as the bot does. */
const command = (bot: Bot, name: string, correlation: string, route = 'hubot') =>
  bot.client.executeAlias({
    name,
    format: name,
    command: name,
    user: 'alice',
    channel: '#ops',
    route,
    context: contextOf(correlation),
    correlation,
  }, new AbortController().signal)

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
