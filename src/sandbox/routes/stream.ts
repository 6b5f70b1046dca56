import type { URLSearchParams } from 'node:url'
import { Hono } from 'hono'
import type { Bindings } from '../bindings.ts'
import { authenticate } from '../auth.ts'
import { Fault } from '../fault.ts'
import type { Subject } from '../events.ts'
import type { World } from '../world.ts'

/** What a client gets that names no events. */
const standardEvents = [
  'st2.announcement__*',
  'st2.execution__create',
  'st2.execution__update',
  'st2.execution__delete',
  'st2.liveaction__create',
  'st2.liveaction__update',
  'st2.liveaction__delete',
]

/** A shell glob as a regular expression; the only special characters are `*` and `?`. */
const glob = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*+/g, '.*').replaceAll('?', '.')}$`,
  )

const list = (text: string | null): readonly string[] =>
  (text ?? '').split(',').map((item) => item.trim()).filter((item) => item !== '')

type Filter = (name: string, subject: Subject | undefined) => boolean

/** Which events a connection asked for. Filters for actions or executions shut out all announcements. */
const filterOf = (query: URLSearchParams): Filter => {
  const events = list(query.get('events'))
  const globs = (events.length > 0 ? events : standardEvents).map(glob)
  const actions = list(query.get('action_refs'))
  const executions = list(query.get('execution_ids'))
  return (name, subject) =>
    globs.some((pattern) => pattern.test(name)) &&
    (actions.length === 0 || (subject !== undefined && actions.includes(subject.actionRef))) &&
    (executions.length === 0 || (subject !== undefined && executions.includes(subject.executionId)))
}

const frame = (name: string, data: unknown): string =>
  `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`

/** Bytes that may wait for a slow client before it is cut off. */
const mostUnread = 16 * 1024 * 1024

const headers = {
  'Content-Type': 'text/event-stream; charset=UTF-8',
  'Cache-Control': 'no-cache',
  'X-Accel-Buffering': 'no',
}

/** What nginx gives to clients of the stream while the service is down. */
const nginxDown = () =>
  new Response('retry: 1000\n\n', { headers: { 'Content-Type': 'text/event-stream' } })

/** The open streams, so that they can be counted and closed. */
export type Streams = {
  readonly count: () => number
  /** Ends every open stream as a restart of the service does. */
  readonly close: () => void
}

/** The stream service, with the legacy paths that nginx rewrites to it. */
export const streamRoutes = (world: World): { routes: Hono<Bindings>; streams: Streams } => {
  const open = new Set<() => void>()

  const answer = (request: Request): Response => {
    const { faults } = world
    if (faults.current().backendDown) return nginxDown()
    if (faults.strikes('unauthorized')) throw new Fault(401, 'Unauthorized')
    authenticate(world, request)
    if (faults.strikes('quickEof')) return new Response('\n', { headers })
    return new Response(body(request), { headers })
  }

  const body = (request: Request): ReadableStream<Uint8Array> => {
    const query = new URL(request.url).searchParams
    const wanted = filterOf(query)
    const encoder = new TextEncoder()
    let close = () => {}
    return new ReadableStream<Uint8Array>({
      start: (controller) => {
        let timer: ReturnType<typeof setTimeout> | undefined
        const write = (text: string) => {
          if (world.faults.current().halfOpen) return
          // A client that does not read must not fill the memory.
          if ((controller.desiredSize ?? 0) <= 0) return close()
          controller.enqueue(encoder.encode(text))
        }
        const beat = () => {
          clearTimeout(timer)
          timer = setTimeout(() => {
            write('\n')
            beat()
          }, world.heartbeat)
        }
        const silence = world.events.listen((name, data, subject) => {
          if (!wanted(name, subject)) return
          write(frame(name, data))
          beat()
          if (
            subject?.completed && name === query.get('end_event') &&
            subject.executionId === query.get('end_execution_id')
          ) close()
        })
        close = () => {
          if (!open.delete(close)) return
          clearTimeout(timer)
          silence()
          try {
            controller.close()
          } catch {
            // The client was faster.
          }
        }
        open.add(close)
        request.signal.addEventListener('abort', close, { once: true })
        write('\n')
        beat()
      },
      cancel: () => close(),
    }, new ByteLengthQueuingStrategy({ highWaterMark: mostUnread }))
  }

  const routes = new Hono<Bindings>({ strict: false })
  for (const path of ['/stream/v1/stream', '/api/stream', '/api/v1/stream']) {
    routes.get(path, (c) => {
      // A stream is silent for longer than the server waits for an idle connection.
      c.env.server?.timeout(c.req.raw, 0)
      return answer(c.req.raw)
    })
  }
  return {
    routes,
    streams: {
      count: () => open.size,
      close: () => {
        for (const close of [...open]) close()
      },
    },
  }
}
