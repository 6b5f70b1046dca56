import { createDelivery } from '../delivery/delivery.ts'
import { fingerprint } from '../delivery/fingerprint.ts'
import { createOutbox } from '../delivery/outbox.ts'
import { commandWords, createAliasSource, hasOwnWords } from './aliases.ts'
import { createAnnouncements } from './announcements.ts'
import { type Bot, type BotOptions, NotStarted } from './bot-type.ts'
import { createBuiltIns } from './built-ins/index.ts'
import { createCatchUp } from './catch-up.ts'
import { createClarify } from './clarify.ts'
import { createCommands } from './commands.ts'
import { createDeadLetterNotice } from './dead-letter-notice.ts'
import { createExecute } from './execute.ts'
import { createFail } from './fail.ts'
import { createIsForeign } from './foreign.ts'
import { createGate } from './gate.ts'
import { createIntake } from './intake.ts'
import { createListener, routesOf } from './listen.ts'
import { keepHouse } from './keep-house.ts'
import { createOpenExecutions } from './open-executions.ts'
import { readPosted } from './posted.ts'
import { createReadiness } from './readiness.ts'
import { createReply } from './reply.ts'
import { createServices } from './services.ts'
import { createTidy } from './tidy.ts'
import { takeUpUnfinished } from './unfinished.ts'
import { createUnknown } from './unknown.ts'
import { createWork } from './work.ts'

const passedOver = Promise.resolve()

/** A command that is typed while the bot starts waits so many ms for the stream, or its result might come late. */
const startWait = 10_000

/** A bot that has heard so many messages and results is no quiet one. */
const busyAfter = 100

/** What comes by the stream waits so many ms at most for a search, for the sake of order. */
const orderWait = 5_000

/**
 * Puts one bot together: chat services on one side, StackStorm on the other. A message that comes in goes through
 * `commands`, a result through `announcements`; both leave by the outbox. It does nothing before it is started.
 */
export const createBot = (options: BotOptions): Bot => {
  const { stackstorm, journal, wording, clock, log, meter, name, alias, route, newId } = options
  const ending = new AbortController()
  const { signal } = ending
  const common = { wording, clock, log, meter, signal }
  const address = alias === '' ? `${name} ` : alias
  /** Closed while a search runs for what came before. */
  const gate = createGate()
  const work = createWork(log, signal)
  const tidy = createTidy({ collect: options.collectGarbage ?? (() => {}), clock, signal })

  const aliases = createAliasSource({
    fetchAliases: stackstorm.aliases,
    clock,
    log,
    signal,
    interval: options.reloadInterval,
    backtracker: options.backtracker,
    onRead: tidy.note,
  })
  let heard = 0
  const noteWork = (): void => {
    tidy.note(1)
    if (++heard === busyAfter) options.onBusy?.()
  }
  const services = createServices({
    chosen: options.chosen,
    names: [name, alias],
    clock,
    log,
    signal,
    receive: (service, message) => {
      noteWork()
      // Most of what is said in chat is for nobody here: it costs a look at its first characters and no more.
      if (service.addressed(message) === undefined) return passedOver
      const taken = intake.receive(service, message)
      work.track(taken)
      return taken.catch(() => {})
    },
    onEnd: options.onEnd,
    onFail: options.onFail,
    network: options.network,
    commands: () => commandWords(aliases.current()),
  })
  const outbox = createOutbox({
    clock,
    log,
    signal,
    send: services.send,
    perSecond: services.perSecond,
    onOutcome: (service, _, { kind }) => meter.send(service, kind),
  })
  const noticeDead = createDeadLetterNotice({
    channel: options.opsChannel,
    services: services.all,
    outbox,
    wording,
    newKey: newId,
  })
  const delivery = createDelivery({ journal, outbox, log, onDead: noticeDead })
  const open = createOpenExecutions()
  const reply = createReply(wording, outbox, newId)
  const clarify = createClarify({ stackstorm, journal, clock, log, signal })

  const isForeign = createIsForeign({
    journal,
    services: services.all,
    configured: options.chosen.map(({ definition }) => definition.name),
    guest: options.guest ?? false,
  })
  const announce = createAnnouncements({
    services: services.all,
    open,
    delivery,
    isForeign,
    executionOf: journal.executionOf,
    executionLink: stackstorm.executionLink,
    serverTime: stackstorm.serverTime,
    maxLength: options.maxLength,
    wording,
    log,
    meter,
    newKey: newId,
  })
  const listener = createListener({
    ...common,
    stackstorm,
    route,
    // Behind a search that runs for what came before: a channel hears things in the order in which they happened.
    onAnnouncement: (announcement) => {
      noteWork()
      work.track(gate.pass(() => announce(announcement)))
    },
    onAliasesChanged: aliases.reloadSoon,
    onUp: (again) => {
      gate.closeUntil(Promise.race([
        catchUp.run('the stream is up'),
        clock.sleep(orderWait, signal).catch(() => {}),
      ]))
      if (again) aliases.reloadSoon('the stream is back')
    },
  })
  const catchUp = createCatchUp({
    ...common,
    queries: stackstorm.catchUp,
    stackstorm,
    journal,
    announce: (announcement, found) => {
      noteWork()
      return announce(announcement, found)
    },
    isForeign,
    isKnown: (announcement, { execution, at }) =>
      journal.knows({ hash: fingerprint(announcement), source: 'search', execution, at }),
    postsResults: (alias) =>
      aliases.current()?.aliases.find(({ name }) => name === alias)?.result.enabled ?? true,
    hasOwnWords: (alias) => hasOwnWords(aliases, alias),
    expect: (correlation, execution) => open.started(correlation, execution, true),
    window: options.catchUpWindow,
    route,
    routes: routesOf(route),
  })

  const readiness = createReadiness({ stackstorm, aliases, listener, services, journal })

  const fail = createFail({ reply, log, meter })
  const execute = createExecute({
    ...common,
    stackstorm,
    open,
    journal,
    clarify,
    reply,
    track: work.track,
    fail,
    route,
  })
  const commands = createCommands({
    started: Promise.race([
      Promise.all([aliases.attempted, listener.tried]).then(() => {}),
      clock.sleep(startWait, signal).catch(() => {}),
    ]),
    aliases,
    builtIns: createBuiltIns({
      aliases,
      stackstorm,
      journal,
      reply,
      wording,
      clock,
      log,
      signal,
      readiness,
      version: options.version,
      startedAt: clock.monotonic(),
      lastEvent: listener.lastEvent,
      address,
    }, meter),
    execute: execute.run,
    journal,
    unknown: createUnknown({
      aliases,
      reply,
      clock,
      meter,
      enabled: options.answerUnknown,
      address,
    }),
    reply,
    signal,
    fail,
    meter,
  })
  const intake = createIntake({ journal, commands, reply, log, signal, track: work.track })

  let background: readonly Promise<void>[] | undefined

  const start = async (): Promise<void> => {
    const messages = journal.unfinished()
    // StackStorm gathers the list while the chat services connect.
    const fresh = aliases.keepFresh()
    await services.connect().catch((error) => {
      ending.abort(error)
      throw error
    })
    delivery.resume()
    work.track(
      takeUpUnfinished({
        journal,
        messages,
        services: services.all,
        stackstorm,
        clarify,
        answer: intake.answer,
        reply,
        clock,
        log,
        signal,
      }),
    )
    background = [
      fresh,
      listener.listen(),
      // The stream first: what is announced while the searches run comes by it.
      listener.tried.then(catchUp.keepUp),
      keepHouse({ journal, delivery, clock, signal }),
    ]
    // When the list is in: what it is made of is the most of it.
    void aliases.attempted.then(tidy.started)
  }

  return {
    start,
    readiness,
    aliases,
    announce: (payload) => {
      if (background === undefined) throw new NotStarted()
      noteWork()
      return work.track(announce(readPosted(payload)))
    },
    underWay: () => ({
      messages: work.underWay() + execute.waiting() + outbox.waiting() + delivery.underWay(),
      owing: open.owing(),
    }),
    stopIntake: intake.stop,
    close: async () => {
      intake.stop()
      ending.abort(new Error('st2chatops is stopping'))
      await Promise.allSettled(background ?? [])
      await services.close()
    },
  }
}
