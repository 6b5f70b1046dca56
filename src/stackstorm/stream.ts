import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { backoff } from '../net/backoff.ts'
import type { Http } from '../net/http.ts'
import { readText } from '../net/read-text.ts'
import { answerFailure, longestAnswer, readJson } from './answers.ts'
import type { Authorised } from './authorised.ts'
import { isStackStormError, StackStormUnclear } from './errors.ts'
import { connectionFailure } from './failures.ts'
import { createFrameReader, type Frame } from './frames.ts'
import { createStreamStates } from './stream-states.ts'
import type { FollowOptions } from './types.ts'

/** All in ms. */
export type StreamTimings = {
  /** Without a byte for so long the connection is dead; StackStorm sends one every 25 s. */
  readonly silence?: number
  /** For the connection to be made and answered. */
  readonly headers?: number
  /** A connection that has lasted so long, or brought an event, was a good one. */
  readonly proven?: number
}

export type FollowDependencies = {
  /** The stream service's address, without `/v1`. */
  readonly url: string
  readonly http: Http
  readonly authorised: Authorised
  readonly clock: Clock
  readonly log: Log
  readonly timings?: StreamTimings | undefined
}

const usualTimings = { silence: 60_000, headers: 30_000, proven: 10_000 }

/** Resolves when nothing was heard for `limit` ms; rejects when the signal aborts. */
const silence = async (
  clock: Clock,
  limit: number,
  lastHeard: () => number,
  signal: AbortSignal,
): Promise<void> => {
  while (true) {
    const left = lastHeard() + limit - clock.monotonic()
    if (left <= 0) return
    await clock.sleep(left, signal)
  }
}

/** What Bun says in words for programmers when a connection ends in the middle of an answer: it has a code such as ECONNRESET. */
const isCut = (error: unknown): boolean =>
  error instanceof Error && !isStackStormError(error) && 'code' in error &&
  typeof error.code === 'string'

/** Makes `StackStorm.follow`. */
export const createFollow = (
  { url, http, authorised, clock, log, timings }: FollowDependencies,
) => {
  const limits = { ...usualTimings, ...timings }

  /** Resolves with an open stream; a refusal of the credentials is answered with fresh ones, once. */
  const open = (events: readonly string[], signal: AbortSignal): Promise<Response> => {
    const address = `${url}/v1/stream?${new URLSearchParams({ events: events.join(',') })}`
    const target = {
      service: 'event stream',
      url: address,
      variable: 'ST2_STREAM_URL',
      deadline: limits.headers,
    }
    return authorised(async (headers) => {
      const requestId = Bun.randomUUIDv7()
      let response: Response
      try {
        response = await http(address, {
          stream: true,
          deadline: limits.headers,
          signal,
          keepalive: false,
          headers: {
            ...headers,
            accept: 'text/event-stream',
            // What is packed is held back until a block is full.
            'accept-encoding': 'identity',
            'cache-control': 'no-cache',
            'x-request-id': requestId,
          },
        })
        if (!response.ok) {
          const document = readJson(await readText(response, longestAnswer) ?? '')
          throw answerFailure(response.status, document, target, requestId)
        }
      } catch (error) {
        if (signal.aborted || isStackStormError(error)) throw error
        throw connectionFailure(error, target, requestId)
      }
      if (!/^text\/event-stream\b/i.test(response.headers.get('content-type') ?? '')) {
        await response.body?.cancel()
        throw new StackStormUnclear(
          "What answers at ST2_STREAM_URL is not StackStorm's event stream: check that variable.",
          { requestId, status: response.status },
        )
      }
      return response
    }, signal)
  }

  return async function follow(options: FollowOptions): Promise<void> {
    const { events, signal, onEvent, onState } = options
    const states = createStreamStates(clock, log, onState)
    const waits = backoff({ clock })

    const hand = ({ name, data }: Frame): void => {
      try {
        onEvent(name, data)
      } catch (error) {
        log.error('An event of the stream could not be handled.', {
          event: name,
          error: error instanceof Error ? error : new Error(String(error)),
        })
      }
    }

    /** One connection, from beginning to end. Rejects with why it ended; tells whether it was a good one. */
    const listen = async (prove: () => void): Promise<never> => {
      const over = new AbortController()
      const either = AbortSignal.any([signal, over.signal])
      let openedAt = Infinity
      const frames = createFrameReader({
        onFrame: (frame) => {
          prove()
          hand(frame)
        },
        onMalformed: (event, excerpt) =>
          log.warn('An event of the stream is not JSON and was skipped.', { event, excerpt }),
      })
      try {
        // From the beginning: the body of a refusal may be as endless as the stream.
        let heardAt = clock.monotonic()
        silence(clock, limits.silence, () => heardAt, either).then(
          () => over.abort(new Error(`no byte for ${limits.silence / 1000} s`)),
          () => {},
        )
        const response = await open(events, either)
        heardAt = openedAt = clock.monotonic()
        for await (const bytes of response.body ?? []) {
          heardAt = clock.monotonic()
          frames.feed(bytes)
          if (frames.alive()) states.heard()
        }
        throw new Error(
          frames.alive() ? 'StackStorm closed it' : 'st2stream is down, nginx answers in its place',
        )
      } catch (error) {
        // A reader that was aborted may say so in its own words.
        if (over.signal.aborted) throw over.signal.reason
        throw isCut(error) ? new Error('the connection was cut', { cause: error }) : error
      } finally {
        if (frames.alive() && clock.monotonic() - openedAt >= limits.proven) prove()
        over.abort(new Error('over'))
      }
    }

    while (!signal.aborted) {
      try {
        await listen(waits.reset)
      } catch (error) {
        if (signal.aborted) return
        states.lost(error instanceof Error ? error : new Error(String(error)))
        await waits.wait(signal).catch(() => {})
      }
    }
  }
}
