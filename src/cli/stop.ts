import type { Log } from '../log.ts'

/** Why the bot ends. */
export type StopReason =
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'end of input' }
  | { readonly kind: 'failure'; readonly reason: string }

export type Stop = {
  /** Settles with the first reason to end. */
  readonly requested: Promise<StopReason>
  /** Aborts with a signal while the end is under way: it ends at once. */
  readonly again: AbortSignal
  readonly request: (reason: StopReason) => void
  /** What SIGHUP and SIGUSR2 do: both have always meant "load the commands anew". */
  readonly onReload: (reload: () => void) => void
  /** Gives the signals back to the system. */
  readonly close: () => void
}

/** Listens to the process' signals: TERM and INT end, HUP and USR2 reload, USR1 does nothing. */
export const awaitStop = (log: Log): Stop => {
  const { promise: requested, resolve } = Promise.withResolvers<StopReason>()
  const again = new AbortController()
  let stopping = false
  let reload = () => {}

  const request = (reason: StopReason): void => {
    stopping = true
    resolve(reason)
  }
  const end = (signal: string): void => {
    if (!stopping) return request({ kind: 'signal', signal })
    log.warn('Ending at once.', { signal })
    again.abort()
  }
  const handlers: Readonly<Record<string, () => void>> = {
    SIGTERM: () => end('SIGTERM'),
    SIGINT: () => end('SIGINT'),
    SIGHUP: () => reload(),
    SIGUSR2: () => reload(),
    // What nobody listens to ends the process.
    SIGUSR1: () =>
      log.warn('SIGUSR1 is ignored: SIGHUP loads the commands anew, SIGTERM ends the bot.'),
  }
  for (const [signal, handler] of Object.entries(handlers)) process.on(signal, handler)

  return {
    requested,
    again: again.signal,
    request,
    onReload: (action) => {
      reload = action
    },
    close: () => {
      for (const [signal, handler] of Object.entries(handlers)) process.off(signal, handler)
    },
  }
}
