import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { backoff } from '../net/backoff.ts'
import type { VitalSigns } from './vital-signs.ts'

/** A connection that is up: `ended` settles with the reason when it is no more, and never rejects. */
export type Live = { readonly ended: Promise<string> }

export type KeepConnectedOptions = {
  /** What is connected to, as a person calls it: `IRC`. */
  readonly title: string
  /** Rejects when no connection came about. It is called again then, and after each end of a live one. */
  readonly open: (signal: AbortSignal) => Promise<Live>
  /** What a person must put right before it can work, as a sentence; undefined for what passes by itself. */
  readonly adviceFor: (error: unknown) => string | undefined
  readonly signs: VitalSigns
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal
  /** A connection that worked is gone. */
  readonly onLost?: (why: string) => void
}

/** A connection that lived for less, in ms, has proved nothing: the next one waits longer. */
const proof = 10_000
/** What a person must put right is looked at again once a minute; ms. */
const retryRefused = 60_000

/**
 * Keeps one connection up until the signal aborts: the first attempt is no different from any other, and none is the
 * last. Says each trouble once, not once an attempt. Never rejects.
 */
export const keepConnected = async (options: KeepConnectedOptions): Promise<void> => {
  const { title, open, adviceFor, signs, clock, log, signal, onLost } = options
  const waits = backoff({ clock })
  let complaint = ''
  let connections = 0

  const complain = (error: unknown): void => {
    const reason = error instanceof Error ? error.message : String(error)
    const advice = adviceFor(error)
    const say = complaint === reason ? log.debug : advice === undefined ? log.warn : log.error
    say(`A connection to ${title} could not be opened.`, { reason, advice })
    complaint = reason
    signs.down(advice === undefined ? reason : `${reason} ${advice}`, advice !== undefined)
  }

  while (!signal.aborted) {
    try {
      const live = await open(signal)
      const since = clock.monotonic()
      log.info(connections++ === 0 ? `Connected to ${title}.` : `Connected to ${title} again.`)
      complaint = ''
      signs.up()
      const why = await live.ended
      if (signal.aborted) break
      signs.down(why)
      log.warn(`The connection to ${title} is lost.`, { reason: why })
      onLost?.(why)
      if (clock.monotonic() - since >= proof) waits.reset()
      await waits.wait(signal)
    } catch (error) {
      if (signal.aborted) break
      complain(error)
      const pause = adviceFor(error) === undefined ? 0 : retryRefused
      await Promise.all([waits.wait(signal), clock.sleep(pause, signal)]).catch(() => {})
    }
  }
}
