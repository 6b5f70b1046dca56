import { StringDecoder } from 'node:string_decoder'

/** No command is nearly as long, in UTF-16 units: what has no line break until here is no list of commands. */
export const longestLine = 1024 * 1024

export type LinesOptions = {
  /** Nothing more is read until all lines of one piece are dealt with; must not reject. */
  readonly onLine: (line: string) => Promise<void> | undefined
  /** Nothing more will come; called once. */
  readonly onEnd: () => void
  /** A line is longer than `longestLine`; nothing more is read, and `onEnd` is not called. */
  readonly onTooLong: () => void
}

/**
 * Reads lines from a pipe. Unlike `node:readline` it keeps no line that never ends until the memory is full, and takes a breath between
 * two pieces: where there is always more to read, nothing else would ever have its turn, not even a signal. Gives a function that ends
 * the reading, as the end of the input does.
 */
export const readLines = (
  input: NodeJS.ReadableStream,
  { onLine, onEnd, onTooLong }: LinesOptions,
): () => void => {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  let open = true

  const stop = (): boolean => {
    const wasOpen = open
    open = false
    rest = ''
    input.off('data', take)
    input.pause()
    return wasOpen
  }
  const close = (): void => {
    if (stop()) onEnd()
  }
  const give = (line: string): Promise<void> | undefined =>
    onLine(line.endsWith('\r') ? line.slice(0, -1) : line)

  const take = (chunk: Buffer | string): void => {
    const [first = '', ...more] = (typeof chunk === 'string' ? chunk : decoder.write(chunk))
      .split('\n')
    rest += first
    const taken: (Promise<void> | undefined)[] = []
    for (const next of more) {
      const line = rest
      rest = next
      taken.push(give(line))
      // A line may have been the wish to end.
      if (!open) return
    }
    if (rest.length > longestLine && stop()) return onTooLong()
    input.pause()
    void Promise.all(taken).then(() =>
      setImmediate(() => {
        if (open) input.resume()
      })
    )
  }
  input.on('data', take)
  input.on('end', () => {
    const last = rest + decoder.end()
    if (open && last !== '') void give(last)
    close()
  })
  input.on('error', close)
  return close
}
