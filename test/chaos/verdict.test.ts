import { describe, expect, test } from 'bun:test'
import type { Death } from './processes.ts'
import type { Post } from './recorder-server.ts'
import { type Evidence, judge, type Ran } from './verdict.ts'

const workAction = 'chaos.work'

const announced = (word: string, channel = 'ops'): Ran => ({
  id: `announced-${word}`,
  action: 'chatops.post_message',
  status: 'succeeded',
  parameters: { channel, message: `Announcement ${word}.` },
})

const worked = (word: string): Ran => ({
  id: `work-${word}`,
  action: workAction,
  status: 'succeeded',
  parameters: { word },
})

const posted = (word: string, more: Partial<Post> = {}): Post => ({
  key: `key-${word}`,
  kind: 'result',
  channel: 'ops',
  text: `Announcement ${word}.`,
  process: 1,
  at: 0,
  answered: true,
  ...more,
})

const answered = (word: string, text: string): Post =>
  posted(word, { key: `answer-${word}`, kind: 'failure', thread: word, text })

const verdictOn = (evidence: Partial<Evidence>) =>
  judge({
    typed: [],
    executions: [],
    posts: [],
    dead: [],
    workAction,
    deaths: new Map<number, Death>([[1, 'kill'], [2, 'fail point'], [3, 'kill']]),
    answered: new Set(['1 key-a-000001', '2 key-a-000001', '4 key-a-000001']),
    ...evidence,
  })

describe('announcements', () => {
  test('one that nobody posted is lost', () => {
    const verdict = verdictOn({
      executions: [announced('a-000001'), announced('a-000002')],
      posts: [posted('a-000002')],
    })
    expect(verdict).toMatchObject({ announced: 2, delivered: 1, lost: ['a-000001'] })
  })

  test('one that was reported is not', () => {
    const verdict = verdictOn({
      executions: [announced('a-000001', 'gone')],
      dead: [{ channel: 'gone', text: 'Announcement a-000001.' }],
    })
    expect(verdict).toMatchObject({ announced: 1, delivered: 0, undeliverable: 1, lost: [] })
  })

  test('the same text announced twice has to come twice', () => {
    const executions = [announced('a-000001'), announced('a-000001')]
    expect(verdictOn({ executions, posts: [posted('a-000001')] }).lost).toEqual(['a-000001'])
    expect(verdictOn({
      executions,
      posts: [posted('a-000001'), posted('a-000001', { key: 'other' })],
    })).toMatchObject({ delivered: 2, lost: [] })
  })

  test('the same message again from one process does not stand for its twin', () => {
    const verdict = verdictOn({
      executions: [announced('a-000001'), announced('a-000001')],
      posts: [posted('a-000001'), posted('a-000001')],
    })
    expect(verdict.lost).toEqual(['a-000001'])
  })

  test.each(
    [
      ['killed', { process: 1 }],
      ['killed at a fail point', { process: 2 }],
      ['answer lost', { process: 3 }],
      ['answer lost', { process: 4 }],
    ] as const,
  )('a second delivery counts as: %s', (why, first) => {
    const { repeated } = verdictOn({
      executions: [announced('a-000001')],
      posts: [posted('a-000001', first), posted('a-000001', { process: 4 })],
    })
    expect(repeated[why]).toEqual(['a-000001'])
    expect(Object.values(repeated).flat()).toHaveLength(1)
  })

  test('two messages of one announcement are the bot taking it in twice', () => {
    const verdict = verdictOn({
      executions: [announced('a-000001')],
      posts: [posted('a-000001'), posted('a-000001', { key: 'other' })],
    })
    expect(verdict.repeated['taken in twice']).toEqual(['a-000001'])
    expect(verdict.delivered).toBe(1)
  })

  test('order counts within a channel, and a repetition is no disorder', () => {
    const executions = ['a-000001', 'a-000002', 'a-000003'].map((word) => announced(word))
    const orderOf = (...words: readonly string[]) =>
      verdictOn({ executions, posts: words.map((word) => posted(word)) }).outOfOrder
    expect(orderOf('a-000001', 'a-000002', 'a-000003')).toBe(0)
    expect(orderOf('a-000002', 'a-000001', 'a-000003')).toBe(1)
    expect(orderOf('a-000001', 'a-000002', 'a-000001', 'a-000003')).toBe(0)
  })

  test('a result whose workflow failed is expected from the bot', () => {
    const failed: Ran = {
      id: 'failed',
      action: 'chatops.post_result',
      status: 'failed',
      parameters: { execution_id: 'work-c-000001' },
    }
    const executions = [worked('c-000001'), failed]
    expect(verdictOn({ executions }).lost).toEqual(['c-000001'])
    expect(verdictOn({ executions, posts: [posted('c-000001')] }))
      .toMatchObject({ formattedByUs: 1, delivered: 1, lost: [] })
  })
})

describe('commands', () => {
  test('one that ran twice is named', () => {
    const executions = [worked('c-000001'), worked('c-000001'), worked('c-000002')]
    expect(verdictOn({ typed: ['c-000001', 'c-000002'], executions }))
      .toMatchObject({ typed: 2, started: 2, startedTwice: ['c-000001'] })
  })

  test('one that neither ran nor was answered is unanswered', () => {
    expect(verdictOn({ typed: ['c-000001'] }).unanswered).toEqual(['c-000001'])
    expect(verdictOn({
      typed: ['c-000001'],
      posts: [answered('c-000001', 'So "work on c-000001" was not started.')],
    })).toMatchObject({ unanswered: [], toldNotStarted: 1 })
    expect(verdictOn({
      typed: ['c-000001'],
      posts: [answered('c-000001', 'I cannot tell whether it was started.')],
    })).toMatchObject({ unanswered: [], toldUnclear: 1 })
  })

  test('nobody may be told that nothing ran when it did', () => {
    const executions = [worked('c-000001')]
    const tell = (text: string) =>
      verdictOn({ typed: ['c-000001'], executions, posts: [answered('c-000001', text)] })
    expect(tell('Nothing was started.').toldWrongly).toEqual(['c-000001'])
    expect(tell('It did start: execution 1.').toldWrongly).toEqual([])
    expect(tell('It seems that nothing was started.'))
      .toMatchObject({ toldWrongly: [], seemedNotStarted: ['c-000001'] })
  })
})
