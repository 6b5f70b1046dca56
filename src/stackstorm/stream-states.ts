import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { isStackStormError } from './errors.ts'
import type { StreamState } from './types.ts'

/** What the stream tells about itself, to the log and to whoever shows it. */
export type StreamStates = {
  /** Bytes came that only a living stream sends. */
  readonly heard: () => void
  /** The connection ended, or none came about. */
  readonly lost: (error: Error) => void
}

/** Bytes may come by the thousand; nobody looks at a time of last traffic more often than this, in ms. */
const tellEvery = 1_000

/** Without the id of a request, which would make every try look like news; the log has it. */
const wordsFor = (error: Error): string =>
  isStackStormError(error) ? error.reason : `The event stream ended: ${error.message}.`

/** Begins as `connecting`, which it tells at once. */
export const createStreamStates = (
  clock: Clock,
  log: Log,
  onState: (state: StreamState) => void,
): StreamStates => {
  let state: StreamState = { state: 'connecting', since: clock.now() }
  let toldAt = clock.monotonic()

  const tell = (next: StreamState): void => {
    state = next
    toldAt = clock.monotonic()
    try {
      onState(next)
    } catch (error) {
      log.error('The state of the event stream could not be told.', {
        error: error instanceof Error ? error : new Error(String(error)),
      })
    }
  }
  tell(state)

  return {
    heard: () => {
      const now = clock.now()
      if (state.state !== 'connected') {
        log.info("Listening to StackStorm's event stream.")
        tell({ state: 'connected', since: now, lastTraffic: now })
      } else if (clock.monotonic() - toldAt >= tellEvery) tell({ ...state, lastTraffic: now })
    },
    lost: (error) => {
      const words = wordsFor(error)
      const news = state.state === 'connected' || state.error !== words
      if (news) log.warn('The event stream of StackStorm is away; connecting again.', { error })
      const { lastTraffic } = state
      tell({
        state: 'connecting',
        since: state.state === 'connecting' ? state.since : clock.now(),
        error: words,
        ...(lastTraffic !== undefined && { lastTraffic }),
      })
    },
  }
}
