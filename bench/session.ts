import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Chat } from './chat.ts'
import type { Execution, StandIn } from './standin.ts'
import { createLines, type Order, type Report } from './wire.ts'

export const contenders = ['st2chatops', 'hubot'] as const
export type Contender = (typeof contenders)[number]

/** What is the same for all bots of a run. */
export type World = {
  readonly standIn: StandIn
  readonly chat: Chat
  /** Our executable with the scripted chat. */
  readonly executable: string
  /** A folder on disk for journals. */
  readonly folder: string
}

/** A bot that runs; times in ms of this process's clock. */
export type Session = {
  readonly contender: Contender
  readonly pid: number
  readonly spawned: number
  /** When its commands were loaded and its stream was up. */
  readonly ready: Promise<number>
  readonly say: (orders: readonly Order[]) => void
  readonly onReport: (listener: (report: Report, at: number) => void) => void
  readonly onExecution: (listener: (execution: Execution) => void) => void
  /** Makes it load the aliases anew; settles when they are in. */
  readonly reload: () => Promise<void>
  /** MiB: now, and the most since the last look at the most. */
  readonly memory: () => { readonly now: number; readonly peak: number }
  readonly resetPeak: () => Promise<void>
  readonly files: () => Promise<number>
  readonly alive: () => boolean
  readonly end: () => Promise<void>
}

const peers = join(import.meta.dir, 'peers')

const commandOf = (
  contender: Contender,
  executable: string,
): readonly [readonly string[], string] =>
  contender === 'st2chatops' ? [[executable], '/'] : [
    [
      'node',
      join(peers, 'node_modules/hubot/bin/Hubot.mjs'),
      '-f',
      join(peers, 'scripted.mjs'),
      '-n',
      'hubot',
      '-l',
      '!',
    ],
    peers,
  ]

/** Of `/proc/<pid>/status`, in MiB. */
const memoryOf = (pid: number): { readonly now: number; readonly peak: number } => {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8')
  const read = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) / 1024
  return { now: read('VmRSS'), peak: read('VmHWM') }
}

/** How a log says that the commands are in. */
const loaded = /commands are loaded|\d+ alias(es)? loaded/

/** Starts a bot. It is ready when `ready` is. */
export const openSession = async (contender: Contender, world: World): Promise<Session> => {
  const { standIn, chat, executable, folder } = world
  const state = await mkdtemp(join(folder, 'state-'))
  const [command, cwd] = commandOf(contender, executable)
  const log: string[] = []
  let onLoaded: () => void = () => {}
  const commandsIn = new Promise<number>((resolve) => {
    onLoaded = () => resolve(performance.now())
  })
  const streamUp = new Promise<number>((resolve) => standIn.onStream(resolve))
  const onLine = (line: string): void => {
    if (log.length < 200) log.push(line)
    if (loaded.test(line)) onLoaded()
  }
  chat.onReport(() => {})
  standIn.onExecution(() => {})

  const spawned = performance.now()
  const bot: Bun.Subprocess<'ignore', 'pipe', 'pipe'> = Bun.spawn([...command], {
    cwd,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    env: {
      PATH: process.env.PATH ?? '',
      HOME: folder,
      HUBOT_ADAPTER: 'scripted',
      HUBOT_NAME: 'hubot',
      HUBOT_ALIAS: '!',
      BENCH_CHAT_PORT: String(chat.port),
      EXPRESS_PORT: '0',
      EXPRESS_BIND_ADDRESS: '127.0.0.1',
      ST2_API_URL: `${standIn.url}/api`,
      ST2_STREAM_URL: `${standIn.url}/stream`,
      ST2_WEBUI_URL: 'https://st2.example.com',
      ST2_API_KEY: 'bench',
      ST2_COMMANDS_RELOAD_INTERVAL: '86400',
      ST2CHATOPS_STATE_DIR: state,
    },
  })
  const read = async (stream: ReadableStream<Uint8Array>): Promise<void> => {
    const lines = createLines(onLine)
    for await (const bytes of stream) lines(bytes)
  }
  const reading = Promise.allSettled([read(bot.stdout), read(bot.stderr)])
  let ended = false
  const died = bot.exited.then((code): never => {
    ended = true
    throw new Error(`${contender} ended (${code}):\n${log.slice(-20).join('\n')}`)
  })
  died.catch(() => {})

  return {
    contender,
    pid: bot.pid,
    spawned,
    ready: Promise.race([
      Promise.all([commandsIn, streamUp]).then((times) => Math.max(...times)),
      died,
    ]),
    say: chat.tell,
    onReport: chat.onReport,
    onExecution: standIn.onExecution,
    reload: async () => {
      const served = standIn.listsServed()
      const again = new Promise<void>((resolve) => {
        onLoaded = resolve
      })
      bot.kill(contender === 'hubot' ? 'SIGUSR2' : 'SIGHUP')
      while (standIn.listsServed() === served) await Bun.sleep(10)
      // Ours says nothing about a list that is the same as before.
      await Promise.race([again, Bun.sleep(contender === 'hubot' ? 60_000 : 3_000), died])
    },
    memory: () => memoryOf(bot.pid),
    resetPeak: () => writeFile(`/proc/${bot.pid}/clear_refs`, '5'),
    files: async () => {
      const glob = new Bun.Glob('*')
      const found = await Array.fromAsync(
        glob.scan({ cwd: `/proc/${bot.pid}/fd`, onlyFiles: false }),
      )
      return found.length
    },
    alive: () => !ended,
    end: async () => {
      bot.kill('SIGKILL')
      await bot.exited
      await reading
      await rm(state, { recursive: true, force: true })
    },
  }
}
