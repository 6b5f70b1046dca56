export type Link = { readonly kind: 'socket-mode' | 'rtm'; readonly number: number }
export type Connected = Bun.ServerWebSocket<Link>

/** An envelope that was acknowledged, and how many ms that took. */
export type Acknowledged = { readonly envelope: string; readonly after: number }

export type Sockets = {
  readonly open: () => readonly Connected[]
  /** How many sockets there have been. */
  readonly total: () => number
  readonly acknowledged: readonly Acknowledged[]
  /** How often no socket was open, after the first one was. */
  readonly deaf: () => number
  readonly websocket: {
    readonly open: (socket: Connected) => void
    readonly message: (socket: Connected, text: string | Buffer) => void
    readonly close: (socket: Connected) => void
    readonly idleTimeout: number
    readonly sendPings: boolean
  }
  /** Sends one event to one of the open sockets; Socket Mode sends it again until it is acknowledged. */
  readonly deliver: (payload: Readonly<Record<string, unknown>>) => void
  readonly raw: (text: string) => void
  /** Settles when so many sockets are open and greeted. */
  readonly reached: (count: number) => Promise<void>
  readonly stop: () => void
}

export type SocketsOptions = {
  /** ms without an acknowledgement after which an envelope is sent again; Slack's are 3 s. */
  readonly patience: number
  /** Whether new sockets are greeted. */
  readonly hello?: () => boolean
}

type Pending = {
  readonly frame: Readonly<Record<string, unknown>>
  readonly since: number
  attempt: number
}

/** The other end of Socket Mode and RTM. */
export const createSockets = ({ patience, hello = () => true }: SocketsOptions): Sockets => {
  const open = new Set<Connected>()
  const acknowledged: Acknowledged[] = []
  const pending = new Map<string, Pending>()
  const waiting = new Set<{ readonly count: number; readonly resolve: () => void }>()
  let total = 0
  let deaf = 0
  let envelopes = 0
  let turn = 0

  /** Slack sends each event to one of the connections. */
  const next = (): Connected | undefined => [...open][turn++ % Math.max(open.size, 1)]

  const send = (envelope: string): void => {
    const found = pending.get(envelope)
    if (found === undefined) return
    next()?.send(JSON.stringify({
      ...found.frame,
      'retry_attempt': found.attempt,
      'retry_reason': found.attempt === 0 ? '' : 'timeout',
    }))
    found.attempt++
  }
  const timer = setInterval(() => {
    for (const [envelope, { since, attempt }] of pending) {
      if (performance.now() - since > patience * attempt) send(envelope)
    }
  }, patience / 4)

  const acknowledge = (envelope: string): void => {
    const found = pending.get(envelope)
    if (found === undefined) return
    pending.delete(envelope)
    acknowledged.push({ envelope, after: performance.now() - found.since })
  }

  const tell = (): void => {
    for (const one of waiting) {
      if (open.size < one.count) continue
      waiting.delete(one)
      one.resolve()
    }
  }

  return {
    open: () => [...open],
    total: () => total,
    acknowledged,
    deaf: () => deaf,
    deliver: (payload) => {
      const first = next()
      if (first?.data.kind === 'rtm') {
        for (const socket of open) socket.send(JSON.stringify(payload['event']))
        return
      }
      const envelope = `envelope-${++envelopes}`
      const frame = {
        'envelope_id': envelope,
        type: 'events_api',
        'accepts_response_payload': false,
        payload,
      }
      pending.set(envelope, { frame, since: performance.now(), attempt: 0 })
      send(envelope)
    },
    raw: (text) => {
      for (const socket of open) socket.send(text)
    },
    reached: (count) =>
      new Promise((resolve) => {
        waiting.add({ count, resolve })
        tell()
      }),
    stop: () => {
      clearInterval(timer)
      for (const socket of open) socket.terminate()
    },
    websocket: {
      idleTimeout: 0,
      sendPings: false,
      open: (socket) => {
        total++
        if (!hello()) return
        socket.send(JSON.stringify(
          socket.data.kind === 'rtm' ? { type: 'hello' } : {
            type: 'hello',
            'num_connections': open.size + 1,
            'connection_info': { 'app_id': 'A0APP' },
            'debug_info': { host: 'applink', 'approximate_connection_time': 18060 },
          },
        ))
        open.add(socket)
        tell()
      },
      message: (socket, data) => {
        const frame: unknown = JSON.parse(String(data))
        if (typeof frame !== 'object' || frame === null) return
        if ('envelope_id' in frame) acknowledge(String(frame['envelope_id']))
        if ('type' in frame && frame.type === 'ping' && 'id' in frame) {
          socket.send(JSON.stringify({ type: 'pong', 'reply_to': frame.id }))
        }
      },
      close: (socket) => {
        const wasOpen = open.delete(socket)
        if (wasOpen && open.size === 0) deaf++
      },
    },
  }
}
