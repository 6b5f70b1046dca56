import { gzipSync } from 'node:zlib'
import { afterEach, expect, test } from 'bun:test'
import { createHttp } from '../../src/net/http.ts'
import { readText } from '../../src/net/read-text.ts'

const servers: Bun.Server<undefined>[] = []
afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop(true))))

const http = createHttp({ proxy: {} })

const get = (answer: () => Response): Promise<Response> => {
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: answer })
  servers.push(server)
  return http(server.url)
}

const inPieces = (pieces: Iterable<string | Uint8Array>) => {
  const left = pieces[Symbol.iterator]()
  return new ReadableStream({
    pull: (controller) => {
      const { done, value } = left.next()
      if (done) return controller.close()
      controller.enqueue(typeof value === 'string' ? new TextEncoder().encode(value) : value)
    },
  })
}

const packed = (text: string) =>
  new Response(gzipSync(text), { headers: { 'content-encoding': 'gzip' } })

test.each([
  ['of known length', () => new Response('häß')],
  ['in pieces, a character cut in two', () => {
    const bytes = new TextEncoder().encode('häß')
    return new Response(inPieces([bytes.subarray(0, 2), bytes.subarray(2)]))
  }],
  ['packed', () => packed('häß')],
])('a text %s is read where it is short enough', async (_, answer) => {
  expect(await readText(await get(answer), 5)).toBe('häß')
  expect(await readText(await get(answer), 4)).toBeUndefined()
})

test('an answer without a body is an empty text', async () => {
  expect(await readText(await get(() => new Response(null, { status: 204 })), 5)).toBe('')
})

test('of an answer without end no more is read than may be', async () => {
  let sent = 0
  function* endless() {
    for (;; sent += 65_536) yield new Uint8Array(65_536)
  }
  expect(await readText(await get(() => new Response(inPieces(endless()))), 1_000_000))
    .toBeUndefined()
  // What lies in buffers on the way is all that may come on top.
  expect(sent).toBeLessThan(50_000_000)
})
