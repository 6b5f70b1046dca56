import console from 'node:console'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as v from 'valibot'

/** What goes wrong at the chat service; what is left out does not. */
export type RecorderFaults = {
  /** ms that each request waits. */
  readonly delay?: number
  /** Posts are refused with 429 and told to come back after so many seconds. */
  readonly busy?: number
  /** Posts are refused with 500. */
  readonly broken?: boolean
  /** Posts are taken, and the connection is cut before the answer. */
  readonly acceptThenDrop?: boolean
  /** Acknowledgements are answered and forgotten, so that events come again. */
  readonly loseAcknowledgements?: boolean
}

/** What somebody types, as the bot gets it. `id` is the same each time it is delivered. */
export type Typed = {
  readonly id: string
  readonly channel: string
  readonly thread: string
  readonly text: string
}

const postSchema = v.object({
  key: v.string(),
  kind: v.string(),
  channel: v.string(),
  thread: v.optional(v.string()),
  text: v.string(),
  /** The process that posted it. */
  process: v.number(),
})

/** A message that the service took, in the order in which it did. */
export type Post = v.InferOutput<typeof postSchema> & {
  /** ms since 1970. */
  readonly at: number
  /** False: the connection was cut before the bot could know. */
  readonly answered: boolean
}

/** What became of something that was typed; times in ms since 1970. */
export type EventStory = {
  readonly id: string
  /** When it was handed to the bot; the answer may have been lost. */
  readonly delivered: readonly number[]
  readonly acknowledged?: number
}

export type RecorderState = {
  readonly posts: readonly Post[]
  readonly events: readonly EventStory[]
  /** Posts that were refused for good. */
  readonly refused: number
}

/** An event that was not acknowledged comes again after this, in ms; real services wait from at once to minutes. */
const redeliverAfter = 1_500
/** How long a poll waits for something to happen, in ms. */
const pollFor = 2_000

const bodyOf = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Uint8Array[] = []
  for await (const chunk of request) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString() || 'null')
}

const answer = (
  response: ServerResponse,
  status: number,
  body: unknown = {},
  headers: Readonly<Record<string, string>> = {},
): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}

/**
 * A chat service on loopback that remembers what it took. The bot's side: `GET /events` (long poll), `POST /acknowledge`,
 * `POST /posts`. The driver's side: `POST /control/type`, `PUT /control/faults`, `GET /control/state`.
 * An event is delivered again and again, with the same id, until it is acknowledged.
 *
 * @param gone the channel that every post is refused to, for good
 */
export const startRecorder = async (
  { gone }: { readonly gone: string },
): Promise<{ readonly port: number; readonly stop: () => void }> => {
  let faults: RecorderFaults = {}
  const posts: Post[] = []
  const typed: {
    readonly event: Typed
    due: number
    readonly delivered: number[]
    acknowledged?: number
  }[] = []
  const idle = new Set<() => void>()
  let refused = 0

  const waiting = () => typed.filter(({ acknowledged }) => acknowledged === undefined)

  const due = (): readonly Typed[] => {
    const now = performance.now()
    const found = waiting().filter((one) => one.due <= now)
    for (const one of found) {
      one.delivered.push(Date.now())
      one.due = now + redeliverAfter
    }
    return found.map(({ event }) => event)
  }

  const events = async (response: ServerResponse): Promise<void> => {
    const until = performance.now() + pollFor
    let found: readonly Typed[] = []
    while (!response.destroyed && performance.now() < until) {
      found = due()
      if (found.length > 0) break
      const next = Math.min(until, ...waiting().map((one) => one.due))
      await new Promise<void>((resolve) => {
        const wake = () => {
          clearTimeout(timer)
          idle.delete(wake)
          resolve()
        }
        const timer = setTimeout(wake, Math.max(1, next - performance.now()))
        idle.add(wake)
      })
    }
    answer(response, 200, found)
  }

  const post = (response: ServerResponse, body: unknown): void => {
    if (faults.busy !== undefined) {
      return answer(response, 429, {}, { 'retry-after': String(faults.busy) })
    }
    if (faults.broken) return answer(response, 500, {})
    const message = v.parse(postSchema, body)
    if (message.channel === gone) {
      refused++
      return answer(response, 404, { reason: 'no such channel' })
    }
    const answered = faults.acceptThenDrop !== true
    posts.push({ ...message, at: Date.now(), answered })
    if (answered) answer(response, 200, { id: String(posts.length) })
    else response.socket?.destroy()
  }

  const state = (): RecorderState => ({
    posts,
    events: typed.map(({ event: { id }, delivered, acknowledged }) => ({
      id,
      delivered,
      ...(acknowledged !== undefined && { acknowledged }),
    })),
    refused,
  })

  const type = (event: Typed): void => {
    typed.push({ event, due: 0, delivered: [] })
    for (const wake of [...idle]) wake()
  }

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = request.method === 'GET' ? null : await bodyOf(request)
    const { url = '/' } = request
    if (url === '/control/state') return answer(response, 200, state())
    if (url === '/control/type') {
      type(body as Typed)
      return answer(response, 200)
    }
    if (url === '/control/faults') {
      faults = body as RecorderFaults
      return answer(response, 200)
    }
    if (faults.delay !== undefined) await Bun.sleep(faults.delay)
    if (url === '/events') return await events(response)
    if (url === '/acknowledge') {
      const ids = v.parse(v.array(v.string()), body)
      if (!faults.loseAcknowledgements) {
        for (const one of typed) if (ids.includes(one.event.id)) one.acknowledged ??= Date.now()
      }
      return answer(response, 200)
    }
    if (url === '/posts') return post(response, body)
    answer(response, 404, { reason: 'no such path' })
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error) => {
      console.error(error)
      if (!response.headersSent) answer(response, 400, { reason: String(error) })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
