import { expect, test } from 'bun:test'
import { connectTo } from './connect.ts'

const domain = 'xmpp.test'

/** A server that speaks RFC 7395 until it has asked who is there; `first` is what it says then. */
const startServer = (first: string): Bun.Server<undefined> =>
  Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: (request, server) =>
      server.upgrade(request, { headers: { 'Sec-WebSocket-Protocol': 'xmpp' } })
        ? undefined
        : new Response('only WebSockets'),
    websocket: {
      message: (socket) => {
        socket.send(
          `<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" from="${domain}" version="1.0"/>`,
        )
        socket.send(first)
      },
    },
  })

test('before the login, a WebSocket that says too much is closed', async () => {
  const server = startServer(`<features>${'<a/>'.repeat(100_000)}</features>`)
  await using it = await connectTo({
    HUBOT_XMPP_USERNAME: `hubot@${domain}`,
    HUBOT_XMPP_PASSWORD: 'the-password-of-the-bot',
    HUBOT_XMPP_ROOMS: `ops@rooms.${domain}`,
    HUBOT_XMPP_WEBSOCKET: `ws://127.0.0.1:${server.port}/`,
  })
  expect(await it.says('could not be opened')).toContain('more than 256 KiB')
  await server.stop(true)
})
