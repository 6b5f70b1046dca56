// deno-lint-ignore-file camelcase -- the names are StackStorm's own
import type { Sandbox } from '../../src/sandbox/sandbox.ts'

/** One recorded request and its answer. */
export type Recorded = {
  readonly service: 'auth' | 'api'
  readonly method: string
  readonly path: string
  readonly request_headers: Readonly<Record<string, string>>
  readonly request_body: unknown
  readonly status: number
  readonly response_headers: Readonly<Record<string, string>>
  readonly response_body: unknown
}

export type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | null>>
  readonly body: unknown
}

/** What the recorded server knew things by, and what the sandbox knows them by. */
export type Names = Map<string, string>

const objectId = /[0-9a-f]{24}/g

const rename = (text: string, names: Names): string =>
  [...names].reduce((result, [recorded, actual]) => result.replaceAll(recorded, actual), text)

/** Learns the sandbox's ids by laying its answer beside the recorded one. */
export const learn = (recorded: unknown, actual: unknown, names: Names): void => {
  if (typeof recorded === 'string' && typeof actual === 'string') {
    if (/^[0-9a-f]{24}$/.test(recorded)) names.set(recorded, actual)
    return
  }
  if (typeof recorded !== 'object' || typeof actual !== 'object' || !recorded || !actual) return
  for (const [key, value] of Object.entries(recorded)) {
    learn(value, (actual as Record<string, unknown>)[key], names)
  }
}

/** Sends a recorded request to the sandbox, in its own names. */
export const send = async (
  sandbox: Sandbox,
  recorded: Recorded,
  names: Names,
  token: string,
): Promise<Answer> => {
  const base = recorded.service === 'auth' ? sandbox.authUrl : sandbox.apiUrl
  const headers = Object.fromEntries(
    Object.entries(recorded.request_headers).map(([name, value]) => [
      name,
      value === 'T' ? token : rename(value, names),
    ]),
  )
  const { request_body: body } = recorded
  const text = body === null && recorded.method !== 'PUT'
    ? null
    : rename(typeof body === 'string' ? body : JSON.stringify(body), names)
  const response = await fetch(base + rename(recorded.path, names), {
    method: recorded.method,
    headers,
    ...(text === null || recorded.method === 'GET' ? {} : { body: text }),
  })
  const answer = await response.text()
  return {
    status: response.status,
    headers: Object.fromEntries(
      ['X-Total-Count', 'X-Limit', 'Content-Type', 'Set-Cookie', 'X-API-URL'].map((
        name,
      ) => [name, response.headers.get(name)]),
    ),
    body: parse(answer),
  }
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const changing: Readonly<Record<string, string>> = {
  token: '<token>',
  key: '<key>',
  elapsed_seconds: '<seconds>',
  enforced_at: '<time>',
}

/**
 * A body without what is different each time: ids, times, secrets. Of a validator's dump only the
 * first line counts, as no client may rely on more.
 */
export const steady = (value: unknown, key = ''): unknown => {
  if (changing[key] !== undefined && value !== null && typeof value !== 'object') {
    return changing[key]
  }
  if (typeof value === 'string') {
    const line = key === 'faultstring' ? value.split('\n')[0] ?? '' : value
    return line
      .replace(/^https?:\/\/[^/]+(?=\/#\/history)/, '<web>')
      .replace(/\b[0-9a-f]{128}\b/g, '<hash>')
      .replace(objectId, '<id>')
      .replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>')
  }
  if (Array.isArray(value)) return value.map((item) => steady(item))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, steady(item, name)]),
    )
  }
  return value
}
