import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RetryLater } from '../../src/chat/adapter.ts'
import { openJournal } from '../../src/delivery/journal.ts'
import { silentLog } from '../../src/log.ts'
import type { FollowOptions } from '../../src/stackstorm/types.ts'
import { createRandom } from '../config/random.ts'
import { createFakeChat } from '../fakes/adapter.ts'
import { startTestBot } from '../fakes/bot.ts'
import { createManualClock } from '../fakes/clock.ts'
import { aliasDocument, createFakeStackStorm, executionId } from '../fakes/stackstorm.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

/** A day fills what is kept for a day; the next one must not add to it. */
const hours = 48
/** For each simulated hour: a busy team's chat. */
const announcementsAnHour = 250
const commandsAnHour = 50
/** The chat service takes nothing for so long, in one hour of three. */
const chatDown = 10 * minute
/** Nothing comes by the stream for so long, in one hour of four, and nobody says so until it is over. */
const streamDown = 5 * minute

/** Only to notice that something hangs, in ms of real time. */
const limit = 240_000

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'st2chatops-day-'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const bytesIn = async (path: string): Promise<number> => {
  const sizes = await Promise.all(
    (await readdir(path)).map(async (name) => (await stat(join(path, name))).size),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

const residentBytes = (): number => {
  Bun.gc(true)
  return process.memoryUsage.rss()
}

test(
  'two days leave nothing behind: no announcement lost or repeated, memory and journal flat',
  async () => {
    const random = createRandom(24)
    const clock = createManualClock()
    const stackstorm = createFakeStackStorm([aliasDocument('work', ['work on {{word}}'])])
    /** What StackStorm announced of late: executions that a search finds. */
    let announced: { readonly execution: string; readonly payload: object; readonly at: number }[] =
      []
    let follow: FollowOptions | undefined
    let isChatDown = false
    let isStreamDown = false
    let executions = 0

    const chat = createFakeChat({
      send: () =>
        isChatDown ? Promise.reject(new RetryLater('The chat is down.')) : Promise.resolve({}),
    })
    Object.assign(stackstorm, {
      serverTime: clock.now,
      whoami: () =>
        Promise.resolve({ username: 'bot', method: 'API key', rbac: false, admin: true }),
      follow: (options: FollowOptions) => {
        follow = options
        options.onState({ state: 'connected', since: clock.now() })
        return new Promise<void>((resolve) =>
          options.signal.addEventListener('abort', () => resolve())
        )
      },
      execute: () => {
        const id = executionId(++executions)
        return Promise.resolve({ id, link: stackstorm.executionLink(id), alias: {} })
      },
      catchUp: {
        ...stackstorm.catchUp,
        announced: async function* (from: number, to: number) {
          for (const one of announced) {
            if (one.at >= from && one.at <= to) yield { ...one, route: 'chatops' }
          }
        },
      },
    })

    const announce = (word: string): void => {
      const payload = {
        user: null,
        whisper: false,
        message: word,
        channel: `C${random.below(5)}`,
        context: null,
        extra: null,
      }
      announced.push({ execution: executionId(++executions), payload, at: clock.now() })
      if (!isStreamDown) {
        follow?.onEvent('st2.announcement__chatops', { payload, trace_context: null })
      }
    }

    const setStream = (down: boolean): void => {
      isStreamDown = down
      // Whoever reconnects was deaf before: the loss is told of when it is over.
      if (!down) {
        follow?.onState({ state: 'connecting', since: clock.now(), error: 'no byte for 60 s' })
        follow?.onState({ state: 'connected', since: clock.now() })
      }
    }

    const state = join(folder, 'state')
    const { bot } = await startTestBot([], {
      chats: [chat],
      stackstorm,
      clock,
      log: silentLog,
      journal: openJournal({ folder: state, clock, log: silentLog }),
      meter: { command: () => {}, announcement: () => {}, send: () => {}, catchUp: () => {} },
    })
    await clock.advance(second)

    const open = new Set<string>()
    const repeated: string[] = []
    let started = 0
    const read = (): void => {
      for (const { kind, text } of chat.posted.splice(0)) {
        if (kind !== 'result') continue
        if (!open.delete(text)) repeated.push(text)
      }
      started += stackstorm.requests.splice(0).length
    }

    const sizes: { readonly memory: number; readonly journal: number }[] = []
    for (let passed = 0; passed < hours; passed++) {
      const plan = [
        ...Array.from({ length: announcementsAnHour }, (_, index) => ({
          at: random.below(hour),
          run: () => {
            const word = `announced-${passed}-${index}`
            open.add(word)
            announce(word)
          },
        })),
        ...Array.from({ length: commandsAnHour }, (_, index) => ({
          at: random.below(hour),
          run: () => chat.say(`!work on ${passed}-${index}`, { id: `said-${passed}-${index}` }),
        })),
        ...(passed % 3 === 1
          ? [
            { at: hour / 4, run: () => (isChatDown = true) },
            { at: hour / 4 + chatDown, run: () => (isChatDown = false) },
          ]
          : []),
        ...(passed % 4 === 2
          ? [
            { at: hour / 3, run: () => setStream(true) },
            { at: hour / 3 + streamDown, run: () => setStream(false) },
          ]
          : []),
      ].toSorted((a, b) => a.at - b.at)
      let now = 0
      for (const { at, run } of plan) {
        await clock.advance(at - now)
        now = at
        run()
      }
      await clock.advance(hour - now)
      read()
      announced = announced.filter(({ at }) => clock.now() - at < 2 * hour)
      sizes.push({ memory: residentBytes(), journal: await bytesIn(state) })
    }
    // What was announced in the last moments is still on its way.
    await clock.advance(10 * minute)
    read()
    await bot.close()

    expect([...open]).toEqual([])
    expect(repeated).toEqual([])
    expect(started).toBe(hours * commandsAnHour)
    const [dayOne, dayTwo] = [sizes[23], sizes[47]]
    // A day's marks against repetition, and the room that SQLite keeps to write in.
    expect(dayTwo?.journal).toBeLessThan((dayOne?.journal ?? 0) * 1.25 + 1_000_000)
    // What a garbage collector keeps for itself is no leak; two days of messages would be.
    expect(dayTwo?.memory).toBeLessThan((dayOne?.memory ?? 0) + 48 * 1024 * 1024)
  },
  limit,
)
