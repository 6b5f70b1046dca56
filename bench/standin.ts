import { URL, type URLSearchParams } from 'node:url'

/** A request to run a command, as it came in; `at` is ms of this process's clock. */
export type Execution = { readonly at: number; readonly command: string; readonly body: string }

/** As little of a StackStorm as both bots need, and as quick as can be: it must not be what is measured. */
export type StandIn = {
  readonly url: string
  /** How many streams are open, and when the last one was opened. */
  readonly streams: () => { readonly open: number; readonly since: number }
  readonly onStream: (listener: (at: number) => void) => void
  readonly onExecution: (listener: (execution: Execution) => void) => void
  /** How often the end of the alias list was served. */
  readonly listsServed: () => number
  /** Sends events to every open stream, all in one piece. */
  readonly announce: (payloads: readonly Readonly<Record<string, unknown>>[]) => void
  readonly serve: (documents: readonly unknown[]) => void
  readonly stop: () => Promise<void>
}

/** Ids of documents: 24 hexadecimal digits. */
const idOf = (number: number): string => number.toString(16).padStart(24, '0')

const parameter = (description: string) => ({ description, type: 'string', required: false })

/** An execution as the API answers it, of the size of a recorded one (about 4 kB): most of it describes action and runner. */
const executionText = (): readonly [string, string, string] => {
  const description = 'An option of the remote runner, described as its metadata describe it.'
  const document = {
    execution: {
      action: {
        tags: [],
        uid: 'action:core:remote',
        'metadata_file': 'actions/remote.yaml',
        name: 'remote',
        ref: 'core.remote',
        description: 'Action to execute arbitrary linux command remotely.',
        enabled: true,
        'entry_point': '',
        pack: 'core',
        'runner_type': 'remote-shell-cmd',
        parameters: { cmd: parameter(description), sudo: { immutable: true } },
        'output_schema': {},
        notify: {},
        id: idOf(1),
      },
      runner: {
        name: 'remote-shell-cmd',
        description: 'A remote execution runner that executes actions as a fixed system user.',
        uid: 'runner_type:remote-shell-cmd',
        enabled: true,
        'runner_package': 'remote_runner',
        'runner_module': 'remote_command_runner',
        'runner_parameters': Object.fromEntries(
          Array.from({ length: 16 }, (_, at) => [`option_${at}`, parameter(description)]),
        ),
        'output_schema': {},
        id: idOf(2),
      },
      liveaction: {
        action: 'core.remote',
        'action_is_workflow': false,
        parameters: { name: 'web1', host: 'db1.example.com' },
        callback: {},
        'runner_info': {},
        id: idOf(3),
      },
      status: 'requested',
      'start_timestamp': '2026-11-22T11:09:55.119626Z',
      parameters: { name: 'web1', host: 'db1.example.com' },
      context: { user: 'bot', 'source_channel': 'ops', pack: 'core' },
      log: [{ timestamp: '2026-11-22T11:09:55.123201Z', status: 'requested' }],
      'web_url': 'https://st2.example.com/#/history/@@/general',
      id: '@@',
    },
    actionalias: { name: 'alias', pack: 'bench', ref: 'bench.alias', formats: [], ack: {} },
    message: 'Hold tight while I run *web1*',
  }
  const [head = '', middle = '', tail = ''] = JSON.stringify(document).split('@@')
  return [head, middle, tail]
}

const json = { 'content-type': 'application/json' }

export const startStandIn = (): StandIn => {
  const [head, middle, tail] = executionText()
  const streams = new Set<ReadableStreamDefaultController<Uint8Array>>()
  const encoder = new TextEncoder()
  let onStream: (at: number) => void = () => {}
  let onExecution: (execution: Execution) => void = () => {}
  let since = 0
  let listsServed = 0
  let executions = 0
  let documents: readonly unknown[] = []
  /** Lists are asked for again and again: each page is written once. */
  let pages = new Map<string, string>()

  const page = (search: URLSearchParams): Response => {
    const limit = Number(search.get('limit') ?? 100)
    const offset = Number(search.get('offset') ?? 0)
    const end = limit < 0 ? documents.length : Math.min(documents.length, offset + limit)
    const key = `${offset}-${end}`
    const text = pages.get(key) ?? JSON.stringify(documents.slice(offset, end))
    pages.set(key, text)
    if (end === documents.length) listsServed++
    const headers = { ...json, 'x-total-count': String(documents.length), 'x-limit': String(limit) }
    return new Response(text, { headers })
  }

  const stream = (): Response => {
    let own: ReadableStreamDefaultController<Uint8Array> | undefined
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        own = controller
        streams.add(controller)
        // StackStorm's own first byte.
        controller.enqueue(encoder.encode('\n'))
        since = performance.now()
        onStream(since)
      },
      cancel: () => {
        if (own !== undefined) streams.delete(own)
      },
    })
    return new Response(body, { headers: { 'content-type': 'text/event-stream; charset=UTF-8' } })
  }

  const execute = async (request: Request): Promise<Response> => {
    const body = await request.text()
    const at = performance.now()
    const id = idOf(++executions)
    const start = body.indexOf('"command":"') + '"command":"'.length
    onExecution({ at, command: body.slice(start, body.indexOf('"', start)), body })
    return new Response(head + id + middle + id + tail, { status: 201, headers: json })
  }

  const server: Bun.Server<unknown> = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    // The stream is silent most of the time.
    idleTimeout: 0,
    fetch: (request) => {
      const path = request.url.slice(request.url.indexOf('/', 'http://'.length))
      if (path.startsWith('/api/v1/aliasexecution')) return execute(request)
      if (path.startsWith('/stream/v1/stream')) return stream()
      const { pathname, searchParams } = new URL(request.url)
      if (/^\/api\/v1\/actionalias\/?$/.test(pathname)) return page(searchParams)
      if (/^\/api\/v1\/executions\/?$/.test(pathname)) {
        return Response.json([], { headers: { 'x-total-count': '0', 'x-limit': '100' } })
      }
      if (pathname === '/api/v1/user') {
        return Response.json({
          username: 'bot',
          authentication: { method: 'st2-api-key' },
          rbac: { enabled: false },
        })
      }
      return Response.json({ faultstring: 'The resource could not be found.' }, { status: 404 })
    },
  })

  return {
    url: `http://127.0.0.1:${server.port}`,
    streams: () => ({ open: streams.size, since }),
    onStream: (listener) => {
      onStream = listener
    },
    onExecution: (listener) => {
      onExecution = listener
    },
    listsServed: () => listsServed,
    announce: (payloads) => {
      const text = payloads.map((payload) =>
        `event: st2.announcement__chatops\ndata: ${
          JSON.stringify({ payload, 'trace_context': null })
        }\n\n`
      ).join('')
      const bytes = encoder.encode(text)
      for (const controller of streams) controller.enqueue(bytes)
    },
    serve: (next) => {
      documents = next
      pages = new Map()
    },
    stop: () => server.stop(true),
  }
}
