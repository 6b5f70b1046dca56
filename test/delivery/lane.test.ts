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

test('an announcement never goes ahead of a reply that was there before it', () => {
  const lane = createLane<string>()
  const acknowledgements = Array.from({ length: 20 }, (_, at) => `ack ${at}`)
  for (const text of acknowledgements) lane.put(text, 'reply')
  lane.put('result of 19', 'announcement')
  expect(drain(lane)).toEqual([...acknowledgements, 'result of 19'])
})

test('replies without end leave room for announcements', () => {
  const lane = createLane<string>()
  for (const text of ['r1', 'r2', 'r3']) lane.put(text, 'announcement')
  const taken: (string | undefined)[] = []
  for (let turn = 0; turn < 15; turn++) {
    lane.put('a', 'reply')
    taken.push(lane.take())
  }
  expect(taken.join(' ')).toBe('a a a a r1 a a a a r2 a a a a r3')
})

test('whatever comes in whatever order: nothing is lost, nobody is kept waiting', () => {
  let seed = 7
  const random = () => (seed = seed * 48_271 % 2_147_483_647) / 2_147_483_647
  const lane = createLane<string>()
  const put = { reply: [] as number[], announcement: [] as number[] }
  const out = { reply: [] as number[], announcement: [] as number[] }
  const take = () => {
    const item = lane.take()
    if (item === undefined) return false
    const [turn, place] = item.split(' ') as ['reply' | 'announcement', string]
    if (turn === 'announcement') {
      expect(put.reply.filter((one) => one < Number(place) && !out.reply.includes(one))).toEqual([])
    }
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
