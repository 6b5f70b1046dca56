import type { AdapterContext, AdapterDefinition, Connection, Health } from '../chat/adapter.ts'
import type { ChatMessage } from '../chat/message.ts'
import type { Wording } from '../chat/wording.ts'
import type { Clock } from '../clock.ts'
import { ConfigurationError } from '../config/error.ts'
import { createSeen } from '../delivery/dedupe.ts'
import { createOutbox } from '../delivery/outbox.ts'
import type { Log } from '../log.ts'
import {
  assessReadiness,
  type ConnectionStatus,
  type Readiness,
  type StackStormStatus,
} from '../ops/readiness.ts'
import { type Announcement, readAnnouncement } from '../stackstorm/announcement.ts'
import type { StackStorm } from '../stackstorm/types.ts'
import { type AliasSource, createAliasSource } from './aliases.ts'
import { createAnnouncements } from './announcements.ts'
import { createBuiltIns } from './built-ins/index.ts'
import { createCommands } from './commands.ts'
import { createExecute } from './execute.ts'
import type { Meter } from './meter.ts'
import { createOpenExecutions } from './open-executions.ts'
import { createReply } from './reply.ts'
import { createService, type Service } from './service.ts'
import { createUnknown } from './unknown.ts'

/** A chat service to connect to: what it is, and its part of the configuration. */
export type Chosen = {
  readonly definition: AdapterDefinition
  readonly options: AdapterContext<AdapterDefinition['options']>['options']
}

export type BotOptions = {
  readonly chosen: readonly Chosen[]
  readonly stackstorm: StackStorm
  readonly wording: Wording
  readonly clock: Clock
  readonly log: Log
  readonly meter: Meter
  readonly version: string
  readonly name: string
  /** Empty: none. */
  readonly alias: string
  readonly route: string
  /** ms between two reloads of the aliases. */
  readonly reloadInterval: number
  readonly answerUnknown: boolean
  /** `ST2_MAX_MESSAGE_LENGTH`. */
  readonly maxLength: number
  readonly newId: () => string
  /** Nobody will ever talk to this adapter again; `heard`: how many messages it took in before. */
  readonly onEnd: (service: string, heard: number) => void
}

export type Bot = {
  readonly readiness: () => Readiness
  readonly aliases: AliasSource
  /** Posts what came by another way than the stream. Throws `AnnouncementProblem` on a bad payload. */
  readonly announce: (payload: unknown) => void
  /** What is still under way, in numbers and the ids of executions whose result has not come. */
  readonly underWay: () => { readonly messages: number; readonly owing: readonly string[] }
  /** Takes in no more commands. What is under way goes on, and results still come. */
  readonly stopIntake: () => void
  /** Gives up what is still under way and closes all connections. */
  readonly close: () => Promise<void>
}

/** A command that is typed while the bot starts waits so many ms for the stream, or its result might go unheard. */
const startWait = 10_000
/** Announcements of the stock rule come by this route, whatever `ST2_ROUTE` says. */
const stockRoute = 'chatops'

/**
 * Puts one bot together: chat services on one side, StackStorm on the other. A message that comes in goes through
 * `commands`, a result through `announcements`; both leave by the outbox.
 * Throws ConfigurationError when not one of the chat services can be used.
 */
export const startBot = async (options: BotOptions): Promise<Bot> => {
  const { chosen, stackstorm, wording, clock, log, meter, name, alias, route } = options
  const ending = new AbortController()
  const services = new Map<string, Service>()
  const broken = new Map<string, Health>()
  const address = alias === '' ? `${name} ` : alias
  const startedAt = clock.monotonic()
  let takingIn = true
  let handling = 0
  let lastEvent: number | undefined
  let stream: ConnectionStatus = { state: 'connecting', since: clock.now() }

  /** StackStorm serves us only when its commands are in. */
  const stackstormStatus = (): StackStormStatus => {
    const health = stackstorm.health()
    if (health.state !== 'connected' || aliases.current() !== undefined) return health
    return { ...health, state: 'connecting', error: aliases.problem() ?? 'loading the commands' }
  }

  const readiness = (): Readiness =>
    assessReadiness({
      stackstorm: stackstormStatus(),
      stream,
      adapters: Object.fromEntries([
        ...broken,
        ...[...services.values()].map(({ name, connection }) => [name, connection.health()]),
      ]),
    })

  const aliases = createAliasSource({
    fetchAliases: stackstorm.aliases,
    clock,
    log,
    signal: ending.signal,
    interval: options.reloadInterval,
  })
  const open = createOpenExecutions()
  const outbox = createOutbox({
    clock,
    log,
    signal: ending.signal,
    send: (service, message) => serviceNamed(service).connection.send(message),
    onOutcome: (service, _, outcome) => meter.send(service, outcome.kind),
  })
  const serviceNamed = (service: string): Service => {
    const found = services.get(service)
    if (found === undefined) throw new Error(`There is no chat service "${service}".`)
    return found
  }
  const reply = createReply(wording, outbox, options.newId)
  const announce = createAnnouncements({
    services: () => [...services.values()],
    open,
    outbox,
    wording,
    log,
    meter,
    executionLink: stackstorm.executionLink,
    maxLength: options.maxLength,
    newKey: options.newId,
  })
  const builtIns = createBuiltIns({
    aliases,
    stackstorm,
    reply,
    wording,
    clock,
    signal: ending.signal,
    readiness,
    version: options.version,
    startedAt,
    lastEvent: () => lastEvent,
    address,
  }, meter)
  const execute = createExecute({
    stackstorm,
    open,
    reply,
    wording,
    clock,
    log,
    meter,
    signal: ending.signal,
    route,
    newId: options.newId,
  })
  const unknown = createUnknown({
    aliases,
    reply,
    clock,
    meter,
    enabled: options.answerUnknown,
    address,
  })
  const { promise: streamTried, resolve: streamWasTried } = Promise.withResolvers<void>()
  const commands = createCommands({
    started: Promise.race([
      Promise.all([aliases.attempted, streamTried]).then(() => {}),
      clock.sleep(startWait, ending.signal).catch(() => {}),
    ]),
    aliases,
    builtIns,
    execute,
    unknown,
    reply,
    seen: createSeen(clock),
    log,
    meter,
  })

  const track = (work: Promise<void>): void => {
    handling++
    void work.finally(() => handling--)
  }

  const receive = (service: () => Service | undefined) => (message: ChatMessage): void => {
    const from = service()
    if (from === undefined || !takingIn) return
    if (from.addressed(message) !== undefined) track(commands(from, message))
  }

  const post = (announcement: Announcement): void => track(announce(announcement))

  const onEvent = (event: string, data: unknown): void => {
    lastEvent = clock.now()
    if (event.startsWith('st2.actionalias__')) return aliases.reloadSoon(event)
    try {
      post(readAnnouncement(event, data))
    } catch (error) {
      meter.announcement('malformed')
      log.error('An announcement could not be read and was not posted.', {
        event,
        error: error instanceof Error ? error : new Error(String(error)),
      })
    }
  }

  const connect = async ({ definition, options: values }: Chosen): Promise<void> => {
    const own = log.with({ adapter: definition.name })
    try {
      const connection: Connection = await definition.connect({
        options: values,
        clock,
        log: own,
        signal: ending.signal,
        receive: receive(() => services.get(definition.name)),
        end: (heard) => options.onEnd(definition.name, heard),
        commands: () => commandWords(aliases),
      })
      services.set(definition.name, createService(definition, connection, [name, alias]))
    } catch (error) {
      const reason = error instanceof Error ? error : new Error(String(error))
      own.error('The chat service cannot be used.', { error: reason })
      broken.set(definition.name, {
        state: 'failed',
        since: clock.now(),
        error: reason.message,
      })
    }
  }

  const giveUp = async (): Promise<never> => {
    ending.abort(new Error('st2chatops is stopping'))
    await Promise.allSettled(background)
    throw new ConfigurationError(
      [...broken].map(([name, { error }]) => ({
        name: 'HUBOT_ADAPTER',
        what: `names ${name}, which cannot be used: ${error}`,
        advice: 'correct the settings of this chat service',
      })),
    )
  }

  const background = [
    aliases.keepFresh(),
    stackstorm.follow({
      events: [
        ...new Set([stockRoute, ...(route === 'hubot' ? [] : [route])])
          .values()
          .map((name) => `st2.announcement__${name}`),
        'st2.actionalias__create',
        'st2.actionalias__update',
        'st2.actionalias__delete',
      ],
      signal: ending.signal,
      onEvent,
      onState: (state) => {
        if (
          state.state === 'connected' && stream.state !== 'connected' && lastEvent !== undefined
        ) {
          aliases.reloadSoon('stream is back')
        }
        if (state.state === 'connected' || state.error !== undefined) streamWasTried()
        stream = state
      },
    }),
  ]
  await Promise.all(chosen.map(connect))
  if (services.size === 0) await giveUp()

  return {
    readiness,
    aliases,
    announce: (payload) => post(readAnnouncement(`st2.announcement__${stockRoute}`, { payload })),
    underWay: () => ({
      messages: handling + outbox.waiting() + open.handingOver(),
      owing: open.owing(),
    }),
    stopIntake: () => {
      takingIn = false
    },
    close: async () => {
      takingIn = false
      ending.abort(new Error('st2chatops is stopping'))
      await Promise.allSettled([
        ...background,
        ...[...services.values()].map(({ connection }) => connection.close()),
      ])
    },
  }
}

/** What a terminal may complete: every command as help shows it. */
const commandWords = (aliases: AliasSource): readonly string[] =>
  aliases.current()?.aliases.flatMap(({ formats }) =>
    formats.flatMap(({ display, representations }) => display ?? representations)
  ) ?? []
