import { describe, expect, test } from 'bun:test'
import { closeSync, fstatSync, openSync } from 'node:fs'
import { chooseFormat, createLog, isJournal, type LogOptions } from '../../src/ops/log.ts'
import { createManualClock } from '../fakes/clock.ts'

const setUp = (options: Partial<LogOptions> = {}) => {
  const lines: string[] = []
  const clock = createManualClock(Date.UTC(2026, 10, 22, 12))
  const log = createLog({ clock, write: (line) => lines.push(line), ...options })
  return { log, lines, clock }
}

const json = (line: string | undefined) => JSON.parse(line ?? 'null')

describe('a line', () => {
  test('is for a person by default', () => {
    const { log, lines } = setUp()
    log.info('Connected to Slack.', { adapter: 'slack', attempt: 2, spoken: 'good day' })
    expect(lines).toEqual([
      '2026-11-22T12:00:00.000Z info  Connected to Slack. adapter=slack attempt=2 spoken="good day"\n',
    ])
  })

  test('carries a priority for journald, which takes the prefix off', () => {
    const { log, lines } = setUp({ format: 'journal', level: 'debug' })
    log.debug('a')
    log.info('b')
    log.warn('c')
    log.error('d', { id: 7 })
    expect(lines).toEqual(['<7>a\n', '<6>b\n', '<4>c\n', '<3>d id=7\n'])
  })

  test('tells an error and its causes without what is said twice or to programmers', () => {
    const { log, lines } = setUp()
    const refused = new Error('Unauthorized (request r1)')
    const cut = new Error(
      'Cut. For more information, pass `verbose: true` in the second argument to fetch()',
    )
    log.warn('No.', { error: new Error('The key is unknown. (request r1)', { cause: refused }) })
    log.warn('Gone.', { error: new Error('Lost', { cause: cut }) })
    expect(lines.map((line) => line.slice(line.indexOf('error=')))).toEqual([
      'error="The key is unknown. (request r1): Unauthorized"\n',
      'error="Lost: Cut."\n',
    ])
  })

  test('is one object for a collector, whose own names no field can take', () => {
    const { log, lines } = setUp({ format: 'json' })
    log.warn('Slow.', { ms: 1500, level: 'none', ok: false, missing: undefined, empty: null })
    expect(json(lines[0])).toEqual({
      time: '2026-11-22T12:00:00.000Z',
      level: 'warn',
      message: 'Slow.',
      ms: 1500,
      level_: 'none',
      ok: false,
      empty: null,
    })
  })

  test('has colours only when asked for', () => {
    const { log, lines } = setUp({ colour: true })
    log.error('No.')
    expect(lines[0]).toContain('\u001b[31merror')
  })

  test('is left out below the level', () => {
    const { log, lines } = setUp({ level: 'warn' })
    log.debug('a')
    log.info('b')
    log.warn('c')
    expect(lines.length).toBe(1)
  })

  test('carries the fields it was bound to, the later ones first in rank', () => {
    const { log, lines } = setUp({ format: 'journal' })
    log.with({ adapter: 'irc', id: 1 }).with({ id: 2 }).info('Sent.')
    expect(lines).toEqual(['<6>Sent. adapter=irc id=2\n'])
  })
})

describe('errors', () => {
  const error = new Error('Cannot reach StackStorm.', {
    cause: new Error('connect refused', { cause: 'ECONNREFUSED' }),
  })

  test('tell what happened and why, without a stack', () => {
    const { log, lines } = setUp({ format: 'journal' })
    log.error('Reload failed.', { error })
    expect(lines).toEqual([
      '<3>Reload failed. error="Cannot reach StackStorm: connect refused: ECONNREFUSED"\n',
    ])
  })

  test('bring their stack at debug, in the same line', () => {
    const { log, lines } = setUp({ format: 'json', level: 'debug' })
    log.error('Reload failed.', { error })
    expect(json(lines[0]).error_stack).toContain('log.test.ts')
    expect(lines[0]?.indexOf('\n')).toBe((lines[0]?.length ?? 0) - 1)
  })

  test('end even when the causes form a ring', () => {
    const first = new Error('first')
    const second = new Error('second', { cause: first })
    first.cause = second
    const { log, lines } = setUp({ format: 'journal' })
    log.error('Odd.', { error: first })
    expect(lines).toEqual(['<3>Odd. error="first: second"\n'])
  })
})

describe('what comes from chat', () => {
  const hostile = 'x\n<0>forged\r\u001b[2J\u0085\u2028\u202e\u0000 end'

  for (const format of ['pretty', 'journal', 'json'] as const) {
    test(`cannot forge a line or move the cursor in ${format}`, () => {
      const { log, lines } = setUp({ format })
      log.info(hostile, { text: hostile, [`key\n${hostile}`]: 'v' })
      expect(lines.length).toBe(1)
      // deno-lint-ignore no-control-regex
      expect(lines[0]?.slice(0, -1)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202e]/)
      expect(lines[0]?.endsWith('\n')).toBe(true)
    })
  }

  test('reads back as it was in json', () => {
    const { log, lines } = setUp({ format: 'json' })
    log.info('Said.', { text: hostile })
    expect(json(lines[0]).text).toBe(hostile)
  })

  test('cannot pass for a field', () => {
    const { log, lines } = setUp({ format: 'journal' })
    log.info('Said.', { text: 'a" level=error b="' })
    expect(lines).toEqual(['<6>Said. text="a\\" level=error b=\\""\n'])
  })

  test('is cut when nobody would read on', () => {
    const { log, lines } = setUp({ format: 'journal' })
    log.info('Said.', { text: 'x'.repeat(100_000) })
    expect(lines[0]?.length).toBeLessThan(5_000)
    expect(lines[0]).toContain('(96000 more characters)')
  })
})

describe('secrets', () => {
  const secret = 'canary"with\nodd 1234567 characters'
  const mask = (text: string) =>
    text.replaceAll(secret, '********').replaceAll('7654321', '********')

  for (const format of ['pretty', 'journal', 'json'] as const) {
    test(`are blotted out wherever they stand in ${format}`, () => {
      const { log, lines } = setUp({ format, mask, level: 'debug' })
      const error = new Error(`bad ${secret}`, { cause: new Error(`because of ${secret}`) })
      log.with({ token: secret }).error(`Login with ${secret} failed.`, {
        error,
        number: 7654321,
        long: `${'x'.repeat(3_990)}${secret}`,
      })
      const all = lines.join('')
      expect(all).not.toContain('canary')
      expect(all).not.toContain('1234567')
      expect(all).not.toContain('7654321')
      expect(all.match(/\*{8}/g)?.length).toBeGreaterThanOrEqual(5)
    })
  }
})

describe('repetition', () => {
  test('is counted for ten seconds, then told', async () => {
    const { log, lines, clock } = setUp({ format: 'journal' })
    for (let turn = 0; turn < 1_000; turn++) log.error('StackStorm is away.', { code: 7 })
    expect(lines).toEqual(['<3>StackStorm is away. code=7\n'])
    await clock.advance(10_000)
    expect(lines.slice(1)).toEqual(['<3>StackStorm is away. (999 more in 10 s) code=7\n'])
    log.error('StackStorm is away.', { code: 7 })
    expect(lines.length).toBe(3)
  })

  test('means the same fields too', () => {
    const { log, lines } = setUp({ format: 'journal' })
    log.error('No answer.', { id: 1 })
    log.error('No answer.', { id: 2 })
    log.warn('No answer.', { id: 2 })
    expect(lines.length).toBe(3)
  })

  test('starts no timer for a line that comes once', () => {
    const { log, clock } = setUp()
    log.error('Once.')
    expect(clock.sleepers()).toBe(0)
  })

  test('is told at the end, and no timer stays', () => {
    const { log, lines, clock } = setUp({ format: 'journal' })
    log.info('Again.')
    log.info('Again.')
    log.close()
    expect(lines).toEqual(['<6>Again.\n', '<6>Again. (1 more in 10 s)\n'])
    expect(clock.sleepers()).toBe(0)
  })

  test('is not counted for who asked to see everything', () => {
    const { log, lines } = setUp({ level: 'debug' })
    log.debug('Beat.')
    log.debug('Beat.')
    expect(lines.length).toBe(2)
  })

  test('of a flood of different lines costs a bounded memory, and loses no line', () => {
    const { log, lines, clock } = setUp({ format: 'journal' })
    for (let id = 0; id < 5_000; id++) {
      log.info('Line.', { id })
      log.info('Line.', { id })
    }
    expect(lines.filter((line) => !line.includes('more in')).length).toBe(5_000)
    expect(clock.sleepers()).toBeLessThanOrEqual(1_000)
  })
})

describe('the format', () => {
  test('is what was asked for, else what fits the reader', () => {
    expect(chooseFormat({ wanted: 'json', isTerminal: true, journalStream: true })).toBe('json')
    expect(chooseFormat({ wanted: 'auto', isTerminal: false, journalStream: true })).toBe('journal')
    expect(chooseFormat({ isTerminal: true, journalStream: false })).toBe('pretty')
    expect(chooseFormat({ isTerminal: false, journalStream: false })).toBe('pretty')
  })

  test('believes JOURNAL_STREAM only of the stream it names', () => {
    const file = openSync('/dev/null', 'r')
    try {
      const { dev, ino } = fstatSync(file, { bigint: true })
      expect(isJournal(`${dev}:${ino}`, file)).toBe(true)
      expect(isJournal(`${dev}:${ino + 1n}`, file)).toBe(false)
      expect(isJournal(undefined, file)).toBe(false)
    } finally {
      closeSync(file)
    }
  })
})
