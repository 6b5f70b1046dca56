import { expect, test } from 'bun:test'
import { createOpenSocket, SocketProblem } from '../../src/net/websocket.ts'
import { haveOpenssl, selfSigned } from '../fakes/certificate.ts'
import { startConnectProxy } from '../fakes/connect-proxy.ts'
import { startRawServer } from '../fakes/http-server.ts'

type ServerOptions = {
  readonly open?: (socket: Bun.ServerWebSocket<undefined>) => void
  readonly tls?: { readonly cert: string; readonly key: string }
}

/** Answers each text with itself. */
const startEcho = ({ open = () => {}, tls }: ServerOptions = {}) => {
  const server = Bun.serve<undefined>({
    hostname: '127.0.0.1',
    port: 0,
    ...(tls !== undefined && { tls }),
    fetch: (request, listener) =>
      listener.upgrade(request) ? undefined : new Response('no', { status: 403 }),
    websocket: { open, message: (socket, text) => void socket.send(text) },
  })
  return { port: server.port ?? 0, [Symbol.asyncDispose]: () => server.stop(true) }
}

const direct = createOpenSocket({ proxy: {} })
const { signal } = new AbortController()
const deadline = 5_000

test('texts and pings go both ways, and the end tells its code', async () => {
  await using server = startEcho()
  const texts: string[] = []
  const { promise: heard, resolve } = Promise.withResolvers<void>()
  let traffic = 0
  const socket = await direct(`ws://127.0.0.1:${server.port}`, {
    signal,
    deadline,
    onText: (text) => texts.push(text) === 1 && resolve(),
    onTraffic: () => traffic++,
  })
  socket.ping()
  socket.send('hello')
  await heard
  expect(texts).toEqual(['hello'])
  expect(traffic).toBe(2)
  socket.close()
  expect((await socket.ended).code).toBe(1000)
  socket.send('into the void')
  socket.ping()
})

test('a text that comes with the handshake is heard, and can be answered', async () => {
  const { promise: answered, resolve } = Promise.withResolvers<string>()
  const server = Bun.serve<undefined>({
    hostname: '127.0.0.1',
    port: 0,
    fetch: (request, listener) => listener.upgrade(request) ? undefined : new Response('no'),
    websocket: {
      open: (socket) => void socket.send('first'),
      message: (_, text) => resolve(String(text)),
    },
  })
  await direct(`ws://127.0.0.1:${server.port}`, {
    signal,
    deadline,
    onText: (text, send) => send(`${text} answered`),
  })
  expect(await answered).toBe('first answered')
  await server.stop(true)
})

test('what cannot be opened is told of by its host alone', async () => {
  const server = startEcho()
  await server[Symbol.asyncDispose]()
  const address = `ws://127.0.0.1:${server.port}/link?ticket=secret`
  const error = await direct(address, { signal, deadline, onText: () => {} })
    .catch((error: unknown) => error)
  expect(error).toBeInstanceOf(SocketProblem)
  expect(String(error)).toContain(`127.0.0.1:${server.port}`)
  expect(String(error)).not.toContain('secret')
})

test('a server that never answers is given up at the deadline', async () => {
  await using server = await startRawServer(() => {})
  const opened = direct(`ws://127.0.0.1:${server.port}/`, {
    signal,
    deadline: 50,
    onText: () => {},
  })
  expect(await opened.catch((error: unknown) => error)).toBeInstanceOf(SocketProblem)
})

test('the caller can give up, before and after it is open', async () => {
  await using raw = await startRawServer(() => {})
  await using server = startEcho()
  const early = new AbortController()
  const opening = direct(`ws://127.0.0.1:${raw.port}/`, {
    signal: early.signal,
    deadline,
    onText: () => {},
  })
  const why = new Error('enough')
  early.abort(why)
  expect(await opening.catch((error: unknown) => error)).toBe(why)
  const late = new AbortController()
  const socket = await direct(`ws://127.0.0.1:${server.port}/`, {
    signal: late.signal,
    deadline,
    onText: () => {},
  })
  late.abort(why)
  expect((await socket.ended).code).toBe(1006)
})

test.skipIf(!haveOpenssl)('TLS is verified, and a proxy with password is used', async () => {
  const host = 'chat.test'
  const certificate = selfSigned(host)
  await using server = startEcho({ tls: certificate })
  await using proxy = await startConnectProxy({
    hosts: { [host]: server.port },
    credentials: 'user:p ss',
  })
  const settings = { https: `http://user:p%20ss@127.0.0.1:${proxy.port}` }
  const options = { signal, deadline, onText: () => {} }
  const trusting = createOpenSocket({ proxy: settings, tls: { ca: certificate.cert } })
  const socket = await trusting(`wss://${host}/`, options)
  socket.close()
  await socket.ended
  expect(proxy.requests.map(({ target }) => target)).toEqual([`CONNECT ${host}:443`])
  const strict = createOpenSocket({ proxy: settings })
  const refused = await strict(`wss://${host}/`, options).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(SocketProblem)
  const unknown = await trusting('wss://elsewhere.test/', options).catch((error: unknown) => error)
  expect(unknown).toBeInstanceOf(SocketProblem)
  expect(String(unknown)).not.toContain('p%20ss')
})
