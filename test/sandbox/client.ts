import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts'

type Json = Readonly<Record<string, unknown>>

/** Starts a sandbox for one test and stops it afterwards. */
export const withSandbox = async (
  options: Partial<SandboxOptions>,
  work: (sandbox: Sandbox) => Promise<void>,
): Promise<void> => {
  const sandbox = await startSandbox({ packs: [], ...options })
  try {
    await work(sandbox)
  } finally {
    await sandbox.stop()
  }
}

export type Reply = { readonly status: number; readonly body: Json }

/** One request to the API with the sandbox's key. */
export const call = async (
  sandbox: Sandbox,
  method: string,
  path: string,
  body?: unknown,
): Promise<Reply> => {
  const response = await fetch(sandbox.apiUrl + path, {
    method,
    headers: { 'St2-Api-Key': sandbox.apiKey, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: await response.json() as Json }
}

/** Runs an alias as a bot does, for `alice` in `#ops`. */
export const run = (
  sandbox: Sandbox,
  name: string,
  command: string,
  more: Json = {},
): Promise<Reply> =>
  call(sandbox, 'POST', '/v1/aliasexecution', {
    name,
    format: command,
    command,
    user: 'alice',
    source_channel: '#ops',
    notification_route: 'hubot',
    ...more,
  })

/** A connection to the stream, read as text. */
export type StreamReader = {
  readonly status: number
  readonly headers: Headers
  /** Everything that came so far. */
  readonly text: () => string
  /** Resolves with all text as soon as it holds `part`; rejects when the stream ends before. */
  readonly until: (part: string) => Promise<string>
  /** Resolves when the server ends the stream. */
  readonly ended: Promise<void>
  readonly close: () => void
}

/** Opens the stream and reads it in the background. */
export const openStream = async (
  sandbox: Sandbox,
  query = '',
  path = '/stream/v1/stream',
): Promise<StreamReader> => {
  const stop = new AbortController()
  const response = await fetch(`${sandbox.url}${path}${query}`, {
    headers: { 'St2-Api-Key': sandbox.apiKey },
    signal: stop.signal,
  })
  let text = ''
  let waiting: { part: string; resolve: (text: string) => void; reject: (error: Error) => void }[] =
    []
  const read = async () => {
    const decoder = new TextDecoder()
    try {
      for await (const chunk of response.body ?? []) {
        text += decoder.decode(chunk, { stream: true })
        for (const one of waiting.filter(({ part }) => text.includes(part))) one.resolve(text)
        waiting = waiting.filter(({ part }) => !text.includes(part))
      }
    } catch {
      // The connection was cut, by the server or by the test itself.
    }
    for (const one of waiting) one.reject(new Error(`The stream ended before ${one.part} came`))
  }
  const ended = read()
  return {
    status: response.status,
    headers: response.headers,
    text: () => text,
    until: (part) =>
      new Promise((resolve, reject) => {
        if (text.includes(part)) return resolve(text)
        waiting.push({ part, resolve, reject })
      }),
    ended,
    close: () => stop.abort(),
  }
}

/** The data of all announcements in a stream's text. */
export const announcements = (text: string): readonly { payload: Json; trace_context: unknown }[] =>
  [...text.matchAll(/^event: st2\.announcement__\S+\ndata: (.*)$/gm)].map(([, data = '']) =>
    JSON.parse(data)
  )
