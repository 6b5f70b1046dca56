import { expect } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CatchUpOptions, createCatchUp } from '../../src/bot/catch-up.ts'
import { createListener } from '../../src/bot/listen.ts'
import { createWording } from '../../src/chat/wording.ts'
import { type Clock, systemClock } from '../../src/clock.ts'
import { fingerprint } from '../../src/delivery/fingerprint.ts'
import { openJournal } from '../../src/delivery/journal.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import type { Announcement } from '../../src/stackstorm/announcement.ts'
import { hurriedClock } from '../fakes/hurried-clock.ts'
import { createKeptLog } from '../fakes/log.ts'
import { clientOf } from '../fakes/stackstorm-client.ts'
import { contextOf, createAnnounce } from './catch-up-announce.ts'
import { hour } from './catch-up-world.ts'

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
export const until = async (what: () => boolean): Promise<void> => {
  while (!what()) await systemClock.sleep(5)
}

/** A sandbox whose clock the test can set ahead, and processes of the bot that share a folder. */
export const startWorld = async ({ botAhead = 0 }: { readonly botAhead?: number } = {}) => {
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
      isForeign: () => false,
      isKnown: (announcement, found) =>
        journal.knows({ hash: fingerprint(announcement), source: 'search', ...found }),
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

export type Bot = ReturnType<Awaited<ReturnType<typeof startWorld>>['startProcess']>

/** Runs an alias as the bot does. */
export const command = (bot: Bot, name: string, correlation: string, route = 'hubot') =>
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
