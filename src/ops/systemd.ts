import { sendDatagram } from './unix-datagram.ts'

/** What the service manager is told (sd_notify(3)). Without a manager each of these does nothing. */
export type Notifier = {
  /** The service does its job now; `status` is the line that `systemctl status` shows. */
  readonly ready: (status?: string) => void
  readonly status: (status: string) => void
  /** A reload has begun; `ready` ends it. For Type=notify: Type=notify-reload wants the kernel's clock too. */
  readonly reloading: () => void
  readonly stopping: (status?: string) => void
  /** A sign of life: call it at least every `watchdogInterval`, and only while work is being done. */
  readonly watchdog: () => void
}

/** Sends one datagram; false if it could not be sent that way. */
export type SendDatagram = (socket: string, message: string) => boolean

/** The manager's own tool, for hosts where native calls are forbidden (MemoryDenyWriteExecute=). It finds the socket by itself. */
const sendByTool = (message: string): void => {
  try {
    Bun.spawn(['systemd-notify', ...message.split('\n')], {
      stdin: 'ignore',
      stdout: 'ignore',
      stderr: 'ignore',
    }).unref()
  } catch {
    // There is no other way, and a service must not fail for a status line.
  }
}

/** Half the time after which the manager takes the process for dead; undefined without a watchdog. In ms. */
export const watchdogInterval = (microseconds: string | undefined): number | undefined => {
  const value = Number(microseconds)
  return Number.isFinite(value) && value > 0 ? value / 2_000 : undefined
}

/**
 * Talks to systemd over the socket that `NOTIFY_SOCKET` names; undefined or empty means that nobody listens.
 *
 * @example
 * const notifier = createNotifier({ socket: environment.NOTIFY_SOCKET })
 * notifier.ready('Ready: StackStorm, stream, slack')
 */
export const createNotifier = (
  { socket, send = sendDatagram }: { socket: string | undefined; send?: SendDatagram },
): Notifier => {
  const tell = (...assignments: readonly string[]) => {
    if (socket === undefined || socket === '') return
    // One assignment is one line: a line break in a status would start another.
    const message = assignments.map((text) => text.replace(/[\r\n]+/g, ' ')).join('\n')
    if (!send(socket, message)) sendByTool(message)
  }
  const withStatus = (status: string | undefined) =>
    status === undefined ? [] : [`STATUS=${status}`]
  return {
    ready: (status) => tell('READY=1', ...withStatus(status)),
    status: (status) => tell(`STATUS=${status}`),
    reloading: () => tell('RELOADING=1'),
    stopping: (status) => tell('STOPPING=1', ...withStatus(status)),
    watchdog: () => tell('WATCHDOG=1'),
  }
}
