import { expect, test } from 'bun:test'
import { ConnectionLost } from '../../../src/chat/connection-failures.ts'
import { readJid } from '../../../adapters/xmpp/jid.ts'
import { createSession } from '../../../adapters/xmpp/session.ts'
import type { Wire } from '../../../adapters/xmpp/wire.ts'
import { type Element, ns, xml } from '../../../adapters/xmpp/xml.ts'
import { createManualClock } from '../../fakes/clock.ts'
import { rejection } from './connect.ts'

/** A wire whose other end is in the test's hand. */
const createTestWire = () => {
  const sent: Element[] = []
  const cuts: Error[] = []
  let hear = (_: Element): void => {}
  const wire: Wire = {
    isSecure: () => true,
    begin: () => Promise.reject(new Error('nothing begins here')),
    send: (element) => void sent.push(element),
    next: () => Promise.reject(new Error('nothing comes here')),
    listen: (listener) => {
      hear = listener
    },
    secure: () => Promise.resolve(),
    close: () => Promise.resolve(),
    cut: (why) => void cuts.push(why),
    ended: new Promise(() => {}),
  }
  return { wire, sent, cuts, hear: (element: Element) => hear(element) }
}

const jid = readJid('hubot@xmpp.test/st2chatops')
if (jid === undefined) throw new Error('no address')

const start = (early: readonly Element[] = []) => {
  const heard: Element[] = []
  const session = createSession({
    clock: createManualClock(),
    onStanza: (stanza) => void heard.push(stanza),
  })
  const first = createTestWire()
  session.begin(first.wire, {
    kind: 'new',
    jid,
    handled: undefined,
    management: { id: 'stream' },
    early,
  })
  return { session, heard, first }
}

const message = (id: string): Element => xml('message', { id, to: 'alice@xmpp.test' })
const handled = (h: string | undefined): Element => xml('a', { xmlns: ns.management, h })
const names = (elements: readonly Element[]) =>
  elements.filter((one) => one.is('message')).map(({ attrs }) => attrs['id'])

test('a server that miscounts is left, and what it has not handled is sent again', async () => {
  for (const odd of ['2', '-1', 'x', undefined]) {
    const { session, first } = start()
    const delivered = session.deliver(message('one'), false)
    first.hear(handled(odd))
    expect(first.cuts).toEqual([expect.any(ConnectionLost)])
    session.pause()
    const second = createTestWire()
    session.begin(second.wire, { kind: 'resumed', handled: 0 })
    expect(names(second.sent)).toEqual(['one'])
    second.hear(handled('1'))
    await delivered
    expect(second.cuts).toEqual([])
  }
})

test('a stream that goes on with an impossible number is given up', async () => {
  const { session } = start()
  const delivered = rejection(session.deliver(message('one'), false))
  session.pause()
  const second = createTestWire()
  session.begin(second.wire, { kind: 'resumed', handled: 5 })
  expect(second.cuts).toHaveLength(1)
  session.pause()
  expect(await delivered).toBeInstanceOf(ConnectionLost)
  expect(session.earlier()).toBeUndefined()
})

test('what came before the server began to count is heard, and not counted', () => {
  const { heard, session, first } = start([message('early')])
  first.hear(message('late'))
  expect(names(heard)).toEqual(['early', 'late'])
  expect(session.earlier()).toEqual({ id: 'stream', handled: 1 })
})

test('only who was asked answers', async () => {
  const { session, first } = start()
  const answerFrom = async (to: string | undefined, froms: readonly (string | undefined)[]) => {
    const asked = session.ask('get', to, xml('ping', { xmlns: ns.ping }), 1_000)
    const id = first.sent.findLast((one) => one.is('iq'))?.attrs['id']
    for (const from of froms) first.hear(xml('iq', { type: 'result', id, from }))
    return (await asked).attrs['from']
  }
  const mallory = 'mallory@xmpp.test/desk'
  for (const from of [undefined, 'xmpp.test', 'hubot@xmpp.test', 'hubot@xmpp.test/st2chatops']) {
    expect(await answerFrom('xmpp.test', [mallory, from])).toBe(from)
    expect(await answerFrom(undefined, [mallory, from])).toBe(from)
  }
  const room = 'ops@rooms.xmpp.test'
  expect(await answerFrom(`${room}/Hubot`, [mallory, undefined, `${room}/hubot`]))
    .toBe(`${room}/hubot`)
})

test('what is for whoever has a nick is not sent again when the connection was away', async () => {
  const { session, first } = start()
  const handledOne = session.deliver(message('one'), true)
  const lostOne = rejection(session.deliver(message('two'), true))
  const kept = session.deliver(message('three'), false)
  expect(names(first.sent)).toEqual(['one', 'two', 'three'])
  session.pause()
  const second = createTestWire()
  session.begin(second.wire, { kind: 'resumed', handled: 1 })
  await handledOne
  expect(await lostOne).toBeInstanceOf(ConnectionLost)
  expect(names(second.sent)).toEqual(['three'])
  second.hear(handled('2'))
  await kept
})
