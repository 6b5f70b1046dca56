import { buildCatalog, type Catalog } from '../alias/catalog.ts'
import { helpEntries } from '../alias/help.ts'
import type { Backtracker } from '../alias/matcher.ts'
import type { Clock } from '../clock.ts'
import { counted } from '../counted.ts'
import type { Log } from '../log.ts'
import { fullJitter } from '../net/backoff.ts'
import { isStackStormError } from '../stackstorm/errors.ts'
import type { StackStorm } from '../stackstorm/types.ts'
import { createAliasPages } from './alias-pages.ts'

/** What a reload came to. A failed one leaves the last good list in place. */
export type Reloaded =
  | { readonly ok: true; readonly catalog: Catalog }
  | { readonly ok: false; readonly reason: string }

/** The list of aliases that commands are found in, kept fresh. */
export type AliasSource = {
  /** The last good list; undefined until the first one is in. */
  readonly current: () => Catalog | undefined
  /** Settles when the first attempt to load the list has ended, well or badly. */
  readonly attempted: Promise<void>
  /** Why the last attempt failed, in words; undefined after a good one. */
  readonly problem: () => string | undefined
  /** Fetches the list anew. Callers who ask during a fetch share one more that starts behind it. */
  readonly reload: (why: string) => Promise<Reloaded>
  /** Like `reload`, for bursts: a pack's installation tells of each alias by itself. */
  readonly reloadSoon: (why: string) => void
  /** Loads at once, then every interval until the signal aborts; sooner while it fails. */
  readonly keepFresh: () => Promise<void>
}

export type AliasSourceOptions = {
  readonly fetchAliases: StackStorm['aliases']
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal
  /** ms between two reloads (`ST2_COMMANDS_RELOAD_INTERVAL`). */
  readonly interval: number
  readonly backtracker?: Backtracker | undefined
  /** A list is whole, for which so many aliases were read; those of a page that is as it was are not read again. */
  readonly onRead?: (aliases: number) => void
}

/** StackStorm tells of each alias of a pack within a second or so. */
const settleFor = 500
/** Commands are back within 10 s of StackStorm's return. */
const retryCap = 8_000
/** More than this many bad aliases in one log line help nobody; `aliases lint` shows them all. */
const problemsToName = 20

/** Swaps the list whole: a command meets the old list or the new one, never a part of either. */
export const createAliasSource = (options: AliasSourceOptions): AliasSource => {
  const { fetchAliases, clock, log, signal, interval, backtracker } = options
  const beginReading = createAliasPages(options.onRead ?? (() => {}))
  let catalog: Catalog | undefined
  /** What the catalog was made of. */
  let documents: readonly unknown[] = []
  let problem: string | undefined
  let running: Promise<Reloaded> | undefined
  let next: Promise<Reloaded> | undefined
  let reported = ''
  let soon = false
  const { promise: attempted, resolve: firstAttemptEnded } = Promise.withResolvers<void>()

  const load = async (why: string): Promise<Reloaded> => {
    try {
      const reading = beginReading()
      const fetched = await fetchAliases(signal, reading.read)
      const loaded = catalog !== undefined && isSame(documents, fetched)
        ? catalog
        : await buildCatalog(fetched, { ...(backtracker !== undefined && { backtracker }) })
      reading.keep()
      documents = fetched
      catalog = loaded
      const again = problem !== undefined
      problem = undefined
      report(loaded, why, again || why === 'signal')
      return { ok: true, catalog: loaded }
    } catch (error) {
      const reason = isStackStormError(error) ? error.reason : messageOf(error)
      complain(reason, why)
      problem = reason
      return { ok: false, reason }
    }
  }

  /** Each new reason is worth a line; the same one at every attempt is not, but for who asked. */
  const complain = (reason: string, why: string): void => {
    if (signal.aborted) return
    const say = reason === problem && why !== 'signal' ? log.debug : log.warn
    if (catalog === undefined) {
      say('The aliases could not be loaded: there are no commands yet.', { why, reason })
    } else {
      say('The aliases could not be loaded; the last good list stays.', {
        why,
        reason,
        aliases: catalog.usable.length,
      })
    }
  }

  /** An operator who sent a signal, or has read of a failure, looks for the line that says how it ended. */
  const report = ({ usable, problems }: Catalog, why: string, awaited: boolean): void => {
    const known = `${usable.length} ${problems.map(({ ref, reason }) => ref + reason).join()}`
    if (known === reported) {
      const say = awaited ? log.info : log.debug
      return say('Aliases reloaded: nothing new.', { why, aliases: usable.length })
    }
    reported = known
    log.info(`${counted(usable.length, 'alias', 'aliases')} loaded.`, { why })
    for (const { ref, format, reason } of problems.slice(0, problemsToName)) {
      log.warn('An alias was left out.', { alias: ref, format, reason })
    }
    if (problems.length > problemsToName) {
      const more = counted(problems.length - problemsToName, 'more problem')
      log.warn(`${more} with aliases left out.`, {
        advice: 'st2chatops aliases lint',
      })
    }
  }

  const reload: AliasSource['reload'] = (why) => {
    if (running !== undefined) {
      next ??= running.then(() => {
        next = undefined
        return reload(why)
      })
      return next
    }
    running = load(why).finally(() => {
      running = undefined
      firstAttemptEnded()
    })
    return running
  }

  return {
    attempted,
    current: () => catalog,
    problem: () => problem,
    reload,
    reloadSoon: (why) => {
      if (soon) return
      soon = true
      void clock.sleep(settleFor, signal).then(() => {
        soon = false
        return reload(why)
      }, () => {})
    },
    keepFresh: async () => {
      let failures = 0
      while (!signal.aborted) {
        const { ok } = await reload(catalog === undefined ? 'start' : 'interval')
        failures = ok ? 0 : failures + 1
        const wait = ok ? interval : Math.min(fullJitter(failures, clock), retryCap, interval)
        await clock.sleep(wait, signal).catch(() => {})
      }
    },
  }
}

/** Whether two lists hold the very same things. */
const isSame = (left: readonly unknown[], right: readonly unknown[]): boolean =>
  left.length === right.length && left.every((one, at) => one === right[at])

const messageOf = (error: unknown): string => error instanceof Error ? error.message : String(error)

/** Every command as help shows it: what a terminal may complete. */
export const commandWords = (catalog: Catalog | undefined): readonly string[] =>
  catalog === undefined ? [] : helpEntries(catalog).map(({ display }) => display)

/**
 * Whether an alias words its results itself, or may: one that is not in the list, or of which there are two, might. At the start it waits
 * for the list.
 */
export const hasOwnWords = async (
  { attempted, current }: Pick<AliasSource, 'attempted' | 'current'>,
  alias: string,
): Promise<boolean> => {
  await attempted
  const named = current()?.aliases.filter(({ name }) => name === alias) ?? []
  return named.length === 0 || named.some(({ result }) => result.worded)
}
