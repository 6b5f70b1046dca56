import { connect, type Socket } from 'node:net'
import { expect, test } from 'bun:test'
import { sign } from '../../../adapters/slack/signature.ts'
import { createServer } from '../../../src/ops/server.ts'
import { botToken, type FakeSlack, startFakeSlack } from '../../fakes/slack/slack.ts'
import { connectTo, outgoing, type TestConnection, until, type Variables } from './connect.ts'
import { signedRequest } from './signed.ts'

const secret = '8f742231b10e8888abcd99yyyzzz85a5'
const variables: Variables = {
  HUBOT_SLACK_SIGNING_SECRET: secret,
  HUBOT_SLACK_BOT_TOKEN: botToken,
}

type Call = {
  readonly body: string
  /** Seconds that Slack's clock is ahead of ours. */
  readonly ahead?: number
  readonly key?: string
  readonly headers?: Readonly<Record<string, string>>
}

type Room = AsyncDisposable & {
  readonly slack: FakeSlack
  readonly it: TestConnection
  readonly call: (call: Call) => Promise<Response>
  readonly port: number
}

/** Slack on one side, our own HTTP server with the adapter's route on the other. */
const openRoom = async (): Promise<Room> => {
  const slack = await startFakeSlack()
  const it = await connectTo(slack, { variables })
  const server = createServer({
    port: 0,
    readiness: () => {
      throw new Error('nobody asks')
    },
    metrics: async () => '',
    announce: () => Promise.resolve(),
    routes: it.routes,
    log: it.log,
  })
  if (!server.listening) throw server.error
  await until(() => it.connection.health().state === 'connected')
  return {
    slack,
    it,
    port: server.port,
    call: async ({ body, ahead = 0, key = secret, headers = {} }) => {
      const timestamp = String(Math.round(Date.now() / 1000) + ahead)
      return await fetch(`${server.url}/slack/events`, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json',
          'x-slack-request-timestamp': timestamp,
          'x-slack-signature': sign(key, timestamp, new TextEncoder().encode(body)),
          ...headers,
        },
      })
    },
    [Symbol.asyncDispose]: async () => {
      await server.stop()
      await it[Symbol.asyncDispose]()
      await slack[Symbol.asyncDispose]()
    },
  }
}

test("the signature is Slack's own", () => {
  // The example of docs.slack.dev, "Verifying requests from Slack".
  const body =
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c'
  expect(sign('8f742231b10e8888abcd99yyyzzz85a5', '1531420618', new TextEncoder().encode(body)))
    .toBe('v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503')
})

test('Slack may check the address, and then send messages', async () => {
  await using room = await openRoom()
  const hello = await room.call({ body: '{"type":"url_verification","challenge":"3eZbrw1aB"}' })
  expect(await hello.text()).toBe('3eZbrw1aB')
  const { payload, ts } = room.slack.payload({ text: '<@U0BOT> help' })
  const answer = await room.call({ body: JSON.stringify(payload) })
  expect(answer.status).toBe(200)
  expect(room.it.heard).toMatchObject([{ id: `C0OPS:${ts}`, text: ' help', mentioned: true }])
  await room.it.connection.send(outgoing())
  expect(room.slack.posts).toHaveLength(1)
})

test('an event that Slack sends again is heard once', async () => {
  await using room = await openRoom()
  const { payload } = room.slack.payload({ text: '!deploy' })
  const body = JSON.stringify(payload)
  await room.call({ body })
  await room.call({ body, headers: { 'x-slack-retry-num': '1' } })
  expect(room.it.heard).toHaveLength(1)
})

test('what is not from Slack, or not of now, is refused', async () => {
  await using room = await openRoom()
  const body = JSON.stringify(room.slack.payload({ text: '!deploy' }).payload)
  const calls: readonly Call[] = [
    { body, key: 'another secret' },
    { body, ahead: 310 },
    { body, ahead: -310 },
    { body, headers: { 'x-slack-signature': 'v0=short' } },
    { body, headers: { 'x-slack-signature': '' } },
    { body, headers: { 'x-slack-request-timestamp': 'now' } },
  ]
  for (const call of calls) expect((await room.call(call)).status).toBe(401)
  expect(room.it.heard).toEqual([])
  for (const ahead of [-290, 290]) expect((await room.call({ body, ahead })).status).toBe(200)
  expect(room.it.heard).toHaveLength(1)
})

test('a signature holds for the bytes that were signed', async () => {
  await using room = await openRoom()
  const body = JSON.stringify(room.slack.payload({ text: '!deploy' }).payload)
  const timestamp = String(Math.round(Date.now() / 1000))
  const signature = sign(secret, timestamp, new TextEncoder().encode(body))
  const headers = { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature }
  expect((await room.call({ body: body.replace('deploy', 'destroy'), headers })).status).toBe(401)
})

test('garbage that Slack has signed does no harm', async () => {
  await using room = await openRoom()
  for (const body of ['', 'null', '{', '[]', '{"type":"event_callback"}', '{"type":"odd"}']) {
    expect((await room.call({ body })).status).toBe(200)
  }
  expect((await room.call({ body: 'x'.repeat(1024 * 1024 + 1) })).status).toBe(413)
  expect(room.it.heard).toEqual([])
})

const signedNow = (): Readonly<Record<string, string>> => ({
  'x-slack-request-timestamp': String(Math.round(Date.now() / 1000)),
  'x-slack-signature': `v0=${'a'.repeat(64)}`,
})

/** Begins a call with a body of 1 MB, and sends so many bytes of it. */
const begin = (
  port: number,
  headers: Readonly<Record<string, string>>,
  bytes: number,
): { readonly socket: Socket; readonly answer: Promise<string> } => {
  const socket = connect(port, '127.0.0.1')
  const head = Object.entries({ host: 'bot', 'content-length': '1000000', ...headers })
    .map(([name, value]) => `${name}: ${value}\r\n`).join('')
  socket.write(`POST /slack/events HTTP/1.1\r\n${head}\r\n${'x'.repeat(bytes)}`)
  const answer = new Promise<string>((resolve) => {
    socket.on('data', (data) => resolve(String(data).split('\r\n')[0] ?? ''))
    socket.on('error', () => {})
  })
  return { socket, answer }
}

test('what the headers give away is refused before there is a body', async () => {
  await using room = await openRoom()
  const timestamp = String(Math.round(Date.now() / 1000))
  const refused: readonly Readonly<Record<string, string>>[] = [
    {},
    { 'x-slack-request-timestamp': timestamp },
    { ...signedNow(), 'x-slack-signature': 'v0=short' },
    { ...signedNow(), 'x-slack-request-timestamp': String(Number(timestamp) - 310) },
  ]
  for (const headers of refused) {
    const { socket, answer } = begin(room.port, headers, 0)
    expect(await answer).toContain('401')
    socket.destroy()
  }
})

test('who holds many long bodies back keeps no event of Slack out', async () => {
  await using room = await openRoom()
  const held = Array.from({ length: 40 }, () => begin(room.port, signedNow(), 900_000))
  const turnedAway = Promise.withResolvers<void>()
  let count = 0
  for (const { answer } of held) {
    void answer.then((line) => {
      if (line.includes('503') && ++count === 30) turnedAway.resolve()
    })
  }
  await turnedAway.promise
  const { payload } = room.slack.payload({ text: '!deploy' })
  expect((await room.call({ body: JSON.stringify(payload) })).status).toBe(200)
  expect(room.it.heard).toHaveLength(1)
  for (const { socket } of held) socket.destroy()
}, 30_000)

test('a call that breaks off is not worth a line in the log', async () => {
  await using room = await openRoom()
  const { socket } = begin(room.port, signedNow(), 1_000)
  socket.end()
  await until(() => room.it.log.lines.some(({ fields }) => fields['reason'] === 'gone'))
  expect(room.it.log.lines.filter(({ level }) => level === 'error' || level === 'warn')).toEqual([])
})

test('before Slack has said who the bot is, it takes nothing: Slack comes again', async () => {
  await using slack = await startFakeSlack()
  slack.fail('auth.test', { status: 503 }, 1_000)
  await using it = await connectTo(slack, { variables })
  const route = it.routes.get('/slack/events')
  const { payload } = slack.payload({ text: '!early' })
  const answer = await route?.answer(signedRequest(secret, payload))
  expect(answer?.status).toBe(503)
  expect(it.heard).toEqual([])
})

test('without an HTTP server the Events API cannot work, and says so', async () => {
  await using slack = await startFakeSlack()
  const connected = connectTo(slack, { variables, http: false })
  const error = await connected.then(() => undefined, (error: unknown) => error)
  expect(error).toMatchObject({ message: expect.stringContaining('HUBOT_HTTPD') })
})
