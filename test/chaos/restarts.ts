import console from 'node:console'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { ChatBot } from '../end-to-end/chat-bot.ts'
import { compileInto } from '../end-to-end/compiled.ts'
import { openWire } from './wire.ts'

/** Somebody in all rooms, who notes what the bot says there. */
export type Witness = AsyncDisposable & {
  readonly seen: () => readonly { readonly room: string; readonly text: string }[]
  /** Settles when there is something. */
  readonly seesSomething: () => Promise<void>
}

/** A real server of a chat service, which can be killed and started again at the same port. */
export type Restartable = AsyncDisposable & {
  readonly port: number
  readonly stop: (signal: 'SIGKILL' | 'SIGTERM') => Promise<void>
  readonly start: () => Promise<void>
  readonly enter: () => Promise<Witness>
}

/** What stands between the bot and the rooms. */
export type Arena = {
  /** As the bot's log calls it: `IRC`. */
  readonly title: string
  /** The bot puts a message or two a second into a room: several are needed for a result under way at every moment. */
  readonly rooms: readonly string[]
  /** ms between two results, of which each room gets one in its turn. */
  readonly apart: number
  readonly open: () => Promise<Restartable>
  readonly startBot: (executable: string, port: number) => Promise<ChatBot>
}

export type RestartsOptions = {
  readonly executable: string
  readonly restarts: number
  /** ms that the server lives each time: results are posted during all of it. */
  readonly lives: number
  readonly say: (line: string) => void
}

/** `room result`, room by room, in the order in which they were announced and in which they stood there. */
export type Witnessed = { readonly announced: readonly string[]; readonly seen: readonly string[] }

/** ms for everything that was announced to arrive in the end: a bot may wait for a minute before it looks for a server again. */
const patience = 120_000

/**
 * Kills the server and starts it again while results are posted. The bot reaches it by a wire that is cut while the server is
 * away, and mended when the witness is back in the rooms: what is said before that, nobody has a way to see.
 */
export const surviveRestarts = async (
  { title, rooms, apart, open, startBot }: Arena,
  { executable, restarts, lives, say }: RestartsOptions,
): Promise<Witnessed> => {
  await using server = await open()
  const wire = await openWire({ port: server.port })
  const witnesses = [await server.enter()]
  await using bot = await startBot(executable, Number(new URL(wire.url).port))
  let announced = 0
  const ending = new AbortController()
  const post = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      const channel = rooms[announced % rooms.length]
      await bot.announce({ channel, message: `result ${announced}` })
      announced++
      await Bun.sleep(apart)
    }
  }
  const seen = (): readonly string[] => {
    const all = witnesses.flatMap((witness) => witness.seen())
    return rooms.flatMap((room) =>
      all.filter((one) => one.room === room && /^result \d+$/.test(one.text))
        .map(({ text }) => `${room} ${text}`)
    )
  }
  try {
    await bot.program.until(new RegExp(`Connected to ${title}`))
    await bot.program.until(/event stream/)
    const posting = post()
    for (let count = 0; count < restarts; count++) {
      await Bun.sleep(lives * (0.75 + Math.random() / 2))
      const signal = count % 2 === 0 ? 'SIGKILL' : 'SIGTERM'
      await server.stop(signal)
      await wire.set({ kind: 'refused' })
      const before = seen().length
      await server.start()
      const witness = await server.enter()
      witnesses.push(witness)
      await wire.set({ kind: 'through' })
      await witness.seesSomething()
      say(`${signal}: ${before} results stood in the rooms, ${announced} were announced`)
    }
    ending.abort()
    await posting
    const until = performance.now() + patience
    while (seen().length < announced && performance.now() < until) await Bun.sleep(100)
    // A double would come right behind.
    await Bun.sleep(1_000)
    return {
      announced: rooms.flatMap((room, place) =>
        Array.from({ length: announced }, (_, number) => number)
          .filter((number) => number % rooms.length === place)
          .map((number) => `${room} result ${number}`)
      ),
      seen: seen(),
    }
  } finally {
    ending.abort()
    for (const witness of witnesses) await witness[Symbol.asyncDispose]()
    await wire.close()
  }
}

/** The command line of one arena: says what was seen, and ends with 1 when that is not what was announced. */
export const runRestarts = async (arena: Arena): Promise<void> => {
  const { values } = parseArgs({
    options: {
      restarts: { type: 'string', default: '20' },
      /** So long that each connection counts as a good one (10 s). */
      lives: { type: 'string', default: '14000' },
      executable: { type: 'string' },
    },
  })
  const folder = mkdtempSync(join(tmpdir(), 'st2chatops-restarts-'))
  try {
    const { announced, seen } = await surviveRestarts(arena, {
      executable: values.executable ?? await compileInto(folder),
      restarts: Number(values.restarts),
      lives: Number(values.lives),
      say: console.log,
    })
    const missing = announced.filter((result) => !seen.includes(result))
    const twice = seen.filter((result, place) => seen.indexOf(result) !== place)
    const inOrder = JSON.stringify(seen) === JSON.stringify(announced)
    console.log({ announced: announced.length, seen: seen.length, missing, twice, inOrder })
    process.exitCode = inOrder ? 0 : 1
  } finally {
    rmSync(folder, { recursive: true })
  }
}
