/**
 * `bun test/chaos/irc-restarts.ts [--restarts 20] [--executable FILE]`: an IRC server is killed and started again while results
 * are posted, and a person in the room notes every line. Ends with 1 when one is missing, comes twice or out of order.
 */
import console from 'node:console'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { compileInto } from '../end-to-end/compiled.ts'
import { startIrcBot } from '../end-to-end/irc-bot.ts'
import { joinIrc, type Person } from '../fakes/irc/person.ts'
import { startNgircd } from '../servers/ngircd.ts'
import { openWire } from './wire.ts'

export type RestartsOptions = {
  readonly executable: string
  readonly restarts: number
  /** ms that the server lives each time: results are posted during all of it. */
  readonly lives: number
  readonly say: (line: string) => void
}

/** `channel number`, channel by channel, in the order in which they were announced and in which they stood there. */
export type Witnessed = { readonly announced: readonly string[]; readonly seen: readonly string[] }

/** The bot puts a message a second into a channel: so many are needed for a result under way at every moment. */
const channels = Array.from({ length: 20 }, (_, number) => `#room-${number}`)
/** ms between two results, of which each channel gets one in its turn. */
const apart = 60
/** ms for everything that was announced to arrive in the end: a bot may wait for a minute before it looks for a server again. */
const patience = 120_000

const resultsIn = (people: readonly Person[]): readonly string[] => {
  const read = people.flatMap((person) => person.read)
  return channels.flatMap((channel) =>
    read.flatMap(({ to, text }) =>
      to === channel && /^result \d+$/.test(text) ? [`${channel} ${text}`] : []
    )
  )
}

/**
 * The bot reaches the server by a wire that is cut while the server is away, and mended when the person is back in the room:
 * IRC keeps nothing for who is not there.
 */
export const surviveRestarts = async (options: RestartsOptions): Promise<Witnessed> => {
  const { executable, restarts, lives, say } = options
  await using irc = await startNgircd()
  const wire = await openWire({ port: irc.port })
  const enter = () => joinIrc({ port: irc.port, nick: 'alice', channels })
  const people = [await enter()]
  await using bot = await startIrcBot({
    executable,
    port: Number(new URL(wire.url).port),
    variables: { HUBOT_IRC_ROOMS: channels.join(',') },
  })
  let announced = 0
  const ending = new AbortController()
  const post = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      const channel = channels[announced % channels.length]
      await bot.announce({ channel, message: `result ${announced}` })
      announced++
      await Bun.sleep(apart)
    }
  }
  try {
    await bot.program.until(/Connected to IRC/)
    await bot.program.until(/event stream/)
    const posting = post()
    for (let count = 0; count < restarts; count++) {
      await Bun.sleep(lives * (0.75 + Math.random() / 2))
      const signal = count % 2 === 0 ? 'SIGKILL' : 'SIGTERM'
      await irc.kill(signal)
      await wire.set({ kind: 'refused' })
      const before = resultsIn(people).length
      await irc.start()
      people.push(await enter())
      await wire.set({ kind: 'through' })
      await people.at(-1)?.readUntil((read) => read.length > 0)
      say(`${signal}: ${before} results stood in the room, ${announced} were announced`)
    }
    ending.abort()
    await posting
    const until = performance.now() + patience
    while (resultsIn(people).length < announced && performance.now() < until) {
      await Bun.sleep(100)
    }
    // A double would come right behind.
    await Bun.sleep(1_000)
    return {
      announced: channels.flatMap((channel, place) =>
        Array.from({ length: announced }, (_, number) => number)
          .filter((number) => number % channels.length === place)
          .map((number) => `${channel} result ${number}`)
      ),
      seen: resultsIn(people),
    }
  } finally {
    ending.abort()
    for (const person of people) await person[Symbol.asyncDispose]()
    await wire.close()
  }
}

if (import.meta.main) {
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
    const { announced, seen } = await surviveRestarts({
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
