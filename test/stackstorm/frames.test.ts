import { describe, expect, test } from 'bun:test'
import { createFrameReader, type Frame } from '../../src/stackstorm/frames.ts'

const encode = (text: string) => new TextEncoder().encode(text)

const reading = () => {
  const frames: Frame[] = []
  const malformed: [string, string][] = []
  const reader = createFrameReader({
    onFrame: (frame) => frames.push(frame),
    onMalformed: (name, excerpt) => malformed.push([name, excerpt]),
  })
  return { frames, malformed, reader, feed: (text: string) => reader.feed(encode(text)) }
}

describe('a frame reader', () => {
  test('skips what is not JSON and reads on', () => {
    const { frames, malformed, feed } = reading()
    feed(
      '\nevent: a\ndata: {bad\n\nevent: b\ndata: {"ok":1}\n\nevent: c\ndata:\n\n: comment\nnonsense\n\n',
    )
    feed(`event: d\ndata: ${'x'.repeat(500)}\n\n`)
    expect(frames).toEqual([{ name: 'b', data: { ok: 1 } }])
    expect(malformed).toEqual([['a', '{bad'], ['c', ''], ['d', 'x'.repeat(80)]])
  })

  test('puts characters together that were cut anywhere', () => {
    const { frames, reader } = reading()
    const text = 'Grüße 日本語 👩‍🚀'
    for (const byte of encode(`event: a\ndata: ${JSON.stringify({ text })}\n\n`)) {
      reader.feed(Uint8Array.of(byte))
    }
    expect(frames).toEqual([{ name: 'a', data: { text } }])
  })

  test.each(['\n', 'event: a\n', ':\n', 'retry: 1000\n\n\n', 'retry: 1000\n\nevent'])(
    'a stream that says %j is alive',
    (text) => {
      const { reader, feed } = reading()
      expect(reader.alive()).toBe(false)
      feed(text)
      expect(reader.alive()).toBe(true)
    },
  )

  test.each([
    '',
    'r',
    'retry:',
    'retry: 1000',
    'retry: 1000\n',
    'retry: 1000\n\n',
    'retry: 1000\r\n\r\n',
  ])(
    "%j may be nginx in the stream's place",
    (text) => {
      const { reader, feed } = reading()
      for (const character of text) feed(character)
      expect(reader.alive()).toBe(false)
    },
  )

  /** ms for one event of `size` characters in pieces as small as a slow network's. */
  const timeFor = (size: number): number => {
    const { frames, reader } = reading()
    const bytes = encode(`event: a\ndata: ${JSON.stringify('x'.repeat(size))}\n\n`)
    const start = performance.now()
    for (let at = 0; at < bytes.length; at += 1_400) reader.feed(bytes.subarray(at, at + 1_400))
    const time = performance.now() - start
    expect((frames[0]?.data as string).length).toBe(size)
    return time
  }

  test('one event of 20 MB in 15,000 pieces takes linear time', () => {
    timeFor(1_000_000)
    const small = timeFor(2_000_000)
    // Ten times the bytes; quadratic time would be a hundred times as long.
    expect(timeFor(20_000_000)).toBeLessThan(40 * small + 500)
  })

  test('an event without end is given up before it fills the memory', () => {
    const { reader, feed } = reading()
    const megabyte = 'x'.repeat(1024 * 1024)
    feed('data: "')
    expect(() => {
      for (let count = 0; count < 200; count++) feed(megabyte)
    }).toThrow(/max buffer size/)
    expect(() => reader.feed(encode('x'))).toThrow()
  })
})
