/**
 * An answer that is no success: what the server says in `faultstring`, with its HTTP status. One such
 * answer comes with 200.
 */
export class Fault extends Error {
  override readonly name = 'Fault'
  readonly status: number
  constructor(status: number, faultstring: string, options: { cause?: unknown } = {}) {
    super(faultstring, options)
    this.status = status
  }
}

/** What the server answers for anything that it did not foresee. The cause stays inside. */
export const internalFault = (cause?: unknown): Fault =>
  new Fault(500, 'Internal Server Error', { cause })

/** What the server answers for a path or a document that is not there and has no text of its own. */
export const notFound = (): Fault => new Fault(404, 'The resource could not be found.')
