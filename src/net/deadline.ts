/** What a call rejects with that took longer than `ms`: the same kind that AbortSignal.timeout gives. */
export const timeoutError = (ms: number): DOMException =>
  new DOMException(`no answer within ${ms / 1000} s`, 'TimeoutError')

/**
 * Does `work` with a signal that aborts after `ms`, or when `parent` does. Nothing of it is left when the work has settled:
 * `AbortSignal.timeout` lives until it fires, and of thousands of requests in half a minute there would be thousands.
 */
export const withDeadline = async <Value>(
  parent: AbortSignal,
  ms: number,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> => {
  parent.throwIfAborted()
  const controller = new AbortController()
  const giveUp = () => controller.abort(parent.reason)
  parent.addEventListener('abort', giveUp, { once: true })
  const timer = setTimeout(() => controller.abort(timeoutError(ms)), ms)
  try {
    return await work(controller.signal)
  } finally {
    clearTimeout(timer)
    parent.removeEventListener('abort', giveUp)
  }
}
