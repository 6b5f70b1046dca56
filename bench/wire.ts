/** What the script tells a bot's chat adapter; one JSON document a line. */
export type Order =
  | { readonly kind: 'say'; readonly id: string; readonly channel: string; readonly text: string }
  /**
   * The adapter makes `count` messages itself, so that the wire's cost is not measured, and tells when the bot is done with
   * all of them: `%` in the text is the message's number. `answered`: each gets an answer, and then it is done.
   */
  | {
    readonly kind: 'flood'
    readonly text: string
    readonly count: number
    readonly answered: boolean
  }
  /** Watches the event loop until told to stop. */
  | { readonly kind: 'watch' }
  | { readonly kind: 'unwatch' }

/** What the adapter tells the script. */
export type Report =
  | { readonly kind: 'post'; readonly channel: string; readonly text: string }
  /** ms that the flood took. */
  | { readonly kind: 'flooded'; readonly ms: number }
  /** The longest time, in ms, that the event loop stood still. */
  | { readonly kind: 'watched'; readonly stall: number }

/** Splits what comes in into lines, in pieces of any size. */
export const createLines = (onLine: (line: string) => void): (bytes: Uint8Array) => void => {
  const decoder = new TextDecoder()
  let rest = ''
  return (bytes) => {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  }
}

type Writable = { readonly write: (bytes: Uint8Array) => number }

/**
 * Writes to a socket of Bun, which takes what it can and forgets the rest. What is sent in one turn of the event loop is written in one
 * piece, as `peers/scripted.mjs` does it too: the wire is not what is measured.
 */
export const createSender = () => {
  const encoder = new TextEncoder()
  let socket: Writable | undefined
  let waiting = ''
  let backlog = new Uint8Array()
  const flush = (): void => {
    if (socket === undefined) return
    const bytes = encoder.encode(waiting)
    waiting = ''
    backlog = backlog.length === 0 ? bytes : Buffer.concat([backlog, bytes])
    if (backlog.length > 0) backlog = backlog.subarray(socket.write(backlog))
  }
  return {
    open: (opened: Writable): void => {
      socket = opened
      flush()
    },
    send: (text: string): void => {
      if (waiting === '') setImmediate(flush)
      waiting += text
    },
    flush,
  }
}
