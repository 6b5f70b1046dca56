import { withDeadline } from '../net/deadline.ts'
import type { Http } from '../net/http.ts'
import { readText } from '../net/read-text.ts'
import { answerFailure, longestAnswer, readJson, tooLong, unreadable } from './answers.ts'
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
  /** Whether it may travel on a connection that an earlier request has left open. */
  readonly kept: boolean
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
  const { url, method, headers, body, signal, deadline, kept } = question
  const requestId = Bun.randomUUIDv7()
  const ask = async (own: AbortSignal): Promise<readonly [Response, string | undefined]> => {
    const response = await http(url, {
      method,
      signal: own,
      headers: {
        ...headers,
        accept: 'application/json',
        'x-request-id': requestId,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      keepalive: kept,
    })
    return [response, await readText(response, longestAnswer)]
  }
  let response: Response
  let text: string | undefined
  try {
    ;[response, text] = await withDeadline(signal, deadline, ask)
  } catch (error) {
    if (signal.aborted) throw signal.reason
    throw connectionFailure(error, question, requestId)
  }
  const { status } = response
  const document = readJson(text ?? '')
  if (!response.ok) throw answerFailure(status, document, question, requestId)
  if (text === undefined) throw tooLong(status, question, requestId)
  if (document === undefined) throw unreadable(status, question, requestId)
  return { status, headers: response.headers, document, requestId }
}
