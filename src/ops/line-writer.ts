/** Writes lines, those of one turn of the event loop in one piece. */
export type LineWriter = {
  /** An urgent line goes out at once, with all that wait before it. */
  readonly write: (line: string, urgent: boolean) => void
  /** What waits goes out at once. */
  readonly flush: () => void
}

/** A write is a call of the operating system: under a flood of commands one for each line costs more than the line. */
export const createLineWriter = (write: (text: string) => void): LineWriter => {
  let waiting = ''

  const flush = (): void => {
    const text = waiting
    waiting = ''
    if (text !== '') write(text)
  }

  return {
    flush,
    write: (line, urgent) => {
      if (waiting === '' && !urgent) setImmediate(flush)
      waiting += line
      if (urgent) flush()
    },
  }
}
