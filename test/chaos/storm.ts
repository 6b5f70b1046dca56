import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../../src/clock.ts'
import { openJournal } from '../../src/delivery/journal.ts'
import { journalFile } from '../../src/delivery/journal-store.ts'
import { silentLog } from '../../src/log.ts'
import type { FaultOrder } from '../../src/sandbox/faults.ts'
import { createRandom } from '../config/random.ts'
import { account, domain } from '../fakes/xmpp/server.ts'
import { type Breakable, outages } from './outages.ts'
import { workAction } from './pack.ts'
import { channels, goneChannel, makePlan, type Planned, type Size } from './plan.ts'
import { type Deaths, startHelper, supervise, type Supervised } from './processes.ts'
import type { EventStory, RecorderFaults, RecorderState } from './recorder-server.ts'
import { type Evidence, judge, type Ran, type Verdict } from './verdict.ts'
import { openWire } from './wire.ts'
import { roomOf } from './xmpp-rooms.ts'

export type StormOptions = {
  readonly seed: number
  readonly size: Size
  /** What `buildBot` made. */
  readonly executable: string
  /** Which adapter the bot talks by: the recorder's own, or a service's to its face before the recorder. */
  readonly service: ChatName
  /** For the bot's journal; empty. */
  readonly folder: string
  /** How long to wait, after all is healed, for the last message, in ms. */
  readonly patience: number
  /**
   * Ends the event stream once when all is healed, so that the bot looks around at once and not by its own clock, which may take
   * five minutes.
   */
  readonly nudge: boolean
  readonly say: (line: string) => void
}

export type ChatName = 'recorder' | 'slack' | 'irc' | 'xmpp'

/** What stands before the recorder and speaks the service's own language; the recorder's own adapter needs nobody. */
const faces: Readonly<Record<ChatName, string | undefined>> = {
  recorder: undefined,
  slack: 'slack-face.ts',
  irc: 'irc-face.ts',
  xmpp: 'xmpp-face.ts',
}

/** The chat service as the bot reaches it at `url`, in the bot's variables. */
const variablesFor: Readonly<Record<ChatName, (url: string) => Readonly<Record<string, string>>>> =
  {
    recorder: (url) => ({ HUBOT_ADAPTER: 'recorder', RECORDER_URL: url }),
    slack: (url) => ({
      HUBOT_ADAPTER: 'slack',
      HUBOT_SLACK_APP_TOKEN: 'xapp-of-the-storm',
      HUBOT_SLACK_BOT_TOKEN: 'xoxb-of-the-storm',
      HUBOT_SLACK_SOCKET_MODE_OPTS: JSON.stringify({
        clientPingTimeout: 1_000,
        serverPingTimeout: 5_000,
        clientOptions: { slackApiUrl: `${url}/api/` },
      }),
    }),
    irc: (url) => ({
      HUBOT_ADAPTER: 'irc',
      HUBOT_IRC_SERVER: new URL(url).hostname,
      HUBOT_IRC_PORT: new URL(url).port,
      // It goes into a channel of each name; the stand-in takes messages for the names themselves.
      HUBOT_IRC_ROOMS: channels.map((name) => `#${name}`).join(','),
      HUBOT_IRC_UNFLOOD: '5',
    }),
    xmpp: (url) => ({
      HUBOT_ADAPTER: 'xmpp',
      HUBOT_XMPP_USERNAME: `${account.name}@${domain}`,
      HUBOT_XMPP_PASSWORD: account.password,
      HUBOT_XMPP_HOST: new URL(url).hostname,
      HUBOT_XMPP_PORT: new URL(url).port,
      HUBOT_XMPP_DISALLOW_TLS: 'true',
      HUBOT_XMPP_ROOMS: [...channels, goneChannel].map(roomOf).join(','),
      HUBOT_XMPP_KEEPALIVE_INTERVAL: '1000',
    }),
  }

export type StormResult = {
  readonly verdict: Verdict
  readonly deaths: Deaths
  readonly evidence: Evidence
  readonly events: readonly EventStory[]
  readonly outages: number
  /** All that the bot wrote, of all its lives. */
  readonly log: readonly string[]
}

/** Nothing may have changed for so long before it counts as quiet, in ms: a second delivery may still be under way. */
const quietFor = 3_000
const look = 500

const json = async (
  url: string,
  method = 'GET',
  body?: unknown,
  headers = {},
): Promise<unknown> => {
  const response = await fetch(url, {
    method,
    // Never meets a connection that the server has just closed.
    keepalive: false,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`)
  return JSON.parse(text)
}

/** Where the sandbox listens, and where it tells all executions at once. */
type SandboxTold = { readonly port: number; readonly ledger: number; readonly apiKey: string }

/** StackStorm as the driver sees it: past the broken wire, as its own workflows do. */
const stackstormAt = ({ port, ledger, apiKey }: SandboxTold) => {
  const base = `http://127.0.0.1:${port}`
  const key = { 'st2-api-key': apiKey }
  return {
    order: async (order: FaultOrder & { readonly closeStreams?: boolean }): Promise<void> => {
      await json(`${base}/sandbox/faults`, 'POST', order, key)
    },
    /** As `st2 run chatops.post_message` does. */
    announce: async (channel: string, message: string): Promise<void> => {
      await json(`${base}/api/v1/executions`, 'POST', {
        action: 'chatops.post_message',
        parameters: { channel, message },
      }, key)
    },
    executions: async () => await json(`http://127.0.0.1:${ledger}/`) as readonly Ran[],
  }
}

/** The chat service as its people and the driver see it. */
const chatAt = ({ port }: { readonly port: number }) => {
  const base = `http://127.0.0.1:${port}/control`
  return {
    order: async (faults: RecorderFaults): Promise<void> => {
      await json(`${base}/faults`, 'PUT', faults)
    },
    type: async (word: string, channel: string): Promise<void> => {
      await json(`${base}/type`, 'POST', {
        id: `event-${word}`,
        channel,
        thread: word,
        text: `!work on ${word}`,
      })
    },
    state: async () => await json(`${base}/state`) as RecorderState,
  }
}

type World = Breakable & {
  readonly bot: Supervised
  readonly stackstorm: ReturnType<typeof stackstormAt>
  readonly chat: ReturnType<typeof chatAt>
  readonly say: (line: string) => void
}

const perform = async (world: World, action: Planned): Promise<void> => {
  const { bot, stackstorm, chat } = world
  switch (action.kind) {
    case 'command':
      return await chat.type(action.word, action.channel)
    case 'announce':
      return await stackstorm.announce(action.channel, `Announcement ${action.word}.`)
    case 'kill':
      return await bot.kill()
    case 'kill at a fail point':
      return await bot.killAtFailPoint(action.after)
    case 'terminate':
      return await bot.terminate()
    case 'outage': {
      const outage = outages[action.name]
      await outage.begin(world)
      await Bun.sleep(action.lasts)
      await outage.end(world)
    }
  }
}

/** Does everything at its time. What one action waits for holds up no other. */
const carryOut = async (world: World, plan: readonly Planned[]): Promise<void> => {
  const began = performance.now()
  const underWay: Promise<void>[] = []
  for (const action of plan) {
    const wait = action.at - (performance.now() - began)
    if (wait > 0) await Bun.sleep(wait)
    const { at: _, ...what } = action
    if (action.kind !== 'command' && action.kind !== 'announce') {
      world.say(`${(action.at / 1000).toFixed(1).padStart(6)} s  ${Object.values(what).join(', ')}`)
    }
    underWay.push(perform(world, action))
  }
  await Promise.all(underWay)
}

const deadLettersIn = (folder: string): Evidence['dead'] => {
  const journal = openJournal({ folder, clock: systemClock, log: silentLog })
  try {
    return journal.deadLetters().map(({ message: { channel, pretext, text } }) => ({
      channel,
      text: pretext + text,
    }))
  } finally {
    journal.close()
  }
}

const isSettled = ({ lost, unanswered }: Verdict): boolean =>
  lost.length === 0 && unanswered.length === 0

/** Waits until nothing is missing and nothing more comes, or patience ends. */
const awaitQuiet = async (gather: () => Promise<Evidence>, patience: number): Promise<void> => {
  const until = performance.now() + patience
  let last = ''
  let since = performance.now()
  while (performance.now() < until) {
    const evidence = await gather()
    const now = `${evidence.posts.length} ${evidence.executions.length} ${evidence.dead.length}`
    if (now !== last) since = performance.now()
    last = now
    if (performance.now() - since >= quietFor && isSettled(judge(evidence))) return
    await Bun.sleep(look)
  }
}

/** Runs the bot through everything that the seed plans, heals the world, waits until it is quiet, and counts. */
export const runStorm = async (options: StormOptions): Promise<StormResult> => {
  const { seed, size, executable, service, folder, patience, nudge, say } = options
  const plan = makePlan(seed, size)
  const random = createRandom(seed + 1)
  const recorder = await startHelper<{ port: number }>('recorder.ts')
  const sandbox = await startHelper<SandboxTold>('sandbox.ts')
  const stackstormWire = await openWire(sandbox.told)
  const faceFile = faces[service]
  const face = faceFile === undefined
    ? undefined
    : await startHelper<{ port: number }>(faceFile, String(recorder.told.port))
  const chatWire = await openWire((face ?? recorder).told)
  const stackstorm = stackstormAt(sandbox.told)
  const chat = chatAt(recorder.told)
  const bot = supervise({
    command: [executable],
    environment: {
      ST2_API_URL: `${stackstormWire.url}/api`,
      ST2_AUTH_URL: `${stackstormWire.url}/auth`,
      ST2_STREAM_URL: `${stackstormWire.url}/stream`,
      ST2_API_KEY: sandbox.told.apiKey,
      ...variablesFor[service](chatWire.url),
      HUBOT_HTTPD: 'false',
      HUBOT_LOG_LEVEL: 'info',
      ST2CHATOPS_LOG_FORMAT: 'json',
      ST2CHATOPS_STATE_DIR: folder,
    },
    pause: () => 20 + random.below(500),
  })
  try {
    const typed = plan.flatMap((action) => action.kind === 'command' ? [action.word] : [])
    const gather = async (): Promise<Evidence> => ({
      typed,
      executions: await stackstorm.executions(),
      posts: (await chat.state()).posts,
      dead: deadLettersIn(folder),
      workAction,
      deaths: bot.deaths.byProcess,
      answered: bot.deaths.answered,
    })
    // What is announced before there is a journal is not the bot's.
    while (!existsSync(join(folder, journalFile))) await Bun.sleep(5)
    await carryOut({
      bot,
      stackstorm,
      chat,
      stackstormWire,
      chatWire,
      orderSandbox: stackstorm.order,
      orderRecorder: chat.order,
      say,
    }, plan)
    if (nudge) await stackstorm.order({ closeStreams: true })
    say('All is healed; waiting for the last message.')
    await awaitQuiet(gather, patience)
    await bot.stop()
    const evidence = await gather()
    const { events } = await chat.state()
    return {
      verdict: judge(evidence),
      deaths: bot.deaths,
      evidence,
      events,
      outages: plan.filter(({ kind }) => kind === 'outage').length,
      log: bot.log,
    }
  } finally {
    await bot.stop()
    await Promise.all([stackstormWire.close(), chatWire.close(), face?.stop()])
    await Promise.all([recorder.stop(), sandbox.stop()])
  }
}
