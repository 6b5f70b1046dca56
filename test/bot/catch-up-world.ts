import { type CatchUp, type CatchUpOptions, createCatchUp } from '../../src/bot/catch-up.ts'
import { createWording } from '../../src/chat/wording.ts'
import { fingerprint } from '../../src/delivery/fingerprint.ts'
import { takeIn } from '../delivery/messages.ts'
import { type Journal, openJournal } from '../../src/delivery/journal.ts'
import { type Announcement, readAnnouncement } from '../../src/stackstorm/announcement.ts'
import {
  type Announced,
  type CatchUpQueries,
  type Finished,
  type ResultState,
  SearchTooLong,
} from '../../src/stackstorm/catch-up.ts'
import { StackStormRefused, StackStormUnreachable } from '../../src/stackstorm/errors.ts'
import { executionSchema } from '../../src/stackstorm/schema.ts'
import type { Identity } from '../../src/stackstorm/types.ts'
import * as v from 'valibot'
import { contextOf, createAnnounce } from './catch-up-announce.ts'
import { createManualClock, type ManualClock, settle } from '../fakes/clock.ts'
import { createKeptLog } from '../fakes/log.ts'

export const minute = 60_000
export const hour = 60 * minute

/** One process of the bot: what it catches up with, and what it has posted. */
export type Process = {
  readonly catchUp: CatchUp
  /** An event of the stream, as far as the process listens. */
  readonly hear: (payload: unknown, route?: string) => Promise<void>
  /** Runs once and gives what was posted meanwhile. */
  readonly run: (why?: string) => Promise<readonly string[]>
  readonly stop: () => void
}

/** A StackStorm that remembers, a journal that outlives processes, and a clock that stands still. */
export const createWorld = (
  { skew = 0, behind = 0, identity = {}, sees = true, most = Infinity }: {
    /** ms by which StackStorm's clock is ahead of the bot's. */
    readonly skew?: number
    /** ms by which the answers of StackStorm, which count whole seconds, make its clock look behind what it is. */
    readonly behind?: number
    readonly identity?: Partial<Identity>
    /** Whether the executions of StackStorm's own user can be seen. */
    readonly sees?: boolean
    /** Announcements that one search finds. */
    readonly most?: number
  } = {},
) => {
  const clock: ManualClock = createManualClock()
  const log = createKeptLog()
  let born = clock.now()
  const journal: Journal = { ...openJournal({ clock, log }), born: () => born }
  const announced: Announced[] = []
  const finished: Finished[] = []
  const open: Finished[] = []
  const states = new Map<string, ResultState>()
  const lateStates = new Map<string, ResultState>()
  const forgotten = new Set<string>()
  const posted: Announcement[] = []
  const expected: [string, string][] = []
  const asked: string[] = []
  const outcomes: string[] = []
  let failing: string | undefined
  let failure: Error | undefined
  let ids = 0
  let listening: Process | undefined
  let gate: Promise<void> = Promise.resolve()

  const serverTime = (): number => clock.now() + skew
  const nextId = (): string => (++ids).toString(16).padStart(24, '0')

  const ask = async (query: string): Promise<void> => {
    asked.push(query)
    await gate
    if (failing !== query && failing !== 'all') return
    throw failure ?? new StackStormUnreachable(`no ${query}`)
  }

  const between = (from: number, to: number) => ({ at }: { readonly at: number }): boolean =>
    at >= from && at <= to

  const queries: CatchUpQueries = {
    announced: async function* (from, to) {
      await ask('announced')
      const found = announced.filter(between(from, to)).sort((a, b) => a.at - b.at)
      if (sees) yield* found.slice(0, most)
      if (found.length > most) throw new SearchTooLong(most)
    },
    finished: async function* (from, to) {
      await ask('finished')
      yield* finished.filter(between(from, to)).sort((a, b) => a.at - b.at)
    },
    resultsPosted: async () => {
      await ask('resultsPosted')
      return sees ? new Map(states) : new Map()
    },
    resultPosted: async (execution) => {
      await ask('resultPosted')
      return sees ? lateStates.get(execution) ?? states.get(execution) : undefined
    },
    unfinished: async () => {
      await ask('unfinished')
      return open
    },
    seesResults: async () => {
      await ask('seesResults')
      return sees
    },
  }

  const announce = createAnnounce(journal, posted, serverTime)

  const start = (more: Partial<CatchUpOptions> = {}): Process => {
    const ending = new AbortController()
    const catchUp = createCatchUp({
      queries,
      stackstorm: {
        whoami: async () => {
          await ask('whoami')
          return {
            username: 'bot',
            method: 'API key',
            expires: undefined,
            rbac: false,
            admin: true,
            ...identity,
          }
        },
        execution: async (id) => {
          await ask('execution')
          if (forgotten.has(id)) throw new StackStormRefused(404, 'Unable to identify resource.')
          return v.parse(executionSchema, {
            id,
            status: 'succeeded',
            action: { ref: 'core.local' },
            runner: { name: 'local-shell-cmd' },
            result: { stdout: `output of ${id}` },
          })
        },
        executionLink: (id) => `https://st2/${id}`,
        serverTime: () => serverTime() - behind,
      },
      journal,
      announce,
      isForeign: () => false,
      isKnown: (announcement, found) =>
        journal.knows({ hash: fingerprint(announcement), source: 'search', ...found }),
      expect: (correlation, execution) => expected.push([correlation, execution]),
      wording: createWording(log),
      clock,
      log,
      meter: { catchUp: (outcome) => outcomes.push(outcome) },
      window: hour,
      route: 'hubot',
      routes: ['chatops'],
      signal: ending.signal,
      ...more,
    })
    const texts = () => posted.map(({ message }) => message)
    const process: Process = {
      catchUp,
      hear: (payload, route = 'chatops') =>
        announce(readAnnouncement(`st2.announcement__${route}`, { payload })),
      run: async (why = 'test') => {
        const before = posted.length
        await catchUp.run(why)
        return texts().slice(before)
      },
      stop: () => {
        if (listening === process) listening = undefined
        ending.abort(new Error('stopped'))
      },
    }
    listening = process
    return process
  }

  const beginElsewhere = (correlation: string): string => {
    const execution = nextId()
    open.push({
      execution,
      status: 'running',
      action: 'core.local',
      at: serverTime(),
      channel: '#ops',
      context: contextOf(correlation),
    })
    return execution
  }

  return {
    clock,
    log,
    journal,
    /** Everything so far was before the journal. */
    beginJournal: () => {
      born = clock.now()
    },
    posted,
    expected,
    asked,
    outcomes,
    start,
    /** What a process does with an announcement. */
    announceNow: announce,
    serverTime,
    texts: (): readonly string[] => posted.map(({ message }) => message),
    /** The stream breaks: announcements are made, and nobody hears of them. */
    cut: () => {
      listening = undefined
    },
    listen: (process: Process) => {
      listening = process
    },
    /** Lets one query fail, or `all`; undefined: none. */
    fail: (query: string | undefined, error?: Error) => {
      failing = query
      failure = error
    },
    /** Holds back every answer until the function that it gives is called. */
    hold: (): () => void => {
      const { promise, resolve } = Promise.withResolvers<void>()
      gate = promise
      return resolve
    },
    /** StackStorm announces something. */
    announce: async (
      message: string | null,
      more: { channel?: string; route?: string; correlation?: string; parent?: string } = {},
    ): Promise<string> => {
      const { channel = '#ops', route = 'chatops', correlation, parent } = more
      const payload = {
        user: null,
        channel,
        whisper: false,
        message,
        context: correlation === undefined ? null : contextOf(correlation, channel),
        extra: null,
      }
      const execution = nextId()
      announced.push({
        execution,
        route,
        payload,
        at: serverTime(),
        ...(parent !== undefined && { parent }),
      })
      await listening?.hear(payload, route)
      return execution
    },
    /** A command ends; `state`: what became of posting its result. Gives its execution's id. */
    finish: (
      correlation: string | undefined,
      state: ResultState | undefined,
      more: Omit<Partial<Finished>, 'channel'> & { channel?: string | undefined } = {},
    ): string => {
      const execution = nextId()
      const { channel = '#ops', ...rest } = more
      finished.push({
        execution,
        status: 'succeeded',
        action: 'core.local',
        at: serverTime(),
        user: 'alice',
        ...(!('channel' in more && more.channel === undefined) && { channel }),
        ...(correlation !== undefined && { context: contextOf(correlation) }),
        ...rest,
      })
      if (state !== undefined) states.set(execution, state)
      return execution
    },
    /** The state of a result that the list does not show yet. */
    lateState: (execution: string, state: ResultState) => lateStates.set(execution, state),
    /** StackStorm deletes an execution. */
    forget: (execution: string) => forgotten.add(execution),
    setState: (execution: string, state: ResultState) => states.set(execution, state),
    /** A command that has not ended. */
    begin: async (correlation: string): Promise<string> => {
      const execution = beginElsewhere(correlation)
      await writeCommand(journal, correlation, execution)
      return execution
    },
    /** One that another bot began. */
    beginElsewhere,
    settle,
  }
}

/** Writes down a command as the bot does that sends it. */
export const writeCommand = async (
  journal: Journal,
  correlation: string,
  execution: string,
): Promise<void> => {
  const user = { id: 'alice', name: 'alice' }
  const message = { id: correlation, channel: '#ops', user, text: '!go', direct: false, at: 0 }
  await takeIn(journal, correlation, 'fake', message)
  await journal.beginCommand(correlation, 'go')
  await journal.commandStarted(correlation, execution)
}

export type World = ReturnType<typeof createWorld>
