import type { Http } from '../net/http.ts'
import { answerFailure, readJson, unreadable } from './answers.ts'
import { connectionFailure, type Target } from './failures.ts'

/** One request and what it needs. */
export type Question = Target & {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly headers: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly body?: unknown
  readonly signal: AbortSignal
  /** ms for the whole answer. */
  readonly deadline: number
}

export type Answer = {
  readonly status: number
  readonly headers: Headers
  readonly document: unknown
  readonly requestId: string
}

/**
 * One request, one answer in JSON. Never sent twice. Rejects with `StackStormRefused`,
 * `StackStormUnreachable` or `StackStormUnclear`, or with the signal's reason.
 */
export const exchange = async (http: Http, question: Question): Promise<Answer> => {
  const { url, method, headers, body, signal, deadline } = question
  const requestId = Bun.randomUUIDv7()
  let response: Response
  let text: string
  try {
    response = await http(url, {
      method,
      signal,
      deadline,
      headers: {
        ...headers,
        accept: 'application/json',
        'x-request-id': requestId,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      // A kept connection may have been closed by the server just now, and a request that must not be
      // sent twice would be in doubt for nothing.
      keepalive: method === 'GET',
    })
    text = await response.text()
  } catch (error) {
    if (signal.aborted) throw signal.reason
    throw connectionFailure(error, question, requestId)
  }
  const { status } = response
  const document = readJson(text)
  if (!response.ok) throw answerFailure(status, document, question, requestId)
  if (document === undefined) throw unreadable(status, question, requestId)
  return { status, headers: response.headers, document, requestId }
}
