import { test } from 'bun:test'
import { xmpp as definition } from '../../adapters/xmpp/index.ts'
import { botVariables, connectTo } from '../adapters/xmpp/connect.ts'
import { haveOpenssl, selfSigned } from '../fakes/certificate.ts'
import { startConnectProxy } from '../fakes/connect-proxy.ts'
import { startRelay } from '../fakes/relay.ts'
import { startPerson } from '../fakes/xmpp/person.ts'
import { account, conference, type Fate, startFakeXmpp } from '../fakes/xmpp/server.ts'
import { haveProsody, startProsody } from '../servers/prosody.ts'
import { adapterContract } from './adapter.ts'
import type { Seen, World } from './world.ts'

const without = {
  busy: 'XMPP does not say when to come back',
  broadcast: 'XMPP has no words that alert everybody',
  memory: 'what was said while the bot was away is history, and history is never run',
  threads: 'XMPP has no threads that people see',
} as const

const openFake = async (): Promise<World> => {
  const fates: Fate[] = []
  const server = await startFakeXmpp({
    people: ['alice', 'bob'],
    fate: () => fates.shift() ?? 'taken',
  })
  const open: AsyncDisposable[] = [server]
  const room = (place: 'ops' | 'dev') => `${place}@${conference}`
  let last = (): void => {}
  return {
    definition,
    ops: room('ops'),
    secrets: [
      account.password,
      Buffer.from(`\0${account.name}\0${account.password}`).toString('base64'),
      'the-password-of-the-room',
    ],
    join: async () => {
      const it = await connectTo(botVariables(server.port, {
        HUBOT_XMPP_ROOMS: `${room('ops')}:the-password-of-the-room,${room('dev')}`,
      }))
      open.unshift(it)
      await it.up()
      return { connection: it.connection, heard: it.heard, lines: it.log.lines }
    },
    say: ({ text, place = 'ops', user = 'alice', mention = false }) => {
      const words = mention ? `hubot: ${text}` : text
      const id = Bun.randomUUIDv7()
      last = () =>
        place === 'direct' ? server.tell(user, words) : server.say(
          room(place),
          user,
          words,
          `<stanza-id xmlns="urn:xmpp:sid:0" by="${room(place)}" id="${id}"/>`,
        )
      last()
    },
    sayAgain: () => last(),
    seen: () =>
      server.posts.map(({ to, type, body }): Seen => ({
        text: body,
        channel: to,
        ...(type === 'chat' && { onlyFor: to.split('@')[0] ?? '' }),
      })),
    files: () => [],
    isConnected: server.isConnected,
    echo: () => server.say(room('ops'), 'hubot', '!echo'),
    broken: () => fates.push({ type: 'wait', condition: 'internal-server-error' }),
    refuse: () => fates.push({ type: 'auth', condition: 'forbidden' }),
    drop: server.cut,
    garbage: () => {
      for (
        const xml of [
          '<message/>',
          '<message from="@" type="chat"><body>!odd</body></message>',
          '<message from="" type="groupchat"><body>!odd</body></message>',
          `<message from="${room('ops')}" type="groupchat"><body>!odd</body></message>`,
          `<message from="${room('ops')}/alice" type="groupchat"><subject>!odd</subject></message>`,
          `<message from="${
            room('ops')
          }/alice" type="groupchat"><body>!odd</body><delay xmlns="urn:xmpp:delay" stamp="x"/></message>`,
          `<message from="${room('ops')}/alice" type="error"><body>!odd</body></message>`,
          '<message from="alice@xmpp.test" type="headline"><body>!odd</body></message>',
          '<presence from="@/@"/>',
          `<presence from="${room('ops')}/alice" type="error"/>`,
          '<iq type="get" from="alice@xmpp.test/desk"/>',
          '<iq type="result" id="nobody-asked"/>',
          '<a xmlns="urn:xmpp:sm:3" h="99"/>',
          '<unheard-of xmlns="of:nothing"/>',
        ]
      ) server.raw(xml)
    },
    [Symbol.asyncDispose]: async () => {
      for (const one of open) await one[Symbol.asyncDispose]()
    },
  }
}

adapterContract('XMPP', openFake, without)

const proxied = 'xmpp.test'
const ping = '<ping xmlns="urn:xmpp:ping"/>'
const passwords = { hubot: 'the-password-of-the-bot', alice: 'alice', bob: 'bob' } as const

/** A real server behind a proxy, with real people; what goes wrong at will is left to the stand-in. */
const openReal = async (): Promise<World> => {
  const certificate = selfSigned('localhost')
  const server = await startProsody({ users: passwords, certificate })
  const relay = await startRelay(server.port)
  const proxy = await startConnectProxy({
    hosts: { [proxied]: relay.port },
    credentials: 'us@er:pass word',
  })
  const open: AsyncDisposable[] = [relay, proxy, server]
  const room = (place: 'ops' | 'dev') => `${place}@${server.conference}`
  const person = async (name: 'alice' | 'bob') => {
    const one = await startPerson({
      port: server.port,
      domain: server.domain,
      name,
      password: passwords[name],
    })
    open.unshift(one)
    for (const place of ['ops', 'dev'] as const) await one.join(room(place), name)
    return one
  }
  let said: Promise<unknown> = Promise.resolve()
  let people: Readonly<Record<'alice' | 'bob', Awaited<ReturnType<typeof person>>>> | undefined
  return {
    definition,
    ops: room('ops'),
    secrets: [passwords.hubot, 'pass word', 'pass%20word'],
    join: async () => {
      const it = await connectTo({
        HUBOT_XMPP_USERNAME: `hubot@${server.domain}`,
        HUBOT_XMPP_PASSWORD: passwords.hubot,
        HUBOT_XMPP_ROOMS: `${room('ops')},${room('dev')}`,
        HUBOT_XMPP_HOST: proxied,
        HUBOT_XMPP_PORT: '5222',
        HUBOT_XMPP_ACCEPT_ANY_CERTIFICATE: 'true',
      }, {
        network: { proxy: { https: `http://us%40er:pass%20word@127.0.0.1:${proxy.port}` } },
      })
      open.unshift(it)
      await it.up()
      people = { alice: await person('alice'), bob: await person('bob') }
      const { alice } = people
      const { connection } = it
      return {
        connection: {
          get self() {
            return connection.self
          },
          // What the server has taken is on its way to everybody else: whoever has an answer from it has seen it.
          send: (message) =>
            connection.send(message).finally(() => alice.ask('get', server.domain, ping)),
          health: connection.health,
          close: connection.close,
        },
        heard: it.heard,
        lines: it.log.lines,
      }
    },
    say: ({ text, place = 'ops', user = 'alice', mention = false }) => {
      const words = mention ? `hubot, ${text}` : text
      // Two people have two connections: each waits until the server has heard the other.
      said = said.then(async () => {
        const speaker = people?.[user]
        if (place === 'direct') speaker?.tell(`hubot@${server.domain}`, words)
        else speaker?.say(room(place), words)
        await speaker?.ask('get', server.domain, ping).catch(() => {})
      })
    },
    seen: () => {
      const messages = people?.alice.messages ?? []
      return messages.flatMap(({ from, type, body }): readonly Seen[] => {
        const [bare = '', nick] = from.split('/')
        if (type === 'groupchat') return nick === 'hubot' ? [{ text: body, channel: bare }] : []
        return [{ text: body, channel: `alice@${server.domain}`, onlyFor: 'alice' }]
      })
    },
    files: () => [],
    isConnected: () => {
      const last = people?.alice.stanzas.findLast(({ name, attrs }) =>
        name === 'presence' && attrs['from'] === `${room('ops')}/hubot`
      )
      return last !== undefined && last.attrs['type'] !== 'unavailable'
    },
    drop: relay.cut,
    [Symbol.asyncDispose]: async () => {
      for (const one of open) await one[Symbol.asyncDispose]()
    },
  }
}

const real = 'XMPP, a real prosody, through a proxy with a password'
if (haveProsody && haveOpenssl) {
  const withStandIn = 'the stand-in does it at will'
  adapterContract(real, openReal, {
    ...without,
    broken: withStandIn,
    echo: 'each message comes back from its room: all tests have it',
    garbage: withStandIn,
    refuse: withStandIn,
    sayAgain: withStandIn,
  })
} else test.skip(`${real}: prosody and openssl are not on this host`, () => {})
