import { expect, test } from 'bun:test'
import { Undeliverable } from '../../../src/chat/adapter.ts'
import { ConnectionLost, ServerRefused } from '../../../src/chat/connection-failures.ts'
import { StanzaRefused } from '../../../adapters/xmpp/failures.ts'
import { joinProblem } from '../../../adapters/xmpp/muc.ts'
import { streamError } from '../../../adapters/xmpp/wire.ts'
import { ns, xml } from '../../../adapters/xmpp/xml.ts'
import { conference, startFakeXmpp } from '../../fakes/xmpp/server.ts'
import { botVariables, connectTo, outgoing, rejection } from './connect.ts'

/** What every object has, and no table of words. */
const foreign = ['constructor', 'toString', '__proto__']

test('words that nobody knows are no reason to ask a person', () => {
  for (const word of foreign) {
    expect(joinProblem(new StanzaRefused(word, 'wait', undefined), 'a@b'))
      .toEqual({ refused: undefined, advice: undefined })
    const element = xml('error', {}, xml(word, { xmlns: ns.streamErrors }))
    expect(streamError(element)).toBeInstanceOf(ConnectionLost)
  }
  expect(joinProblem(new StanzaRefused('forbidden', 'auth', undefined), 'a@b').refused)
    .toBeInstanceOf(ServerRefused)
})

test('a message that is refused with such a word has the usual advice', async () => {
  const words = [...foreign]
  await using server = await startFakeXmpp({
    people: [],
    fate: () => ({ type: 'cancel', condition: words.shift() ?? 'forbidden' }),
  })
  await using it = await connectTo(botVariables(server.port))
  await it.up()
  for (const _ of foreign) {
    const error = await rejection(it.connection.send(outgoing({ channel: `ops@${conference}` })))
    expect(error).toBeInstanceOf(Undeliverable)
    expect(error).toHaveProperty('advice', expect.stringContaining('Check the address'))
  }
})
