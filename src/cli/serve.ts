import { createBacktracker } from '../alias/backtracker.ts'
import { createBot } from '../bot/bot.ts'
import type { Chosen } from '../bot/services.ts'
import type { Route } from '../chat/adapter.ts'
import { createWording, readTemplates, type Wording } from '../chat/wording.ts'
import { systemClock } from '../clock.ts'
import { noEnvFile } from '../config/env-file.ts'
import { ConfigurationError } from '../config/error.ts'
import type { ProcessEnvironment } from '../config/process.ts'
import { proxySettingsOf } from '../config/network.ts'
import { createMask } from '../config/redact.ts'
import type { Settings } from '../config/settings.ts'
import { bootId } from '../delivery/boot-id.ts'
import { openJournal } from '../delivery/journal.ts'
import { lockJournal } from '../delivery/journal-lock.ts'
import type { Log } from '../log.ts'
import { createHttp } from '../net/http.ts'
import { createOpenSocket } from '../net/websocket.ts'
import { createMetrics } from '../ops/metrics.ts'
import { createServer } from '../ops/server.ts'
import type { Notifier } from '../ops/systemd.ts'
import { drain } from './drain.ts'
import { watchCommands } from './failed-commands.ts'
import type { ExitCode, Io } from './io.ts'
import { createBotMeter, measure } from './measure.ts'
import { createMemory } from './memory.ts'
import { openLog } from './open-log.ts'
import { openStackStorm } from './open-stackstorm.ts'
import { awaitStop } from './stop.ts'
import type { TellSystemdOptions } from './tell-systemd.ts'
import { currentVersion } from './version.ts'

export type ServeOptions = {
  readonly settings: Settings
  readonly environment: ProcessEnvironment
  readonly chosen: readonly Chosen[]
  readonly io: Io
  /** Whether HTTP is served. */
  readonly http: boolean
  /** See BotOptions. */
  readonly guest?: boolean
  /** Where the journal is kept; without a folder, in memory. */
  readonly stateFolder: string | undefined
  /**
   * What the end of a terminal's input means, after `heard` messages: the work is done when the last answer is in,
   * or the bot stays, as a service does.
   */
  readonly endsWith: (heard: number) => boolean
}

/**
 * Runs one bot from its start to its end: until a signal, or until a terminal has nothing more to say. Then it takes in nothing more
 * and finishes what is under way. Throws ConfigurationError when it can never work.
 */
export const serve = async (options: ServeOptions): Promise<ExitCode> => {
  const { settings, environment, chosen, io, http, guest = false, stateFolder, endsWith } = options
  const { core } = settings
  const clock = systemClock
  const log = openLog(settings, environment, io, clock)
  const build = currentVersion()
  log.info(`st2chatops ${build.version} starts.`, {
    env: settings.file ?? noEnvFile(settings.lookedFor),
    chat: chosen.map(({ definition }) => definition.name).join(','),
  })
  for (const warning of settings.warnings) log.warn(warning)

  const lock = stateFolder === undefined
    ? undefined
    : await lockJournal({ folder: stateFolder, clock, log })
  if (lock?.taken === false) {
    log.error(lock.reason)
    log.close()
    return 1
  }
  const metrics = createMetrics({ clock, build })
  const journal = openJournal({ folder: stateFolder, boot: bootId(), clock, log })
  const backtracker = createBacktracker({
    onRest: (pattern) =>
      log.warn('An alias format takes too long to look at; for a minute no text fits it.', {
        pattern,
        advice: 'Write it without lookahead, or with fewer nested repeats.',
      }),
  })
  const commands = watchCommands(createBotMeter(metrics))
  const stop = awaitStop(log)
  const proxy = proxySettingsOf(settings)
  const routes = new Map<string, Route>()
  const memory = createMemory()
  const bot = createBot({
    chosen,
    stackstorm: openStackStorm(settings, clock, log),
    journal,
    wording: openWording(core.ST2CHATOPS_TEMPLATES, log),
    clock,
    log,
    meter: commands.meter,
    version: build.version,
    name: core.HUBOT_NAME,
    alias: core.HUBOT_ALIAS,
    route: core.ST2_ROUTE,
    reloadInterval: core.ST2_COMMANDS_RELOAD_INTERVAL * 1000,
    answerUnknown: core.ST2CHATOPS_UNKNOWN_COMMAND_REPLY,
    maxLength: core.ST2_MAX_MESSAGE_LENGTH,
    catchUpWindow: core.ST2CHATOPS_CATCHUP_WINDOW * 1000,
    backtracker,
    guest,
    opsChannel: core.ST2CHATOPS_OPS_CHANNEL,
    newId: () => Bun.randomUUIDv7(),
    collectGarbage: memory.collect,
    onBusy: memory.compile,
    onEnd: (_, heard) => {
      if (endsWith(heard)) stop.request({ kind: 'end of input' })
    },
    onFail: (_, reason) => stop.request({ kind: 'failure', reason }),
    network: {
      http: createHttp({ proxy }),
      websocket: createOpenSocket({ proxy }),
      // Only the chat services that do not speak HTTP need raw sockets and SOCKS: 5 ms of start and their memory.
      tunnel: async (to) => (await import('../net/tunnel.ts')).createOpenTunnel({ proxy })(to),
      secure: async (...args) => (await import('../net/tunnel.ts')).secureTunnel(...args),
      route: http ? (route) => void routes.set(route.path, route) : undefined,
    },
  })
  stop.onReload(() => void bot.aliases.reload('signal'))
  const started = bot.start()
  // Whoever asks after the bot's health is answered also while a chat service keeps it waiting.
  const server = http
    ? createServer({
      hostname: core.EXPRESS_BIND_ADDRESS,
      port: core.EXPRESS_PORT,
      readiness: bot.readiness,
      metrics: () => {
        measure(metrics, bot)
        return metrics.render()
      },
      announce: bot.announce,
      routes,
      webhookToken: core.ST2CHATOPS_WEBHOOK_TOKEN,
      mask: createMask(settings.secrets),
      log,
    })
    : undefined
  if (server?.listening) log.info('HTTP is up.', { url: server.url })
  else if (server !== undefined) log.error(server.reason)
  await started
  const ended = new AbortController()
  const systemd = environment.NOTIFY_SOCKET
    ? await openSystemd(environment, { bot, journal, clock, signal: ended.signal })
    : undefined

  const why = await stop.requested
  bot.stopIntake()
  systemd?.stopping('Stopping: finishing what is under way')
  if (why.kind === 'signal') log.info('Stopping: taking in nothing more.', { signal: why.signal })
  if (why.kind === 'failure') log.error('Stopping.', { reason: why.reason })
  const isDone = await drain({
    bot,
    clock,
    log,
    why,
    // What the journal outlives the process for comes after the next start.
    awaitResults: why.kind === 'end of input' || !journal.status().durable,
    again: stop.again,
  })
  ended.abort()
  if (server?.listening) await server.stop()
  await bot.close()
  journal.close()
  lock?.release()
  backtracker.close()
  stop.close()
  log.close()
  if (why.kind === 'failure') return 1
  // A script wants to know; a person at a terminal has read it.
  const isScript = why.kind === 'end of input' && io.stdin.isTTY !== true
  return isScript && (!isDone || commands.failed() > 0) ? 1 : 0
}

/** Native calls are loaded where a service manager listens, and nowhere else. */
const openSystemd = async (
  environment: ProcessEnvironment,
  parts: Omit<TellSystemdOptions, 'notifier' | 'watchdog'>,
): Promise<Notifier> => {
  const { createNotifier, watchdogInterval } = await import('../ops/systemd.ts')
  const { tellSystemd } = await import('./tell-systemd.ts')
  const notifier = createNotifier({ socket: environment.NOTIFY_SOCKET })
  void tellSystemd({ ...parts, notifier, watchdog: watchdogInterval(environment.WATCHDOG_USEC) })
  return notifier
}

const openWording = (folder: string | undefined, log: Log): Wording => {
  if (folder === undefined) return createWording(log)
  try {
    return createWording(log, readTemplates(folder))
  } catch (cause) {
    throw new ConfigurationError([{
      name: 'ST2CHATOPS_TEMPLATES',
      what: `names a folder that cannot be read: ${
        cause instanceof Error ? cause.message : String(cause)
      }`,
      advice: 'correct it, or take the variable out to use the built-in wording',
    }], { cause })
  }
}
