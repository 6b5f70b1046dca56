import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import type { Clock } from '../../src/clock.ts'
import type { Log } from '../../src/log.ts'
import { type Command, command } from './command.ts'
import { ConnectionLost } from '../../src/chat/connection-failures.ts'
import { type IrcLine, parseLine, shownLine } from './line.ts'
import { createLineReader } from './line-reader.ts'

/** Lines to and from a server, over one connection. */
export type Wire = {
  /** Writes one line at once; does nothing on a connection that has ended. */
  readonly write: (...commands: readonly Command[]) => void
  /**
   * Writes these lines and a PING behind them, all in one piece, and settles when the server has answered that, and so has
   * done what came before. Rejects with `ConnectionLost` when the connection ends first.
   */
  readonly confirm: (...commands: readonly Command[]) => Promise<void>
  /** Calls `hear` with each line until the function that it gives is called. */
  readonly listen: (hear: (line: IrcLine) => void) => () => void
  /** When something last came in, by the monotonic clock. */
  readonly lastTraffic: () => number
  /** Settles with the reason when the connection is no more; never rejects. */
  readonly ended: Promise<string>
  readonly isOpen: () => boolean
  /** Ends the connection without a word. */
  readonly cut: (why: string) => void
  /** Says goodbye, and gives the server a moment to answer. */
  readonly quit: (words: string) => Promise<void>
}

export type WireOptions = {
  readonly socket: Socket
  readonly clock: Clock
  readonly log: Log
  readonly onTraffic: () => void
  /** So many lines go out. */
  readonly onWritten: (lines: number) => void
  /** `HUBOT_IRC_DEBUG`: every line goes to the log. */
  readonly showLines: boolean
}

/** A server without a line for so long is asked for a sign of life; ms, as the old bot had it. */
const silence = 15_000
/** So long it may take to answer; ms, as the old bot had it. */
const patience = 8_000
/** A server that talks, but lets a PING wait for so long, holds the bot's lines back; ms. */
const longestAnswer = 60_000
/** For the server's goodbye; ms. */
const goodbye = 2_000

type Waiting = {
  readonly token: string
  readonly since: number
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/** Speaks IRC's lines over an open stream, answers the server's PINGs and sends its own. */
export const createWire = (options: WireOptions): Wire => {
  const { socket, clock, log, onTraffic, onWritten, showLines } = options
  const listeners = new Set<(line: IrcLine) => void>()
  const read = createLineReader()
  const over = new AbortController()
  const { promise: ended, resolve: end } = Promise.withResolvers<string>()
  let waiting: readonly Waiting[] = []
  let lastTraffic = clock.monotonic()
  let lastWords: string | undefined

  const show = (direction: string, text: string): void => {
    if (showLines) log.info(`IRC ${direction} ${text}`)
  }

  const lose = (why: string): void => {
    if (over.signal.aborted) return
    const reason = lastWords === undefined ? why : `the server said: ${lastWords}`
    over.abort(reason)
    socket.destroy()
    end(reason)
    const left = waiting
    waiting = []
    for (const { reject } of left) reject(new ConnectionLost(reason))
  }

  const write: Wire['write'] = (...commands) => {
    if (over.signal.aborted || commands.length === 0) return
    for (const { shown } of commands) show('>', shown)
    onWritten(commands.length)
    socket.write(commands.map(({ text }) => `${text}\r\n`).join(''))
  }

  const confirm: Wire['confirm'] = (...commands) =>
    new Promise((resolve, reject) => {
      if (over.signal.aborted) return reject(new ConnectionLost(String(over.signal.reason)))
      const token = `st2chatops-${randomUUID().slice(0, 8)}`
      waiting = [...waiting, { token, since: clock.monotonic(), resolve, reject }]
      write(...commands, command('PING', token))
    })

  /** Answers come in the order of the questions; a server that gives no token back means the oldest. */
  const answered = (params: readonly string[]): void => {
    const named = waiting.findIndex(({ token }) => params.includes(token))
    const upTo = named < 0 ? 1 : named + 1
    const done = waiting.slice(0, upTo)
    waiting = waiting.slice(upTo)
    for (const { resolve } of done) resolve()
  }

  const hear = (text: string): void => {
    const line = parseLine(text)
    show('<', line === undefined ? text : shownLine(text, line))
    if (line === undefined) return
    if (line.command === 'PING') return write(command('PONG', ...line.params.slice(0, 1)))
    if (line.command === 'ERROR') lastWords = line.params.at(-1)
    for (const listener of [...listeners]) listener(line)
    // Behind the listeners: what the server said before its answer counts first.
    if (line.command === 'PONG') answered(line.params)
  }

  const watch = async (): Promise<void> => {
    const quiet = (): number => clock.monotonic() - lastTraffic
    for (let asked = false;;) {
      const oldest = waiting[0]?.since ?? Infinity
      if (clock.monotonic() - oldest >= longestAnswer) {
        return lose(`the server did not answer for ${longestAnswer / 1000} s`)
      }
      if (quiet() < silence) {
        asked = false
        await clock.sleep(silence - quiet(), over.signal)
        continue
      }
      if (!asked) void confirm().catch(() => {})
      asked = true
      const left = silence + patience - quiet()
      if (left <= 0) return lose(`the server was silent for ${(silence + patience) / 1000} s`)
      await clock.sleep(left, over.signal)
    }
  }

  socket.on('data', (chunk: Buffer) => {
    lastTraffic = clock.monotonic()
    onTraffic()
    try {
      read(chunk).forEach(hear)
    } catch (error) {
      lose(error instanceof Error ? error.message : String(error))
    }
  })
  socket.on('error', (error) => lose(error.message))
  socket.on('close', () => lose('the server closed the connection'))
  socket.on('end', () => lose('the server closed the connection'))
  if (socket.destroyed) lose('the server closed the connection')
  // One that has come through a proxy is held, so that nothing of it is lost before somebody listens.
  socket.resume()
  void watch().catch(() => {})

  return {
    write,
    confirm,
    listen: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    lastTraffic: () => lastTraffic,
    ended,
    isOpen: () => !over.signal.aborted,
    cut: lose,
    quit: async (words) => {
      write(command('QUIT', words))
      await Promise.race([ended, clock.sleep(goodbye).catch(() => {})])
      lose('the bot has left')
    },
  }
}
