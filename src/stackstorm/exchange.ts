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

export type Answer<Document = unknown> = {
  readonly status: number
  readonly headers: Headers
  readonly document: Document
  readonly requestId: string
}

/**
 * One request, one answer in JSON, as `read` makes it of its text: undefined is no answer. Never sent twice. Rejects with `StackStormRefused`,
 * `StackStormUnreachable` or `StackStormUnclear`, or with the signal's reason.
 */
export const exchange = async <Document>(
  http: Http,
  question: Question,
  read: (text: string) => Document | undefined,
): Promise<Answer<Document>> => {
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
  if (!response.ok) throw answerFailure(status, readJson(text ?? ''), question, requestId)
  if (text === undefined) throw tooLong(status, question, requestId)
  const document = read(text)
  if (document === undefined) throw unreadable(status, question, requestId)
  return { status, headers: response.headers, document, requestId }
}
