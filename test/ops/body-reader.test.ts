import { expect, test } from 'bun:test'
import { createBodyReader } from '../../src/ops/body-reader.ts'
import { systemClock } from '../../src/clock.ts'
import { hurriedClock } from '../fakes/hurried-clock.ts'

/** A request whose body comes when the test says so. */
const request = () => {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const writer = writable.getWriter()
  return {
    request: new Request('http://bot/', { method: 'POST', body: readable }),
    /** Settles when the reader has taken it, or will take no more. */
    send: (bytes: number) => writer.write(new Uint8Array(bytes)).catch(() => {}),
    end: () => writer.close().catch(() => {}),
    break: () => writer.abort(new Error('the other end is gone')),
  }
}

const kindOf = async (read: Promise<{ readonly kind: string }>): Promise<string> =>
  (await read).kind

test('a body is read as it came, in however many pieces', async () => {
  const readBodyOf = createBodyReader({ clock: systemClock })
  const whole = await readBodyOf(new Request('http://bot/', { method: 'POST', body: 'hello' }), 5)
  expect(whole).toEqual({ kind: 'read', body: Buffer.from('hello') })
  expect(await readBodyOf(new Request('http://bot/'), 5)).toMatchObject({ kind: 'read' })
  const one = request()
  const read = readBodyOf(one.request, 100)
  await one.send(40)
  await one.send(60)
  await one.end()
  expect(await read).toMatchObject({ kind: 'read', body: { length: 100 } })
})

test('a body that is too long, by its own word or by what comes, is not kept', async () => {
  const readBodyOf = createBodyReader({ clock: systemClock })
  const said = new Request('http://bot/', { method: 'POST', headers: { 'content-length': '101' } })
  expect(await kindOf(readBodyOf(said, 100))).toBe('too-long')
  const one = request()
  const read = readBodyOf(one.request, 100)
  void one.send(101)
  expect(await kindOf(read)).toBe('too-long')
})

test('nobody is waited for without end', async () => {
  const clock = hurriedClock()
  const one = request()
  expect(await kindOf(createBodyReader({ clock })(one.request, 100))).toBe('too-slow')
  expect(clock.waits).toEqual([5_000])
})

test('who leaves in the middle is no failure', async () => {
  const one = request()
  const read = createBodyReader({ clock: systemClock })(one.request, 100)
  await one.send(10)
  await one.break()
  expect(await kindOf(read)).toBe('gone')
})

test('where there is no room for all, the longest is given up and the short one gets through', async () => {
  const readBodyOf = createBodyReader({ clock: systemClock, room: 100 })
  const [long, longer, short] = [request(), request(), request()]
  const reads = [long, longer, short].map(({ request }) => readBodyOf(request, 90))
  await short.send(10)
  await long.send(40)
  await longer.send(60)
  expect(await reads[1]).toEqual({ kind: 'no-room' })
  await short.send(10)
  await Promise.all([short.end(), long.end()])
  expect(await reads[2]).toMatchObject({ kind: 'read', body: { length: 20 } })
  expect(await reads[0]).toMatchObject({ kind: 'read', body: { length: 40 } })
})

test('the room of a body that has ended is free again', async () => {
  const readBodyOf = createBodyReader({ clock: systemClock, room: 100 })
  for (let index = 0; index < 20; index++) {
    const body = new Uint8Array(90)
    const read = await readBodyOf(new Request('http://bot/', { method: 'POST', body }), 90)
    expect(read.kind).toBe('read')
  }
})
