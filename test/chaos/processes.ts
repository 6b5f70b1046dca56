import { systemClock } from '../../src/clock.ts'

/** A helper process that has told where it listens. */
export type Helper<Told> = { readonly told: Told; readonly stop: () => Promise<void> }

/** The first line that a process prints, as JSON. */
const firstLine = async (stdout: ReadableStream<Uint8Array>): Promise<unknown> => {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of stdout) {
    text += decoder.decode(chunk, { stream: true })
    const end = text.indexOf('\n')
    if (end >= 0) return JSON.parse(text.slice(0, end))
  }
  throw new Error(`The process ended before it told where it listens: ${text}`)
}

/** Starts a file of this folder as its own process. It ends when we do: its input closes. */
export const startHelper = async <Told>(
  file: string,
  ...args: readonly string[]
): Promise<Helper<Told>> => {
  const child = Bun.spawn([process.execPath, `${import.meta.dir}/${file}`, ...args], {
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'inherit',
  })
  const told = await firstLine(child.stdout) as Told
  return {
    told,
    stop: async () => {
      await child.stdin.end()
      await child.exited
    },
  }
}

/** How often the bot ended, and how. */
export type Deaths = {
  /** Killed at a random moment. */
  kills: number
  /** Killed at a fail point, by its name. */
  readonly failPoints: Map<string, number>
  terminations: number
  /** Ended by itself, which it never should: how. */
  readonly crashes: string[]
  /** Asked to stop and not gone in time. */
  hung: number
  /** How each process ended, by its id. */
  readonly byProcess: Map<number, Death>
  /** `<process> <key>` of each message whose answer from the chat service reached the bot. */
  readonly answered: Set<string>
  /** When each ended, ms since 1970. */
  readonly times: Map<number, number>
}

export type Death = 'kill' | 'fail point' | 'termination' | 'crash'

/** A bot that is started again whenever it ends. */
export type Supervised = {
  /** Kills it, once it runs. */
  readonly kill: () => Promise<void>
  /** Lets it die at its n-th fail point from now; if it passes too few in time it is killed as by `kill`. */
  readonly killAtFailPoint: (after: number) => Promise<void>
  readonly terminate: () => Promise<void>
  /** Stops it for good and waits for its end. */
  readonly stop: () => Promise<void>
  readonly deaths: Deaths
  /** What it has logged: whole lines, of all its lives. */
  readonly log: readonly string[]
}

export type SupervisedOptions = {
  readonly command: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** ms between an end and the next start. */
  readonly pause: () => number
}

/** A bot that idles passes no fail point: then it is killed after this, in ms. */
const failPointWithin = 4_000
/** The bot promises to end 25 s after it is asked to; ms. */
const stopWithin = 40_000

type Bot = Bun.Subprocess<'pipe', 'pipe', 'pipe'>

/** One life of the bot; `over` settles when its end has been counted. */
type Life = { readonly bot: Bot; readonly over: Promise<Death> }

/** Whether the bot ends within so many ms. */
const endsWithin = async (bot: Bot, ms: number): Promise<boolean> => {
  const waiting = new AbortController()
  try {
    return await Promise.race([
      bot.exited.then(() => true),
      systemClock.sleep(ms, waiting.signal).then(() => false, () => false),
    ])
  } finally {
    waiting.abort()
  }
}

/** Reads a pipe to its end, line by line. */
const readLines = async (
  stream: ReadableStream<Uint8Array>,
  onLine: (line: string) => void,
): Promise<void> => {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    lines.forEach(onLine)
  }
  if (rest !== '') onLine(rest)
}

/** Keeps a bot running as a service manager does. */
export const supervise = ({ command, environment, pause }: SupervisedOptions): Supervised => {
  const deaths: Deaths = {
    kills: 0,
    failPoints: new Map(),
    terminations: 0,
    crashes: [],
    hung: 0,
    byProcess: new Map(),
    answered: new Set(),
    times: new Map(),
  }
  const log: string[] = []
  let wanted = true
  /** What this life was sent: a kill may come on top of a termination, and a termination behind a kill. */
  let wasKilled = false
  let wasTerminated = false
  let failPoint: string | undefined
  let running = Promise.withResolvers<Life>()
  let killing = Promise.resolve()

  const causeOf = (bot: Bot): Death => {
    if (failPoint !== undefined) return 'fail point'
    if (bot.signalCode === 'SIGKILL' && wasKilled) return 'kill'
    // Before it listens to signals, a process is ended by them as every other.
    const isOver = bot.exitCode === 0 || bot.signalCode === 'SIGTERM'
    return wasTerminated && isOver ? 'termination' : 'crash'
  }

  const record = (bot: Bot): Death => {
    const cause = causeOf(bot)
    deaths.byProcess.set(bot.pid, cause)
    deaths.times.set(bot.pid, Date.now())
    if (failPoint !== undefined) {
      deaths.failPoints.set(failPoint, (deaths.failPoints.get(failPoint) ?? 0) + 1)
    } else if (cause === 'kill') deaths.kills++
    else if (cause === 'termination') deaths.terminations++
    else deaths.crashes.push(`${bot.signalCode ?? `exit code ${bot.exitCode}`}`)
    return cause
  }

  const keepRunning = async (): Promise<void> => {
    while (wanted) {
      wasKilled = false
      wasTerminated = false
      failPoint = undefined
      const bot: Bot = Bun.spawn([...command], {
        env: { ...environment },
        stdin: 'pipe',
        stdout: 'pipe',
        stderr: 'pipe',
      })
      const onLine = (line: string) => {
        const key = /^answered: (.*)$/.exec(line)?.[1]
        if (key !== undefined) return void deaths.answered.add(`${bot.pid} ${key}`)
        log.push(line)
        failPoint = /^fail point: (.*)$/.exec(line)?.[1] ?? failPoint
      }
      const reading = Promise.all([readLines(bot.stdout, onLine), readLines(bot.stderr, onLine)])
      const { promise: over, resolve: isOver } = Promise.withResolvers<Death>()
      running.resolve({ bot, over })
      await bot.exited
      running = Promise.withResolvers()
      await reading
      isOver(record(bot))
      if (wanted) await Bun.sleep(pause())
    }
  }
  const ended = keepRunning()

  const kill = (bot: Bot): void => {
    if (bot.exitCode !== null || bot.signalCode !== null) return
    wasKilled = true
    bot.kill('SIGKILL')
  }

  /** One kill after the other, so that each ends a life of its own; whoever ended otherwise does not count. */
  const inTurn = (attempt: (bot: Bot) => Promise<void> | void): Promise<void> => {
    killing = killing.then(async () => {
      for (;;) {
        const { bot, over } = await running.promise
        await attempt(bot)
        const death = await over
        if (death === 'kill' || death === 'fail point') return
      }
    })
    return killing
  }

  const terminate = async (): Promise<void> => {
    const { bot, over } = await running.promise
    wasTerminated = true
    bot.kill('SIGTERM')
    if (!await endsWithin(bot, stopWithin)) {
      deaths.hung++
      kill(bot)
    }
    await over
  }

  return {
    deaths,
    log,
    kill: () => inTurn(kill),
    terminate,
    killAtFailPoint: (after) =>
      inTurn(async (bot) => {
        try {
          bot.stdin.write(`arm ${after}\n`)
          await bot.stdin.flush()
        } catch {
          // It has ended by itself just now: another life is tried.
        }
        if (!await endsWithin(bot, failPointWithin)) kill(bot)
      }),
    stop: async () => {
      wanted = false
      // Between two lives there is nobody to be asked.
      await Promise.race([terminate(), ended])
      await ended
    },
  }
}
