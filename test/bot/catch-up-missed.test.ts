import { expect, test } from 'bun:test'
import { createMissedResults } from '../../src/bot/catch-up-missed.ts'
import { sourceChannel } from '../../src/bot/origin.ts'
import { createWording } from '../../src/chat/wording.ts'
import { silentLog } from '../../src/log.ts'
import { contextOf } from './catch-up-announce.ts'

const noon = Date.UTC(2026, 10, 22, 12)
const wording = createWording(silentLog)

test('a result goes where its command was typed, unless a workflow named another channel', () => {
  const missed = createMissedResults()
  const context = contextOf('c1', 'C{{1}}')
  const link = 'https://st2/1'
  missed.add({ channel: sourceChannel('C{{1}}'), context, at: noon, link })
  missed.add({ channel: '#other', context, at: noon, link })
  missed.add({ channel: '#other', context: undefined, at: noon, link })
  const places = missed.announcements(wording, 'chatops').map(({ channel }) => channel)
  expect(places).toEqual(['fake:C{{1}}', 'fake:#other', '#other'])
})

test('the words name the first and the last time, in UTC, whatever the order', () => {
  const missed = createMissedResults()
  for (const minutes of [5, 0, 90]) {
    const at = noon + minutes * 60_000
    missed.add({ channel: '#ops', context: null, at, link: `https://st2/${minutes}` })
  }
  expect(missed.count()).toBe(3)
  expect(missed.announcements(wording, 'chatops')).toEqual([{
    route: 'chatops',
    channel: '#ops',
    message: '3 results from 2026-11-22 12:00 to 2026-11-22 13:30 UTC came while I was away:\n' +
      'https://st2/5\nhttps://st2/0\nhttps://st2/90',
    whisper: false,
    extra: {},
  }])
})
