import { afterEach, expect, test } from 'bun:test'
import { StackStormRefused, StackStormUnclear } from '../../src/stackstorm/errors.ts'
import { clientOf, failureOf } from '../fakes/stackstorm-client.ts'

const signal = new AbortController().signal
const piece = new Uint8Array(1024 * 1024).fill(32)

const servers: Bun.Server<undefined>[] = []
afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop(true))))

/** A server whose answers never end, or end after so many MB; how many it has sent. */
const endless = (status: number, megabytes = Infinity) => {
  let sent = 0
  const body = () =>
    new ReadableStream({
      pull: (controller) => {
        if (sent >= megabytes) return controller.close()
        controller.enqueue(sent === 0 ? new TextEncoder().encode('[]') : piece)
        sent++
      },
    })
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: () => new Response(body(), { status }),
  })
  servers.push(server)
  return { origin: server.url.origin, sent: () => sent }
}

test('an answer without end is given up, and the error says so', async () => {
  const { origin, sent } = endless(200)
  const error = await failureOf(clientOf(origin).aliases(signal))
  expect(error).toBeInstanceOf(StackStormUnclear)
  expect((error as StackStormUnclear).reason).toBe(
    `StackStorm's API answered with more than 96 MB, and the rest was not read: look at what ${origin}/api/v1/actionalias sends.`,
  )
  expect(sent()).toBeLessThan(200)
}, 30_000)

test('a refusal without end is a refusal', async () => {
  const { origin } = endless(403)
  const error = await failureOf(clientOf(origin).aliases(signal))
  expect(error).toBeInstanceOf(StackStormRefused)
}, 30_000)

test('what is far above any real answer is read', async () => {
  const { origin } = endless(200, 40)
  expect(await clientOf(origin).aliases(signal)).toEqual([])
}, 30_000)
