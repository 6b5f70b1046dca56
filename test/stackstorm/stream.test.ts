import { describe, expect, test } from 'bun:test'
import type { Socket } from 'node:net'
import type { StackStormOptions, StreamState } from '../../src/stackstorm/client.ts'
import { type RawRequest, startRawServer } from '../fakes/http-server.ts'
import { hurriedClock } from '../fakes/hurried-clock.ts'
import { createKeptLog } from '../fakes/log.ts'
import { clientOf } from '../fakes/stackstorm-client.ts'

const password = { kind: 'password', username: 'bot', password: 'canary' } as const

const streamHead = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=UTF-8\r\n' +
  'transfer-encoding: chunked\r\n\r\n'

const chunk = (bytes: string | Uint8Array): Buffer => {
  const body = Buffer.from(bytes as string)
  return Buffer.concat([
    Buffer.from(`${body.length.toString(16)}\r\n`),
    body,
    Buffer.from('\r\n'),
  ])
}
const lastChunk = '0\r\n\r\n'

const frame = (data: unknown, event = 'st2.announcement__chatops'): string =>
  `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`

const plainReply = (status: string, body = '', type = 'application/json'): string =>
  `HTTP/1.1 ${status}\r\ncontent-type: ${type}\r\ncontent-length: ${body.length}\r\n\r\n${body}`

/** What one connection to the stream gets; the last one listed serves all further ones. */
type Turn = (socket: Socket, request: RawRequest) => void

const says = (reply: string): Turn => (socket) => socket.end(reply)

/** A stream as it should be, with one event. */
const good: Turn = (socket) => {
  socket.write(streamHead)
  socket.write(chunk('\n'))
  socket.write(chunk(frame({ good: true })))
}

/** Follows a stream whose server takes these turns until the test ends. */
const following = async (
  turns: readonly Turn[],
  options: Pick<StackStormOptions, 'stream'> & Partial<Pick<StackStormOptions, 'credentials'>> & {
    readonly onEvent?: (name: string, data: unknown) => void
  } = {},
) => {
  let tokens = 0
  let turn = 0
  const shown: string[] = []
  const server = await startRawServer((socket, request) => {
    if (request.head.startsWith('POST /auth/v1/tokens ')) {
      const body = JSON.stringify({ token: `t${++tokens}` })
      return void socket.end(plainReply('201 Created', body))
    }
    shown.push(/^x-auth-token: *(\S+)/im.exec(request.head)?.[1] ?? '')
    turns[Math.min(turn++, turns.length - 1)]?.(socket, request)
  })
  const { onEvent, ...rest } = options
  const clock = hurriedClock()
  const log = createKeptLog()
  // The watchdog's long sleep is not to be taken for one of the back-off's.
  const client = clientOf(server.origin, { clock, log, stream: { silence: 90_000 }, ...rest })
  const ending = new AbortController()
  const events: { name: string; data: unknown }[] = []
  const states: StreamState[] = []
  let changed = Promise.withResolvers<void>()
  const tell = () => {
    changed.resolve()
    changed = Promise.withResolvers<void>()
  }
  const done = client.follow({
    events: ['st2.announcement__chatops', 'st2.actionalias__create'],
    signal: ending.signal,
    onEvent: (name, data) => {
      events.push({ name, data })
      tell()
      onEvent?.(name, data)
    },
    onState: (state) => {
      states.push(state)
      tell()
    },
  })
  return {
    server,
    client,
    clock,
    log,
    events,
    states,
    /** Tokens that the stream was shown, one for each connection. */
    shown,
    story: () => states.map(({ state }) => state).join(', '),
    errors: () => states.flatMap(({ error }) => error === undefined ? [] : [error]),
    /** Waits of the back-off, which are never shorter than half a second. */
    backoffs: () => clock.waits.filter((ms) => ms >= 500 && ms <= 60_000),
    until: async (reached: () => boolean) => {
      while (!reached()) await changed.promise
    },
    [Symbol.asyncDispose]: async () => {
      ending.abort(new Error('the test ends'))
      await done
      await server[Symbol.asyncDispose]()
    },
  }
}

describe('the request for the stream', () => {
  test('asks for what is needed, with credentials in a header', async () => {
    await using stream = await following([good])
    await stream.until(() => stream.events.length > 0)
    const head = stream.server.requests[0]?.head ?? ''
    expect(head).toStartWith(
      'GET /stream/v1/stream?events=st2.announcement__chatops%2Cst2.actionalias__create HTTP/1.1',
    )
    expect(head).toMatch(/^st2-api-key: k3y/im)
    expect(head).toMatch(/^accept: text\/event-stream/im)
    expect(head).toMatch(/^x-request-id: [0-9a-f-]{36}/im)
  })
})

describe('a good stream', () => {
  test('is connected with its first byte, and hands over events', async () => {
    await using stream = await following([good])
    await stream.until(() => stream.events.length > 0)
    expect(stream.events).toEqual([{ name: 'st2.announcement__chatops', data: { good: true } }])
    expect(stream.states.map(({ state }) => state)).toEqual(['connecting', 'connected'])
    expect(stream.states[1]?.lastTraffic).toBeNumber()
  })

  test('goes on after a frame that is not JSON, which the log shows in short', async () => {
    await using stream = await following([(socket) => {
      socket.write(streamHead)
      const bad = `event: st2.announcement__chatops\ndata: {${'y'.repeat(5_000)}\n\n`
      socket.write(chunk(`\n${bad}${frame({ after: 1 })}`))
    }])
    await stream.until(() => stream.events.length > 0)
    expect(stream.events[0]?.data).toEqual({ after: 1 })
    const [line] = stream.log.lines.filter(({ level }) => level === 'warn')
    expect(line?.message).toMatch(/not JSON/)
    expect(JSON.stringify(line).length).toBeLessThan(400)
    expect(stream.shown).toHaveLength(1)
  })

  test('goes on when a handler throws', async () => {
    await using stream = await following([(socket) => {
      socket.write(streamHead)
      socket.write(chunk(frame({ n: 1 }) + frame({ n: 2 })))
    }], {
      onEvent: () => {
        throw new Error('a fault of ours')
      },
    })
    await stream.until(() => stream.events.length === 2)
    expect(stream.shown).toHaveLength(1)
    expect(stream.log.lines.filter(({ level }) => level === 'error')).toHaveLength(2)
  })

  test('goes on when whoever shows its state throws', async () => {
    await using server = await startRawServer(good)
    const log = createKeptLog()
    const ending = new AbortController()
    const { promise: heard, resolve: hear } = Promise.withResolvers<void>()
    const done = clientOf(server.origin, { log }).follow({
      events: ['*'],
      signal: ending.signal,
      onEvent: () => hear(),
      onState: () => {
        throw new Error('a fault of ours')
      },
    })
    await heard
    ending.abort()
    await done
    expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(2)
  })

  test('is byte-true where TCP cuts a character', async () => {
    const text = 'Grüße 日本語 👩‍🚀'.repeat(20)
    await using stream = await following([(socket) => {
      socket.setNoDelay(true)
      socket.write(streamHead)
      for (const byte of Buffer.from(frame({ text }))) socket.write(chunk(Uint8Array.of(byte)))
    }])
    await stream.until(() => stream.events.length > 0)
    expect(stream.events[0]?.data).toEqual({ text })
  })

  test('brings an event of 10 MB', async () => {
    const text = 'x'.repeat(10_000_000)
    await using stream = await following([(socket) => {
      socket.write(streamHead)
      socket.write(chunk(frame({ text })))
    }])
    await stream.until(() => stream.events.length > 0)
    expect((stream.events[0]?.data as { text: string }).text.length).toBe(text.length)
  })
})

describe('a broken stream comes back', () => {
  const nginx =
    '{ "faultstring": "Nginx is unable to reach st2stream. Make sure service is running." }'
  const faults: readonly [string, Turn, RegExp][] = [
    ['503 from nginx', says(plainReply('503 Service Unavailable', nginx)), /event stream is down/],
    [
      '503 with HTML',
      says(plainReply('503 Service Unavailable', '<html>', 'text/html')),
      /HTTP 503/,
    ],
    [
      '500',
      says(plainReply('500 Internal Server Error', '{"faultstring": "Internal Server Error"}')),
      /HTTP 500/,
    ],
    ['404', says(plainReply('404 Not Found', '<html>', 'text/html')), /HTTP 404.*ST2_STREAM_URL/],
    [
      '403',
      says(
        plainReply(
          '403 Forbidden',
          '{"faultstring": "User \\"bot\\" doesn\'t have required permission \\"stream_view\\""}',
        ),
      ),
      /stream_view/,
    ],
    [
      '200 with HTML',
      says(plainReply('200 OK', '<html>', 'text/html')),
      /not StackStorm's event stream/,
    ],
    [
      'a redirect',
      says('HTTP/1.1 302 Found\r\nlocation: /login\r\ncontent-length: 0\r\n\r\n'),
      /redirect/,
    ],
    [
      "nginx's 200, retry, EOF",
      says(plainReply('200 OK', 'retry: 1000\n\n', 'text/event-stream')),
      /nginx answers in its place/,
    ],
    [
      'an empty 200',
      says(plainReply('200 OK', '', 'text/event-stream')),
      /nginx answers in its place/,
    ],
    [
      'EOF after the first byte',
      says(streamHead + chunk('\n') + lastChunk),
      /StackStorm closed it/,
    ],
    ['a cut connection', (socket) => socket.destroy(), /closed the connection/],
    ['a cut in the middle of a character', (socket) => {
      socket.write(streamHead)
      const bytes = Buffer.from(frame({ text: '日' }))
      socket.write(chunk(bytes.subarray(0, bytes.indexOf(Buffer.from('日')) + 1)))
      setTimeout(() => socket.destroy(), 20)
    }, /event stream ended/],
  ]
  test.each(faults)('after %s, twice', async (_, turn, expected) => {
    await using stream = await following([turn, turn, good])
    await stream.until(() => stream.events.length > 0)
    expect(stream.shown).toHaveLength(3)
    expect(stream.errors()).toHaveLength(2)
    for (const error of stream.errors()) expect(error).toMatch(expected)
    expect(stream.states.at(-1)?.state).toBe('connected')
    expect(stream.events).toEqual([{ name: 'st2.announcement__chatops', data: { good: true } }])
    // Neither failure shortens the next wait: none of these connections has proved itself.
    const [first = 0, second = 0] = stream.backoffs()
    expect(first).toBeWithin(500, 1_001)
    expect(second).toBeWithin(500, 2_001)
  })

  test("after nginx's stand-in it was never called connected", async () => {
    const standIn = says(plainReply('200 OK', 'retry: 1000\n\n', 'text/event-stream'))
    await using stream = await following([standIn, standIn, standIn, good])
    await stream.until(() => stream.events.length > 0)
    expect(stream.story()).toBe('connecting, connecting, connecting, connecting, connected')
  })

  test('after silence: half-open is dead', async () => {
    const silent: Turn = (socket) => {
      socket.write(streamHead)
      socket.write(chunk('\n'))
    }
    await using stream = await following([silent, good], { stream: { silence: 150 } })
    await stream.until(() => stream.events.length > 0)
    expect(stream.errors()[0]).toMatch(/no byte for 0.15 s/)
    expect(stream.story()).toStartWith('connecting, connected, connecting, connected')
  })

  test('but not while heartbeats come', async () => {
    const { promise: beaten, resolve } = Promise.withResolvers<void>()
    let beats = 0
    const beating: Turn = (socket) => {
      socket.write(streamHead)
      const timer = setInterval(() => {
        if (socket.destroyed) return clearInterval(timer)
        socket.write(chunk('\n'))
        if (++beats === 20) resolve()
      }, 50)
      socket.on('close', () => clearInterval(timer))
    }
    await using stream = await following([beating], { stream: { silence: 600 } })
    await beaten
    expect(stream.shown).toHaveLength(1)
    expect(stream.errors()).toEqual([])
  })

  test('after a server that takes the request and says nothing', async () => {
    await using stream = await following([() => {}, good], { stream: { headers: 100 } })
    await stream.until(() => stream.events.length > 0)
    expect(stream.errors()[0]).toMatch(/no answer within 0.1 s/)
  })

  test('after a refusal that never ends', async () => {
    const endless: Turn = (socket) => {
      socket.write('HTTP/1.1 500 Oops\r\ncontent-length: 100\r\n\r\nand')
    }
    await using stream = await following([endless, good], { stream: { silence: 150 } })
    await stream.until(() => stream.events.length > 0)
    expect(stream.errors()).toHaveLength(1)
  })

  test('and waits ever longer for one that never proves itself', async () => {
    const eof = says(streamHead + chunk('\n') + lastChunk)
    await using stream = await following([...Array<Turn>(9).fill(eof), good])
    await stream.until(() => stream.events.length > 0)
    expect(Math.max(...stream.backoffs())).toBeGreaterThan(2_000)
    expect(Math.max(...stream.backoffs())).toBeLessThanOrEqual(60_000)
  })

  test('and soon, after one that had brought an event', async () => {
    const brief: Turn = (socket) =>
      socket.end(Buffer.concat([
        Buffer.from(streamHead),
        chunk(frame({ n: 1 })),
        Buffer.from(lastChunk),
      ]))
    await using stream = await following([...Array<Turn>(9).fill(brief), good])
    await stream.until(() => stream.events.length > 9)
    expect(stream.backoffs()).toHaveLength(9)
    expect(Math.max(...stream.backoffs())).toBeLessThanOrEqual(1_000)
  })

  test('and soon, after one that had lasted', async () => {
    const lasting: Turn = (socket) => {
      socket.write(streamHead)
      socket.write(chunk('\n'))
      setTimeout(() => socket.end(lastChunk), 60)
    }
    await using stream = await following([...Array<Turn>(6).fill(lasting), good], {
      stream: { silence: 90_000, proven: 30 },
    })
    await stream.until(() => stream.events.length > 0)
    expect(stream.backoffs()).toHaveLength(6)
    expect(Math.max(...stream.backoffs())).toBeLessThanOrEqual(1_000)
  })

  test('and the log tells a failure once, not with each try', async () => {
    const down = says(plainReply('503 Service Unavailable', nginx))
    await using stream = await following([down, down, down, good])
    await stream.until(() => stream.events.length > 0)
    const warnings = stream.log.lines.filter(({ level }) => level === 'warn')
    expect(warnings).toHaveLength(1)
  })
})

describe('credentials that the stream refuses', () => {
  const no = says(
    plainReply('401 Unauthorized', '{"faultstring": "Unauthorized - Token has expired."}'),
  )

  test('are renewed at once', async () => {
    await using stream = await following([no, good], { credentials: password })
    await stream.until(() => stream.events.length > 0)
    expect(stream.shown).toEqual(['t1', 't2'])
    expect(stream.backoffs()).toEqual([])
    expect(stream.errors()).toEqual([])
    expect(stream.client.health().credentials).toBe('good')
  })

  test('are renewed too when a stream of long standing reconnects', async () => {
    const ended: Turn = (socket) =>
      socket.end(Buffer.concat([
        Buffer.from(streamHead),
        chunk(frame({ n: 1 })),
        Buffer.from(lastChunk),
      ]))
    await using stream = await following([ended, no, good], { credentials: password })
    await stream.until(() => stream.events.length > 1)
    expect(stream.shown).toEqual(['t1', 't1', 't2'])
  })

  test('stay refused for a while, and the bot keeps trying', async () => {
    await using stream = await following([no, no, no, no, good], { credentials: password })
    await stream.until(() => stream.errors().length > 0)
    expect(stream.client.health().credentials).toBe('refused')
    await stream.until(() => stream.events.length > 0)
    expect(stream.shown).toEqual(['t1', 't2', 't2', 't3', 't3'])
    expect(stream.client.health().credentials).toBe('good')
    const said = Bun.inspect([stream.log.lines, stream.states], { depth: 10 })
    expect(said).not.toMatch(/canary|\bt1\b|\bt2\b/)
  })

  test('fixed ones: says what to do, and keeps trying', async () => {
    await using stream = await following([no, no, good], {
      credentials: { kind: 'token', token: 'canary' },
    })
    await stream.until(() => stream.events.length > 0)
    expect(stream.errors()[0]).toMatch(/ST2_AUTH_TOKEN has expired/)
    expect(stream.client.health().credentials).toBe('good')
  })
})

test('a stream ends when it is told to, whatever it is doing', async () => {
  for (const turn of [good, () => {}, says(plainReply('500 Oops'))]) {
    const stream = await following([turn])
    await stream.until(() => stream.states.length > 0)
    await stream[Symbol.asyncDispose]()
    const told = stream.states.length
    await Bun.sleep(20)
    expect(stream.states).toHaveLength(told)
  }
})
