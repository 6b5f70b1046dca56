import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { ConnectionStatus } from '../ops/readiness.ts'
import { type Announcement, readAnnouncement } from '../stackstorm/announcement.ts'
import type { StackStorm } from '../stackstorm/types.ts'
import type { Meter } from './meter.ts'

/** Announcements of the stock rule come by this route, whatever `ST2_ROUTE` says. */
export const stockRoute = 'chatops'
/** The rule for this route passes none on, so that its results come by `chatops`. */
const stockNotification = 'hubot'

/** What comes by StackStorm's event stream. */
export type Listener = {
  readonly status: () => ConnectionStatus
  /** ms since 1970 of the last event. */
  readonly lastEvent: () => number | undefined
  /** Settles when the stream was up for the first time, or failed, or nobody listens any more. */
  readonly tried: Promise<void>
  /** Listens until the signal aborts. */
  readonly listen: () => Promise<void>
}

export type ListenOptions = {
  readonly stackstorm: Pick<StackStorm, 'follow'>
  /** `ST2_ROUTE`. */
  readonly route: string
  readonly clock: Clock
  readonly log: Log
  readonly meter: Meter
  readonly signal: AbortSignal
  readonly onAnnouncement: (announcement: Announcement) => void
  readonly onAliasesChanged: (event: string) => void
  /** The stream is up; `again`: it has been before, so that something may have been missed. */
  readonly onUp: (again: boolean) => void
}

/** The routes by which announcements for this bot come. */
export const routesOf = (route: string): readonly string[] =>
  route === stockNotification || route === stockRoute ? [stockRoute] : [stockRoute, route]

export const createListener = (options: ListenOptions): Listener => {
  const { stackstorm, route, clock, log, meter, signal } = options
  const { promise: tried, resolve: wasTried } = Promise.withResolvers<void>()
  let status: ConnectionStatus = { state: 'connecting', since: clock.now() }
  let lastEvent: number | undefined
  let wasUp = false

  const onEvent = (event: string, data: unknown): void => {
    lastEvent = clock.now()
    if (event.startsWith('st2.actionalias__')) return options.onAliasesChanged(event)
    try {
      options.onAnnouncement(readAnnouncement(event, data))
    } catch (error) {
      meter.announcement('malformed')
      log.error('An announcement could not be read and was not posted.', {
        event,
        error: error instanceof Error ? error : new Error(String(error)),
      })
    }
  }

  const onState = (next: ConnectionStatus): void => {
    const isUp = next.state === 'connected'
    const cameUp = isUp && status.state !== 'connected'
    status = next
    if (isUp || next.error !== undefined) wasTried()
    if (!cameUp) return
    options.onUp(wasUp)
    wasUp = true
  }

  return {
    status: () => status,
    lastEvent: () => lastEvent,
    tried,
    listen: () =>
      stackstorm.follow({
        events: [
          ...routesOf(route).map((name) => `st2.announcement__${name}`),
          'st2.actionalias__create',
          'st2.actionalias__update',
          'st2.actionalias__delete',
        ],
        signal,
        onEvent,
        onState,
      }).finally(wasTried),
  }
}
