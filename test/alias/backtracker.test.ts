import { afterEach, describe, expect, test } from 'bun:test'
import { type BacktrackWorker, createBacktracker } from '../../src/alias/backtracker.ts'
import { createDialect } from '../../src/alias/dialect.ts'
import { BacktrackingTooSlow } from '../../src/alias/matcher.ts'

const endless = '(?!stop)((a+)+)+b'
const open: { close: () => void }[] = []
const start = (options: Parameters<typeof createBacktracker>[0] = {}) => {
  const backtracker = createBacktracker(options)
  open.push(backtracker)
  return backtracker
}
afterEach(() => open.splice(0).forEach((backtracker) => backtracker.close()))

describe('createBacktracker', () => {
  test.each<[string, string, Record<string, string | null>]>([
    ['(?!stop)go {{x}}', 'go y', { x: 'y' }],
    ['go (?<!not ){{x}}', 'go y', { x: 'y' }],
    ['(?P<w>\\w+) (?P=w) {{x=1}}', 'ha ha', { w: 'ha', x: '1' }],
    ['(a )?b(?(1) c| d) {{x=1}}', 'a b c', { x: '1' }],
    ['a++b {{x=1}}', 'aab 2', { x: '2' }],
    ['{{a}}{{b}}', '"x"y', { a: 'x', b: 'y' }],
    ['\\bgo\\b {{x}}', 'go é', { x: 'é' }],
  ])('matches %j in %j', async (format, command, parameters) => {
    const parsed = await createDialect({ backtracker: start() }).parse(format, command)
    expect('parameters' in parsed && { ...parsed.parameters }).toEqual(parameters)
  })

  test('ends a match that takes too long, and serves the next one', async () => {
    const backtracker = start()
    const slow = backtracker.match(endless, 'a'.repeat(60), false)
    const next = backtracker.match('(?=a)(?P<x>a)', 'a', false)
    expect(slow).rejects.toBeInstanceOf(BacktrackingTooSlow)
    expect(slow).rejects.toThrow('no answer within 200 ms')
    expect(await next).toEqual([new Map([['x', 'a']])])
  }, 20_000)

  test(
    'a format that takes too long again and again rests, and others are served meanwhile',
    async () => {
      let now = 0
      const resting: string[] = []
      const backtracker = start({
        deadline: 30,
        now: () => now,
        onRest: (pattern) => resting.push(pattern),
      })
      const slow = await Promise.all(
        Array.from({ length: 100 }, () =>
          backtracker.match(endless, 'a'.repeat(60), false).then(
            () => 'matched',
            (error: Error) => error.message,
          )),
      )
      expect(slow.filter((message) => message === 'no answer within 30 ms')).toHaveLength(3)
      expect(slow.at(-1)).toBe(
        'it took too long for 3 texts within a minute and is tried again in 60 s',
      )
      expect(resting).toEqual([endless])
      expect(await backtracker.match('(?=a)(?P<x>a)', 'a', false)).toHaveLength(1)
      now = 59_999
      expect(backtracker.match(endless, 'ab', false)).rejects.toThrow('again in 1 s')
      now = 60_000
      expect(await backtracker.match(endless, 'ab', false)).toHaveLength(1)
    },
    20_000,
  )

  test('does not hold up the event loop meanwhile', async () => {
    let turns = 0
    const timer = setInterval(() => turns++, 5)
    const slow = start().match(endless, 'a'.repeat(60), false)
    expect(slow).rejects.toBeInstanceOf(BacktrackingTooSlow)
    await slow.catch(() => {})
    clearInterval(timer)
    expect(turns).toBeGreaterThan(3)
  }, 20_000)

  test('a Worker that cannot start is an answer, not a hang', async () => {
    const worker: BacktrackWorker = {
      onmessage: null,
      onerror: null,
      terminate: () => {},
      postMessage() {
        worker.onerror?.call(null as never, new ErrorEvent('error', { message: 'not found' }))
      },
    }
    const failed = start({ start: () => worker }).match('a', 'a', false)
    expect(failed).rejects.toThrow('its matcher failed: not found')
  })

  test('a text that exhausts the stack is an answer', async () => {
    const failed = start({ deadline: 20_000 })
      .match('(?!x)go(?: (?:a|b))+c', 'go' + ' a'.repeat(200_000), false)
    expect(failed).rejects.toBeInstanceOf(BacktrackingTooSlow)
    await failed.catch(() => {})
  }, 30_000)
})
