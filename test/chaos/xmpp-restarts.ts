/**
 * `bun test/chaos/xmpp-restarts.ts [--restarts 20] [--lives 14000] [--executable FILE]`: an XMPP server (prosody) is killed and
 * started again while results are posted, and a person in the rooms notes every message. Ends with 1 when one is missing,
 * comes twice or out of order.
 */
import console from 'node:console'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { compileInto } from '../end-to-end/compiled.ts'
import { botPassword, startXmppBot } from '../end-to-end/xmpp-bot.ts'
import { type Person, startPerson } from '../fakes/xmpp/person.ts'
import { startProsody } from '../servers/prosody.ts'
import { openWire } from './wire.ts'

export type RestartsOptions = {
  readonly executable: string
  readonly restarts: number
  /** ms that the server lives each time: results are posted during all of it. */
  readonly lives: number
  readonly say: (line: string) => void
}

/** `room number`, room by room, in the order in which they were announced and in which they stood there. */
export type Witnessed = { readonly announced: readonly string[]; readonly seen: readonly string[] }

/** The bot puts two messages a second into a room: so many are needed for a result under way at every moment. */
const rooms = Array.from({ length: 20 }, (_, number) => `room-${number}@conference.localhost`)
/** ms between two results, of which each room gets one in its turn. */
const apart = 40
/** ms for everything that was announced to arrive in the end: a bot may wait for a minute before it looks for a server again. */
const patience = 120_000

const password = 'alice'

const resultsIn = (people: readonly Person[]): readonly string[] => {
  const read = people.flatMap(({ messages }) => messages)
  return rooms.flatMap((room) =>
    read.flatMap(({ from, body, isOld }) =>
      from === `${room}/hubot` && !isOld && /^result \d+$/.test(body) ? [`${room} ${body}`] : []
    )
  )
}

/**
 * The bot reaches the server by a wire that is cut while the server is away, and mended when the person is back in the rooms:
 * what is said before that, the person has no way to see. The rooms keep nothing over a restart.
 */
export const surviveRestarts = async (options: RestartsOptions): Promise<Witnessed> => {
  const { executable, restarts, lives, say } = options
  await using prosody = await startProsody({ users: { hubot: botPassword, alice: password } })
  const { port, domain } = prosody
  const wire = await openWire({ port })
  const enter = async (): Promise<Person> => {
    const person = await startPerson({ port, domain, name: 'alice', password })
    for (const room of rooms) await person.join(room, 'alice')
    return person
  }
  const people = [await enter()]
  await using bot = await startXmppBot({
    executable,
    port: Number(new URL(wire.url).port),
    variables: { HUBOT_XMPP_ROOMS: rooms.join(',') },
  })
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
  try {
    await bot.program.until(/Connected to XMPP/)
    await bot.program.until(/event stream/)
    const posting = post()
    for (let count = 0; count < restarts; count++) {
      await Bun.sleep(lives * (0.75 + Math.random() / 2))
      const signal = count % 2 === 0 ? 'SIGKILL' : 'SIGTERM'
      await prosody.stop(signal)
      await wire.set({ kind: 'refused' })
      const before = resultsIn(people).length
      await prosody.start()
      const person = await enter()
      people.push(person)
      await wire.set({ kind: 'through' })
      await person.sees(({ from }) => from.endsWith('/hubot'))
      say(`${signal}: ${before} results stood in the rooms, ${announced} were announced`)
    }
    ending.abort()
    await posting
    const until = performance.now() + patience
    while (resultsIn(people).length < announced && performance.now() < until) await Bun.sleep(100)
    // A double would come right behind.
    await Bun.sleep(1_000)
    return {
      announced: rooms.flatMap((room, place) =>
        Array.from({ length: announced }, (_, number) => number)
          .filter((number) => number % rooms.length === place)
          .map((number) => `${room} result ${number}`)
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
