import { expect, test } from 'bun:test'
import { createLane, type Lane } from '../../src/delivery/lane.ts'

const drain = (lane: Lane<string>): readonly string[] => {
  const taken: string[] = []
  for (let item = lane.take(); item !== undefined; item = lane.take()) taken.push(item)
  return taken
}

test('a reply goes ahead of announcements, and each kind keeps its order', () => {
  const lane = createLane<string>()
  for (const text of ['r1', 'r2']) lane.put(text, 'announcement')
  for (const text of ['a1', 'a2']) lane.put(text, 'reply')
  expect(drain(lane)).toEqual(['a1', 'a2', 'r1', 'r2'])
})

test('a result never goes ahead of its own acknowledgement', () => {
  const lane = createLane<string>()
  const acknowledgements = Array.from({ length: 20 }, (_, at) => `ack ${at}`)
  acknowledgements.forEach((text, at) => lane.put(text, 'reply', `execution ${at}`))
  for (const at of [1, 19, 19]) lane.put(`result of ${at}`, 'announcement', `execution ${at}`)
  const taken = drain(lane)
  expect(taken.slice(0, 9)).toEqual([
    ...acknowledgements.slice(0, 4),
    'result of 1',
    'ack 4',
    'ack 19',
    'result of 19',
    'ack 5',
  ])
  expect(taken.toSorted()).toEqual(
    [...acknowledgements, 'result of 1', 'result of 19', 'result of 19'].toSorted(),
  )
})

test('sixty answers to one person hold an alert up by four messages', () => {
  const lane = createLane<string>()
  for (let at = 0; at < 60; at++) lane.put(`pong ${at}`, 'reply')
  for (const text of ['alert 1', 'alert 2', 'alert 3']) lane.put(text, 'announcement')
  const taken = drain(lane)
  expect(['alert 1', 'alert 2', 'alert 3'].map((text) => taken.indexOf(text))).toEqual([4, 6, 8])
  expect(taken).toHaveLength(63)
})

test('replies without end leave room for announcements', () => {
  const lane = createLane<string>()
  for (const text of ['r1', 'r2', 'r3']) lane.put(text, 'announcement')
  const taken: (string | undefined)[] = []
  for (let turn = 0; turn < 15; turn++) {
    lane.put('a', 'reply')
    taken.push(lane.take())
  }
  expect(taken.join(' ')).toBe('a a a a r1 a r2 a r3 a a a a a a')
})

test('whatever comes in whatever order: nothing is lost, and each kind keeps its order', () => {
  let seed = 7
  const random = () => (seed = seed * 48_271 % 2_147_483_647) / 2_147_483_647
  const lane = createLane<string>()
  const put = { reply: [] as number[], announcement: [] as number[] }
  const out = { reply: [] as number[], announcement: [] as number[] }
  const take = () => {
    const item = lane.take()
    if (item === undefined) return false
    const [turn, place] = item.split(' ') as ['reply' | 'announcement', string]
    out[turn].push(Number(place))
    return true
  }
  for (let place = 0; place < 500; place++) {
    if (random() < 0.4) take()
    const turn = random() < 0.5 ? 'reply' : 'announcement'
    put[turn].push(place)
    lane.put(`${turn} ${place}`, turn)
  }
  while (take());
  expect(out).toEqual(put)
})
