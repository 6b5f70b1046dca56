import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { RetryLater, Undeliverable } from '../../src/chat/adapter.ts'
import { createAddressing } from '../../src/chat/addressing.ts'
import type { ChatMessage, OutgoingMessage } from '../../src/chat/message.ts'
import { outgoingTo, until } from '../adapters/common.ts'
import type { Joined, Point, World } from './world.ts'

const outgoing = (channel: string, more: Partial<OutgoingMessage> = {}): OutgoingMessage =>
  outgoingTo(channel)({ kind: 'answer', ...more })

/** For connections that come back after a back-off, on a busy machine; ms. */
const patience = 30_000

/** What `send` rejects with. */
const rejection = (sent: Promise<unknown>): Promise<unknown> =>
  sent.then(() => undefined, (error: unknown) => error)

/**
 * The promises that an adapter makes to the bot, whatever its service: `src/chat/adapter.ts`, in tests.
 *
 * @param open makes a fresh stand-in of the service for each test
 * @param without the points that the service cannot do, each with the reason
 */
export const adapterContract = (
  title: string,
  open: () => Promise<World>,
  without: Partial<Readonly<Record<Point, string>>> = {},
): void => {
  const pointTest = (point: Point, name: string, body: () => Promise<void>) => {
    const reason = without[point]
    if (reason === undefined) test(name, body, patience)
    else test.skip(`${name} (${reason})`, body, patience)
  }

  describe(`the adapter contract: ${title}`, () => {
    let world: World
    let joined: Joined
    const { promise: never } = Promise.withResolvers<ChatMessage>()

    beforeEach(async () => {
      world = await open()
      joined = await world.join()
    })
    afterEach(() => world[Symbol.asyncDispose]())

    /** The message at this place, when it is there. */
    const heard = async (index: number): Promise<ChatMessage> => {
      await until(() => joined.heard.length > index)
      return joined.heard[index] ?? await never
    }

    test('it connects, tells of traffic, and closes', async () => {
      const { connection } = joined
      expect(world.isConnected()).toBeTrue()
      await until(() => connection.health().state === 'connected')
      world.say({ text: '!help' })
      await heard(0)
      expect(connection.health().lastTraffic).toBeNumber()
      await connection.close()
      await until(() => !world.isConnected())
      world.say({ text: '!too late' })
      await Bun.sleep(20)
      expect(joined.heard).toHaveLength(1)
    })

    test('a message comes in with its channel, its author, and an id of its own', async () => {
      world.say({ text: '!run date' })
      world.say({ text: '!run uptime', place: 'dev', user: 'bob' })
      const first = await heard(0)
      const second = await heard(1)
      expect(first).toMatchObject({ channel: world.ops, text: '!run date', direct: false })
      expect(first.user.name).toBe('alice')
      expect(first.at).toBeNumber()
      expect(second.user.name).toBe('bob')
      expect(second.channel).not.toBe(first.channel)
      expect(second.id).not.toBe(first.id)
    })

    test('the messages of a channel come in their order', async () => {
      const texts = Array.from({ length: 20 }, (_, index) => `!number ${index}`)
      for (const text of texts) world.say({ text })
      await heard(19)
      expect(joined.heard.map(({ text }) => text)).toEqual(texts)
    })

    pointTest('addressing', "the service's own mention addresses the bot", async () => {
      world.say({ text: 'help', mention: true })
      const message = await heard(0)
      const { name, mentions } = joined.connection.self
      const addressed = createAddressing(['hubot', name, ...mentions])(message)
      expect(addressed?.text.trim()).toBe('help')
    })

    pointTest(
      'direct',
      'a direct message needs no name, and is answered where it was',
      async () => {
        world.say({ text: 'help', place: 'direct' })
        const message = await heard(0)
        expect(message.direct).toBeTrue()
        expect(message.channel).not.toBe('')
        expect(message.channel).not.toBe(world.ops)
        await joined.connection.send(outgoing(message.channel))
        expect(world.seen()).toMatchObject([{ channel: message.channel }])
      },
    )

    pointTest('threads', 'an answer stays in the thread of its question', async () => {
      world.say({ text: '!help', inThread: true })
      world.say({ text: '!help' })
      const inside = await heard(0)
      const outside = await heard(1)
      for (const { channel, thread } of [inside, outside]) {
        await joined.connection.send(outgoing(channel, { ...(thread !== undefined && { thread }) }))
      }
      expect(world.seen().map(({ inThread }) => inThread === true)).toEqual([true, false])
    })

    test('a whisper is seen by one person, or refused', async () => {
      world.say({ text: '!secret' })
      const { channel, user } = await heard(0)
      const sent = joined.connection.send(
        outgoing(channel, { user, whisper: true, text: 'for your eyes' }),
      )
      if (world.definition.features.private) {
        await sent
        expect(world.seen()).toHaveLength(1)
        expect(world.seen()[0]?.onlyFor).toBe('alice')
      } else {
        expect(await rejection(sent)).toBeInstanceOf(Undeliverable)
        expect(world.seen()).toEqual([])
      }
    })

    pointTest('receipt', 'a message that is out has an id', async () => {
      const { id } = await joined.connection.send(outgoing(world.ops))
      expect(id).toBeString()
      expect(world.seen()).toMatchObject([{ channel: world.ops, text: 'done' }])
    })

    test('pretext, text and the addressee are all there to be read', async () => {
      await joined.connection.send(outgoing(world.ops, {
        kind: 'result',
        pretext: 'the head',
        text: 'the body',
        user: { name: 'alice' },
      }))
      const text = world.seen().map((seen) => seen.text).join('\n')
      expect(text).toContain('the head')
      expect(text).toContain('the body')
    })

    pointTest('busy', 'a service that takes no more says when, and gets it once', async () => {
      world.busy?.(3_000)
      const message = outgoing(world.ops)
      const error = await rejection(joined.connection.send(message))
      expect(error).toBeInstanceOf(RetryLater)
      expect((error as RetryLater).after).toBe(3_000)
      await joined.connection.send(message)
      expect(world.seen()).toHaveLength(1)
    })

    pointTest('broken', 'a service that fails gets it later', async () => {
      world.broken?.()
      const message = outgoing(world.ops)
      expect(await rejection(joined.connection.send(message))).toBeInstanceOf(RetryLater)
      await joined.connection.send(message)
      expect(world.seen()).toHaveLength(1)
    })

    pointTest('refuse', 'a service that refuses for good is told of, with advice', async () => {
      world.refuse?.()
      const error = await rejection(joined.connection.send(outgoing(world.ops)))
      expect(error).toBeInstanceOf(Undeliverable)
      expect((error as Undeliverable).advice).not.toBe('')
      expect(world.seen()).toEqual([])
    })

    test('a long text arrives whole, in parts that the service takes', async () => {
      const { textUnits, unit } = world.definition.limits
      const size = Math.min(textUnits * 2.5, 60_000)
      const lines = Array.from(
        { length: Math.ceil(size / 20) },
        (_, n) => `line number ${n} of many`,
      )
      await joined.connection.send(outgoing(world.ops, { kind: 'result', text: lines.join('\n') }))
      const seen = world.seen()
      for (const { text } of seen) {
        expect(unit === 'bytes' ? Buffer.byteLength(text) : text.length)
          .toBeLessThanOrEqual(textUnits)
      }
      const all = [...seen.map(({ text }) => text), ...world.files()].join('\n')
      expect(lines.filter((line) => !all.includes(line))).toEqual([])
    }, patience)

    pointTest('echo', 'its own messages are not heard', async () => {
      world.echo?.()
      world.say({ text: '!help' })
      await heard(0)
      expect(joined.heard.map(({ text }) => text)).toEqual(['!help'])
    })

    pointTest('sayAgain', 'a message that comes again is the same message', async () => {
      world.say({ text: '!deploy' })
      await heard(0)
      world.sayAgain?.()
      world.say({ text: '!help' })
      await until(() => joined.heard.some(({ text }) => text === '!help'))
      const ids = joined.heard.filter(({ text }) => text === '!deploy').map(({ id }) => id)
      expect(new Set(ids).size).toBe(1)
    })

    pointTest('drop', 'a lost connection comes back, and hears again', async () => {
      world.say({ text: '!before' })
      await heard(0)
      world.drop?.()
      await until(() => joined.connection.health().state !== 'connected')
      await until(() => joined.connection.health().state === 'connected')
      world.say({ text: '!after' })
      await until(() => joined.heard.some(({ text }) => text === '!after'))
      expect(new Set(joined.heard.map(({ id }) => id)).size).toBe(2)
    })

    pointTest('memory', 'what was said while it was away is heard, once', async () => {
      world.say({ text: '!before' })
      await heard(0)
      world.drop?.()
      await until(() => joined.connection.health().state !== 'connected')
      world.say({ text: '!meanwhile' })
      await until(() => joined.heard.some(({ text }) => text === '!meanwhile'))
      expect(new Set(joined.heard.map(({ id }) => id)).size).toBe(2)
    })

    pointTest('garbage', 'what means nothing does no harm', async () => {
      world.garbage?.()
      world.say({ text: '!help' })
      await until(() => joined.heard.some(({ text }) => text === '!help'))
      expect(joined.connection.health().state).toBe('connected')
    })

    pointTest('broadcast', 'a result alerts nobody but its addressee', async () => {
      const broadcast = world.broadcast ?? ''
      const extra = { text: broadcast, fields: [{ title: 'a', value: broadcast }] }
      await joined.connection.send(
        outgoing(world.ops, { kind: 'result', pretext: broadcast, text: broadcast, extra }),
      )
      expect(world.seen()).not.toBeEmpty()
      expect(world.seen().filter(({ text }) => text.includes(broadcast))).toEqual([])
    })

    test('two instances do not hear or answer for each other', async () => {
      await using other = await open()
      const neighbour = await other.join()
      world.say({ text: '!mine' })
      other.say({ text: '!theirs' })
      await heard(0)
      await until(() => neighbour.heard.length > 0)
      await neighbour.connection.send(outgoing(other.ops))
      expect(joined.heard.map(({ text }) => text)).toEqual(['!mine'])
      expect(neighbour.heard.map(({ text }) => text)).toEqual(['!theirs'])
      expect(world.seen()).toEqual([])
    })

    test('no secret is in the log, in health or in an error, whatever fails', async () => {
      world.refuse?.()
      const refused = await rejection(joined.connection.send(outgoing(world.ops)))
      world.broken?.()
      const broken = await rejection(joined.connection.send(outgoing(world.ops)))
      world.drop?.()
      await Bun.sleep(50)
      const told = Bun.inspect(
        [joined.lines, joined.connection.health(), refused, broken],
        { depth: 12 },
      )
      expect(world.secrets.filter((secret) => told.includes(secret))).toEqual([])
    })
  })
}
