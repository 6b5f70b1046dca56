import { describe, expect, test } from 'bun:test'
import { fingerprint } from '../../src/delivery/fingerprint.ts'
import { AnnouncementProblem, readAnnouncement } from '../../src/stackstorm/announcement.ts'
import { createFrameReader, type Frame } from '../../src/stackstorm/frames.ts'
import { haveRecordings, recording } from '../recordings.ts'

const event = 'st2.announcement__chatops'
const plain = { channel: '#ops', message: 'done' }
const read = (payload: unknown) => readAnnouncement(event, { payload, trace_context: null })

describe('an announcement', () => {
  test('with everything', () => {
    const payload = {
      user: 'alice',
      channel: '#ops',
      whisper: true,
      message: 'Hello *x*',
      context: { correlation: 'c' },
      extra: { slack: { color: 'red' } },
    }
    expect(readAnnouncement('st2.announcement__errbot', { payload })).toEqual({
      route: 'errbot',
      ...payload,
    })
  })

  test('of post_message run by hand: null for what was not given', () => {
    const nothing = { user: null, whisper: null, context: null, extra: null }
    expect(read({ ...plain, ...nothing })).toEqual({
      route: 'chatops',
      ...plain,
      whisper: false,
      extra: {},
    })
  })

  test.each([
    { ...plain, user: 'alice', context: { a: { b: 1 } }, extra: { slack: {} } },
    { ...plain, channel: '', user: '' },
    { ...plain, channel: null, user: null, context: null, extra: null },
    { ...plain, extra: JSON.parse('{"__proto__":{"a":1},"constructor":1,"b":2}') },
    { ...plain, context: [], extra: 'none' },
    { ...plain, channel: ' #ops ', user: 5 },
  ])(
    'is read alike whether or not one of its fields must be made into another kind: %j',
    (payload) => {
      expect(read({ ...payload, whisper: true })).toEqual(read({ ...payload, whisper: 'yes' }))
      expect(fingerprint(read({ ...payload, whisper: true }))).toBe(
        fingerprint(read({ ...payload, whisper: 'yes' })),
      )
    },
  )

  test('keeps dots in its route', () => {
    expect(readAnnouncement('st2.announcement__a.b__c', { payload: plain }).route).toBe('a.b__c')
  })

  test.each([
    ['a text', 'Cannot render'],
    ['a number', 5],
    ['a list', [1]],
    ['yes', true],
  ])('extra that is %s counts as none', (_, extra) => {
    expect(read({ ...plain, extra }).extra).toEqual({})
  })

  test.each([
    [42, '42'],
    [0, '0'],
    [false, 'false'],
    ['', ''],
    [[1, 'a'], '[\n  1,\n  "a"\n]'],
    [{ a: { b: null } }, '{\n  "a": {\n    "b": null\n  }\n}'],
  ])('the message %o becomes text', (message, expected) => {
    expect(read({ ...plain, message }).message).toBe(expected)
  })

  test.each([undefined, null, ' ', {}])(
    'without a channel (%p), which is told from an empty one',
    (channel) => {
      expect(read({ message: 'm', channel }).channel).toBe('')
    },
  )

  test('a channel or user of digits alone, which Jinja makes a number', () => {
    expect(read({ ...plain, channel: 12345, user: 7 })).toMatchObject({
      channel: '12345',
      user: '7',
    })
  })

  test.each([['true', true], ['True', true], [1, true], ['false', false], ['no', false], [
    {},
    false,
  ]])(
    'whisper %o is %p',
    (whisper, expected) => {
      expect(read({ ...plain, whisper }).whisper).toBe(expected)
    },
  )

  test.each([
    ['no payload', {}],
    ['null for a payload', { payload: null }],
    ['a payload of text', { payload: 'x' }],
    ['nothing', null],
    ['a list', []],
    ['no message', { payload: { channel: 'c' } }],
    ['null for a message', { payload: { channel: 'c', message: null } }],
  ])('with %s is refused with a reason', (_, data) => {
    const attempt = () => readAnnouncement(event, data)
    expect(attempt).toThrow(AnnouncementProblem)
    expect(attempt).toThrow(/route "chatops"/)
  })

  const nested = (open: string, close: string, levels: number): unknown =>
    JSON.parse(`${open.repeat(levels)}1${close.repeat(levels)}`)

  for (const field of ['message', 'extra', 'context']) {
    for (const whisper of [false, 'yes']) {
      test(`is refused where its ${field} is too deep to be taken apart (whisper ${whisper})`, () => {
        const of = (levels: number) => ({
          ...plain,
          whisper,
          [field]: nested('{"a":', '}', levels),
        })
        expect(fingerprint(read(of(100)))).toMatch(/./)
        for (const levels of [101, 9_000, 200_000]) {
          expect(() => read(of(levels))).toThrow(AnnouncementProblem)
          expect(() => read(of(levels))).toThrow(`more than 100 levels in "${field}"`)
        }
      })
    }
  }

  test('a message that is deep, or long, is written without indentation', () => {
    const { message: deep } = read({ ...plain, message: nested('[', ']', 100) })
    expect(deep).toBe(`${'['.repeat(100)}1${']'.repeat(100)}`)
    const list = Array.from({ length: 300_000 }, () => [1])
    expect(read({ ...plain, message: list }).message).toBe(JSON.stringify(list))
  })

  test('is nothing else', () => {
    expect(() => readAnnouncement('st2.execution__update', { payload: plain })).toThrow(
      AnnouncementProblem,
    )
  })
})

type Recorded = { readonly label: string; readonly bytes: string }

describe.skipIf(!haveRecordings)('recorded frames', () => {
  test('are read as StackStorm meant them', () => {
    const recorded: Recorded[] = JSON.parse(recording('st2/sse.json'))
    const frames: Frame[] = []
    const reader = createFrameReader({
      onFrame: (frame) => frames.push(frame),
      onMalformed: (name) => {
        throw new Error(name)
      },
    })
    for (const { bytes } of recorded) reader.feed(new TextEncoder().encode(bytes))
    expect(reader.alive()).toBe(true)
    const announcements = frames.filter(({ name }) => name.startsWith('st2.announcement__'))
      .map(({ name, data }) => readAnnouncement(name, data))
    expect(announcements).toEqual([
      {
        route: 'chatops',
        user: 'alice',
        channel: '#ops',
        whisper: false,
        message: 'Hello *x*\nline2 "q" \'q\' <b> é',
        context: {
          id: 'm1',
          txt: 'hello 2',
          user: { name: 'alice', n: 5, t: true, z: null },
          quote: 'it\'s "x"',
        },
        extra: { slack: { color: 'red', n: 1 } },
      },
      { route: 'chatops', channel: '#ops', message: 'direct', whisper: false, extra: {} },
      {
        route: '2fa',
        channel: '#ops',
        message: 'direct',
        user: 'bob',
        whisper: true,
        extra: { a: 1 },
        context: { b: 2 },
      },
      { route: 'chatops', channel: 'c', message: 'm', whisper: false, extra: {} },
    ])
    expect(frames.length).toBeGreaterThan(announcements.length)
  })

  test('mean the same however their bytes are cut', () => {
    const recorded: Recorded[] = JSON.parse(recording('st2/sse.json'))
    const bytes = new TextEncoder().encode(recorded.map(({ bytes }) => bytes).join(''))
    const readIn = (size: number): readonly Frame[] => {
      const frames: Frame[] = []
      const reader = createFrameReader({
        onFrame: (frame) => frames.push(frame),
        onMalformed: (name) => {
          throw new Error(name)
        },
      })
      for (let at = 0; at < bytes.length; at += size) reader.feed(bytes.subarray(at, at + size))
      return frames
    }
    const whole = readIn(bytes.length)
    expect(whole.length).toBeGreaterThan(4)
    for (const size of [1, 2, 3, 7, 64]) expect(readIn(size)).toEqual(whole)
  })
})
