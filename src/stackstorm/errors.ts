type Details = { readonly requestId?: string | undefined; readonly cause?: unknown }

/** Our own id of the request, as it stands in StackStorm's logs, goes at the end of the message. */
const withId = (message: string, requestId: string | undefined): string =>
  requestId === undefined ? message : `${message} (request ${requestId})`

/** StackStorm understood the request and said no. */
export class StackStormRefused extends Error {
  override readonly name = 'StackStormRefused'
  readonly status: number
  /** One line for a person: what StackStorm gave as the reason. Holds no secret. */
  readonly reason: string
  /** The value of X-Request-ID that we sent. */
  readonly requestId: string | undefined
  constructor(status: number, reason: string, { requestId, cause }: Details = {}) {
    // A refusal that explains another is told together with it, which says the word already.
    const said = cause instanceof StackStormRefused ? reason : `Refused: ${reason}`
    super(withId(said, requestId), { cause })
    this.status = status
    this.reason = reason
    this.requestId = requestId
  }
}

/** The request did not get as far as StackStorm: nothing ran. `reason` says why and what to look at. */
export class StackStormUnreachable extends Error {
  override readonly name = 'StackStormUnreachable'
  readonly reason: string
  readonly requestId: string | undefined
  /** The service that was out of reach, where it is another than the one that was asked. */
  readonly service: string | undefined
  constructor(
    reason: string,
    { requestId, cause, service }: Details & { readonly service?: string | undefined } = {},
  ) {
    super(withId(reason, requestId), { cause })
    this.reason = reason
    this.requestId = requestId
    this.service = service
  }
}

/** The request was sent and there is no clear answer: it may have taken effect, or not. */
export class StackStormUnclear extends Error {
  override readonly name = 'StackStormUnclear'
  readonly reason: string
  readonly requestId: string | undefined
  /** The status of the answer, if there was one. */
  readonly status: number | undefined
  constructor(reason: string, details: Details & { readonly status?: number | undefined } = {}) {
    super(withId(reason, details.requestId), { cause: details.cause })
    this.reason = reason
    this.requestId = details.requestId
    this.status = details.status
  }
}

/** All the ways in which a call to StackStorm fails, but for the caller's own giving up. */
export type StackStormError = StackStormRefused | StackStormUnreachable | StackStormUnclear

export const isStackStormError = (error: unknown): error is StackStormError =>
  error instanceof StackStormRefused || error instanceof StackStormUnreachable ||
  error instanceof StackStormUnclear
