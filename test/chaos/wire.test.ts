import { afterAll, beforeAll, expect, test } from 'bun:test'
import { nginxAlone, openWire, type Wire } from './wire.ts'

let server: Bun.Server<undefined>
let wire: Wire

beforeAll(async () => {
  server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response('hello') })
  wire = await openWire({ port: Number(server.port) })
})

afterAll(async () => {
  await wire.close()
  await server.stop(true)
})

const ask = async (path = '/', signal?: AbortSignal): Promise<string> => {
  const response = await fetch(`${wire.url}${path}`, {
    keepalive: false,
    ...(signal && { signal }),
  })
  return `${response.status} ${await response.text()}`
}

const heal = () => wire.set({ kind: 'through' })

test('carries what is sent', async () => {
  await heal()
  expect(await ask()).toBe('200 hello')
})

test.each([['refused'], ['reset']] as const)('breaks and heals: %s', async (kind) => {
  await wire.set({ kind })
  await expect(ask()).rejects.toThrow()
  await heal()
  expect(await ask()).toBe('200 hello')
})

test('keeps silent until the other side gives up', async () => {
  await wire.set({ kind: 'silent' })
  await expect(ask('/', AbortSignal.timeout(100))).rejects.toThrow('timed out')
  await heal()
  expect(await ask()).toBe('200 hello')
})

test('slows down without losing anything', async () => {
  await wire.set({ kind: 'slow', delay: 5 })
  expect(await ask()).toBe('200 hello')
  await heal()
})

test('lets nginx answer alone', async () => {
  await wire.set({ kind: 'answered', answer: nginxAlone })
  expect(await ask('/api/v1/actionalias')).toStartWith('503 {"faultstring"')
  expect(await ask('/stream/v1/stream')).toBe('200 retry: 1000\n\n')
  await heal()
})
