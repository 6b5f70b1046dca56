import { expect, test } from 'bun:test'
import { ConnectionLost } from '../../../src/chat/connection-failures.ts'
import { StanzaRefused } from '../../../adapters/xmpp/failures.ts'
import { createFlights, stanzaId } from '../../../adapters/xmpp/flights.ts'
import { rejection } from './connect.ts'

const room = 'ops@conference.test'
const sent = (): Promise<void> => Promise.resolve()

const start = (more: { readonly id?: string; readonly body?: string } = {}) => {
  const flights = createFlights()
  const id = more.id ?? stanzaId('a message', 0)
  const landed = flights.follow({ id, room, body: more.body ?? 'PONG' }, sent)
  let state = 'under way'
  void landed.then(() => state = 'landed', (error) => state = error.name)
  const settled = async (): Promise<string> => {
    await new Promise((resolve) => setImmediate(resolve))
    return state
  }
  return { flights, id, landed, settled }
}

test('a message lands when its room shows it, now or as history', async () => {
  for (const isOld of [false, true]) {
    const { flights, id, settled } = start()
    flights.reflected({ room, ids: [id], body: 'PONG', isOld })
    expect(await settled()).toBe('landed')
    expect(flights.hasLanded(id)).toBeTrue()
  }
})

test('another message of the bot with the same words is not it', async () => {
  const { flights, settled } = start()
  flights.reflected({ room, ids: [stanzaId('another', 0)], body: 'PONG', isOld: false })
  flights.reflected({ room, ids: ['other'], body: 'PONG', isOld: true })
  flights.reflected({ room: 'dev@conference.test', ids: ['other'], body: 'PONG', isOld: false })
  expect(await settled()).toBe('under way')
})

test('a room that gives ids of its own shows it by its words', async () => {
  const { flights, settled } = start({ body: 'two  words\n' })
  flights.reflected({ room, ids: ['5dXqyRDrHh7PKeX2MxLfgW-h'], body: 'two words', isOld: false })
  expect(await settled()).toBe('landed')
})

test('another attempt follows the same message, and sends nothing', async () => {
  const { flights, id, landed } = start()
  let launched = 0
  const again = flights.follow({ id, room, body: 'PONG' }, async () => void launched++)
  flights.reflected({ room, ids: [id], body: 'PONG', isOld: false })
  await Promise.all([landed, again])
  expect(launched).toBe(0)
})

test('what is refused, or was not there when its room was looked through, may be sent again', async () => {
  const refused = start()
  expect(refused.flights.refused('of nobody', new StanzaRefused('forbidden', 'auth', '')))
    .toBeFalse()
  expect(refused.flights.refused(refused.id, new StanzaRefused('forbidden', 'auth', ''))).toBeTrue()
  expect(await rejection(refused.landed)).toBeInstanceOf(StanzaRefused)
  const lost = start()
  lost.flights.settle('dev@conference.test')
  expect(await lost.settled()).toBe('under way')
  lost.flights.settle(room)
  expect(await rejection(lost.landed)).toBeInstanceOf(ConnectionLost)
  expect(lost.flights.hasLanded(lost.id)).toBeFalse()
})

test('ids are the same for the same part of a message, and tell nothing of it', () => {
  expect(stanzaId('key', 0)).toBe(stanzaId('key', 0))
  expect(stanzaId('key', 0)).not.toBe(stanzaId('key', 1))
  expect(stanzaId('key', 0)).toMatch(/^st2-[\w-]{20}$/)
})
