import type { Clock } from '../clock.ts'

/** A body, or why there is none. */
export type ReadBody =
  | { readonly kind: 'read'; readonly body: Uint8Array }
  | { readonly kind: 'too-long' | 'too-slow' | 'no-room' | 'gone' }

/** Reads the body of a request, of at most so many bytes. Never rejects. */
export type ReadBodyOf = (request: Request, longest: number) => Promise<ReadBody>

export type BodyReaderOptions = {
  readonly clock: Clock
  /** Bytes that all bodies together may hold that are still being read: eight of the longest that a chat service sends. */
  readonly room?: number
}

/** Chat services give a call up after 3 s (Slack) or little more; ms. */
const patience = 5_000

/** One body that is not complete yet. */
type Reading = { bytes: number; readonly drop: () => void }

/**
 * Reads bodies so that whoever sends many, long or slow ones at once costs little memory: where there is no room for all, the
 * longest is given up, so that the short ones of a chat service get through.
 */
export const createBodyReader = (
  { clock, room = 8 * 1024 * 1024 }: BodyReaderOptions,
): ReadBodyOf => {
  const readings = new Set<Reading>()
  let held = 0

  const forget = (reading: Reading): void => {
    if (readings.delete(reading)) held -= reading.bytes
  }

  const makeRoom = (): void => {
    while (held > room) {
      const longest = [...readings].reduce((one, other) => other.bytes > one.bytes ? other : one)
      forget(longest)
      longest.drop()
    }
  }

  return async function readBodyOf(request, longest) {
    if (Number(request.headers.get('content-length') ?? 0) > longest) return { kind: 'too-long' }
    if (request.body === null) return { kind: 'read', body: new Uint8Array() }
    const reader = request.body.getReader()
    const over = Promise.withResolvers<ReadBody>()
    const timer = new AbortController()
    const reading: Reading = { bytes: 0, drop: () => over.resolve({ kind: 'no-room' }) }
    readings.add(reading)
    void clock.sleep(patience, timer.signal).then(
      () => over.resolve({ kind: 'too-slow' }),
      () => {},
    )

    const collect = async (): Promise<ReadBody> => {
      const chunks: Uint8Array[] = []
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return { kind: 'read', body: Buffer.concat(chunks) }
        if (!readings.has(reading)) return { kind: 'no-room' }
        reading.bytes += value.length
        held += value.length
        if (reading.bytes > longest) return { kind: 'too-long' }
        chunks.push(value)
        makeRoom()
      }
    }
    const collected = collect().catch((): ReadBody => ({ kind: 'gone' }))
    try {
      return await Promise.race([collected, over.promise])
    } finally {
      timer.abort()
      forget(reading)
      // What still comes is not kept.
      void reader.cancel().catch(() => {})
    }
  }
}
