import type { Log } from '../../src/log.ts'
import { backoff } from '../../src/net/backoff.ts'
import { SlackBusy, SlackRefused } from './failures.ts'
import { type Open, openConnection, type OpenOptions } from './open-connection.ts'

export type ConnectedOptions = OpenOptions & {
  readonly log: Log
  /** What to do about a refusal, in words. */
  readonly advise: (refused: SlackRefused) => string
  /** A connection that worked is gone, and none has taken its place. */
  readonly onLost: (why: string) => void
}

/** A connection that lived for less has proved nothing: the next one waits its turn. */
const proof = 10_000
/** What a person must put right is looked at again once a minute. */
const retryRefused = 60_000

/**
 * Keeps one connection to Slack up until the signal aborts. When Slack asks for a new one, that is up before the old one
 * is closed, so that no moment is deaf; a lost one comes back after a back-off. Never rejects.
 */
export const stayConnected = async (options: ConnectedOptions): Promise<void> => {
  const { signs, clock, log, signal, advise, onLost } = options
  const waits = backoff({ clock })
  let complaint = ''
  let connections = 0

  let current: Open | undefined

  const lose = (why: string): void => {
    current = undefined
    signs.down(why)
    log.warn('The connection to Slack is lost.', { reason: why })
    onLost(why)
  }

  /** The same words again and again help nobody. One that was to be replaced may still be up. */
  const complain = (error: unknown): void => {
    if (current?.gone.aborted) lose(`${current.gone.reason}`)
    const refused = error instanceof SlackRefused
    const reason = error instanceof Error ? error.message : String(error)
    const say = complaint === reason ? log.debug : refused ? log.error : log.warn
    const advice = refused ? { advice: advise(error) } : {}
    say('A connection to Slack could not be opened.', { reason, ...advice })
    complaint = reason
    if (current !== undefined) return
    signs.down(refused ? `${reason}. ${advise(error)}` : reason, refused)
  }

  while (!signal.aborted) {
    try {
      const next = await openConnection(options)
      if (connections++ === 0) log.info('Connected to Slack.')
      else if (current === undefined) log.info('Connected to Slack again.')
      current?.socket.close()
      current = next
      complaint = ''
      signs.up()
      const end = await next.ended
      if (signal.aborted) break
      if (end.kind === 'lost') lose(end.why)
      else log.debug('Slack asks for a new connection.', { reason: end.why })
      const proved = clock.monotonic() - next.since >= proof
      if (proved) waits.reset()
      if (end.kind === 'lost' || !proved) await waits.wait(signal)
    } catch (error) {
      if (signal.aborted) break
      complain(error)
      const after = error instanceof SlackBusy ? error.after : 0
      const pause = error instanceof SlackRefused ? retryRefused : after
      await Promise.all([waits.wait(signal), clock.sleep(pause, signal)]).catch(() => {})
    }
  }
  current?.socket.close()
}
