import { describe, expect, test } from 'bun:test'
import { RetryLater } from '../../../src/chat/adapter.ts'
import type { OutgoingMessage } from '../../../src/chat/message.ts'
import { type Relay, startRelay } from '../../fakes/relay.ts'
import { instantRoom, type Person, startPerson } from '../../fakes/xmpp/person.ts'
import {
  haveProsody,
  type Prosody,
  type ProsodyOptions,
  startProsody,
} from '../../servers/prosody.ts'
import { connectTo, outgoing, rejection, type TestConnection, until } from './connect.ts'

const users = { hubot: 'hubot', alice: 'alice' } as const
const ops = 'ops@conference.localhost'

type World = AsyncDisposable & {
  readonly server: Prosody
  readonly relay: Relay
  readonly it: TestConnection
  readonly alice: Person
}

const variables = (port: number) => ({
  HUBOT_XMPP_USERNAME: 'hubot@localhost',
  HUBOT_XMPP_PASSWORD: users.hubot,
  HUBOT_XMPP_ROOMS: ops,
  HUBOT_XMPP_HOST: '127.0.0.1',
  HUBOT_XMPP_PORT: String(port),
  HUBOT_XMPP_DISALLOW_TLS: 'true',
  HUBOT_XMPP_KEEPALIVE_INTERVAL: '300',
})

/** The bot behind a wire that can be cut, and alice before the server itself. */
const openWorld = async (more: Partial<ProsodyOptions> = {}): Promise<World> => {
  const server = await startProsody({ users, ...more })
  const relay = await startRelay(server.port)
  const it = await connectTo(variables(relay.port))
  await it.up()
  const alice = await startPerson({
    port: server.port,
    domain: server.domain,
    name: 'alice',
    password: users.alice,
  })
  await alice.join(ops, 'alice')
  return {
    server,
    relay,
    it,
    alice,
    [Symbol.asyncDispose]: async () => {
      for (const one of [alice, it, relay, server]) await one[Symbol.asyncDispose]()
    },
  }
}

/** What the outbox does, without its patience. */
const sendUntilSent = async ({ it }: World, message: OutgoingMessage): Promise<void> => {
  for (;;) {
    const error = await rejection(it.connection.send(message))
    if (error === undefined) return
    if (!(error instanceof RetryLater)) throw error
    await Bun.sleep(20)
  }
}

const bodies = ({ alice }: World): readonly string[] =>
  alice.messages.filter(({ from }) => /hubot/.test(from)).map(({ body }) => body)

const settled = async (world: World): Promise<void> => {
  await sendUntilSent(world, outgoing({ text: 'the last' }))
  await world.alice.sees(({ body }) => body === 'the last')
}

describe.skipIf(!haveProsody)(
  'on a real server (prosody), a message whose confirmation was lost is there once',
  () => {
    const places: readonly (readonly [string, string])[] = [
      ['a room', ops],
      ['a person', 'alice@localhost'],
      ['a person in a room', `${ops}/alice`],
    ]
    for (const [words, channel] of places) {
      test(`in ${words}, as the server takes the stream up again`, async () => {
        await using world = await openWorld()
        world.relay.muffle()
        const sent = sendUntilSent(world, outgoing({ channel, text: 'only once' }))
        await world.alice.sees(({ body }) => body === 'only once')
        world.relay.cut()
        await sent
        await settled(world)
        expect(bodies(world)).toEqual(['only once', 'the last'])
        const joins = world.alice.stanzas.filter(({ name, attrs }) =>
          name === 'presence' && attrs['from'] === `${ops}/hubot`
        )
        expect(joins).toHaveLength(1)
      })

      test(`in ${words}, when it never arrived`, async () => {
        await using world = await openWorld()
        world.relay.freeze()
        const sent = sendUntilSent(world, outgoing({ channel, text: 'only once' }))
        await sent
        await settled(world)
        expect(bodies(world)).toEqual(['only once', 'the last'])
      })
    }

    test('in a room, by its history, where the server takes no stream up again', async () => {
      await using world = await openWorld({ without: ['smacks'] })
      world.relay.muffle()
      const sent = sendUntilSent(world, outgoing({ text: 'only once' }))
      await world.alice.sees(({ body }) => body === 'only once')
      world.relay.cut()
      await sent
      await settled(world)
      expect(bodies(world)).toEqual(['only once', 'the last'])
    })

    test('in a room that outlives its server, by its history, when the server was killed', async () => {
      await using world = await openWorld({ archive: true })
      world.relay.muffle()
      const sent = sendUntilSent(world, outgoing({ text: 'only once' }))
      await world.alice.sees(({ body }) => body === 'only once')
      await world.server.stop('SIGKILL')
      await world.server.start()
      await sent
      await sendUntilSent(world, outgoing({ text: 'the last' }))
      await using back = await startPerson({
        port: world.server.port,
        domain: world.server.domain,
        name: 'alice',
        password: users.alice,
      })
      await back.join(ops, 'alice')
      await back.sees(({ body }) => body === 'the last')
      expect(back.messages.map(({ body }) => body)).toEqual(['only once', 'the last'])
    })

    test('in a room, when the bot itself was killed and begins anew', async () => {
      await using world = await openWorld()
      const message = outgoing({ text: 'only once' })
      await world.it.connection.send(message)
      await using second = await connectTo(variables(world.server.port))
      await second.up()
      await second.connection.send(message)
      await second.connection.send(outgoing({ text: 'the last' }))
      await world.alice.sees(({ body }) => body === 'the last')
      expect(bodies(world)).toEqual(['only once', 'the last'])
    })

    test('part by part: what is out is not said again', async () => {
      await using world = await openWorld()
      const lines = Array.from({ length: 800 }, (_, number) => `this is line ${number}`)
      const sent = sendUntilSent(world, outgoing({ text: lines.join('\n') }))
      await world.alice.sees(({ body }) => body.startsWith('(2/'))
      world.relay.cut()
      await sent
      await settled(world)
      const parts = bodies(world).slice(0, -1)
      expect(parts.map((body) => body.replace(/^\(\d+\/\d+\) /, '')).join('\n').split('\n'))
        .toEqual(lines)
    })
  },
)

describe.skipIf(!haveProsody)('the bot on a real server (prosody)', () => {
  test('waits for a room that somebody makes just now', async () => {
    await using world = await openWorld()
    const fresh = 'fresh@conference.localhost'
    world.alice.raw(
      `<presence to="${fresh}/alice"><x xmlns="http://jabber.org/protocol/muc"/></presence>`,
    )
    await world.alice.notices(({ attrs }) => attrs['from'] === `${fresh}/alice`)
    await using second = await connectTo({
      ...variables(world.server.port),
      HUBOT_XMPP_USERNAME: 'hubot@localhost/second',
      HUBOT_XMPP_ROOMS: fresh,
    })
    const sent = second.connection.send(outgoing({ channel: fresh, text: 'here I am' }))
    await second.says('item-not-found')
    await world.alice.ask('set', fresh, instantRoom)
    await sent
    await world.alice.sees(({ body }) => body === 'here I am')
  })

  test('that was killed takes the place of its ghost, nick and all', async () => {
    await using world = await openWorld()
    // The server keeps the old stream for one that would take it up again.
    world.relay.freeze()
    await using second = await connectTo(variables(world.server.port))
    await second.up()
    await second.connection.send(outgoing({ text: 'I am back' }))
    const { from } = await world.alice.sees(({ body }) => body === 'I am back')
    expect(from).toBe(`${ops}/hubot`)
  })

  test('does not fight with another of the same address', async () => {
    await using world = await openWorld()
    await using second = await connectTo(variables(world.server.port))
    await second.up()
    const said = await world.it.says('conflict')
    await until(() => world.it.connection.health().state === 'failed')
    expect(world.it.connection.health().error).toContain('its own resource')
    expect(said).not.toContain(users.hubot.repeat(2))
    expect(second.connection.health().state).toBe('connected')
  })

  test('answers pings, and lets everybody see whether it is there', async () => {
    await using world = await openWorld()
    const bot = 'hubot@localhost/st2chatops'
    const pong = await world.alice.ask('get', bot, '<ping xmlns="urn:xmpp:ping"/>')
    expect(pong.attrs['type']).toBe('result')
    const other = await world.alice.ask('get', bot, '<query xmlns="of:nothing"/>')
    expect(other.xml).toContain('service-unavailable')
    // Whoever has asked for their contacts is told of changes.
    await world.alice.ask('get', 'alice@localhost', '<query xmlns="jabber:iq:roster"/>')
    world.alice.raw('<presence type="subscribe" to="hubot@localhost"/>')
    await world.alice.notices(({ attrs }) => attrs['type'] === 'subscribed')
  })

  test('a person who does not exist, or has left, is told of with advice', async () => {
    await using world = await openWorld({ without: ['offline'] })
    for (
      const channel of ['nobody@localhost', `${ops}/nobody`, 'other@conference.localhost', 'x']
    ) {
      const error = await rejection(world.it.connection.send(outgoing({ channel })))
      expect(error).toMatchObject({ name: 'Undeliverable' })
      expect(error).toHaveProperty('advice', expect.stringMatching(/.{10}/))
    }
  })

  test('what was said while its connection was cut is history, and not run', async () => {
    await using world = await openWorld()
    world.relay.freeze()
    world.alice.say(ops, '!run rm -rf /')
    world.alice.tell('hubot@localhost', '!run rm -rf /')
    await until(() => world.it.connection.health().state !== 'connected')
    await world.it.up()
    world.alice.say(ops, '!ping')
    await world.it.hears('!ping')
    expect(world.it.heard.map(({ text }) => text)).toEqual(['!ping'])
  })
})
