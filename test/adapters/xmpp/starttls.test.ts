import { describe, expect, test } from 'bun:test'
import { haveOpenssl, selfSigned } from '../../fakes/certificate.ts'
import { startMeddler } from '../../fakes/xmpp/meddler.ts'
import { haveProsody, startProsody } from '../../servers/prosody.ts'
import { connectTo, until } from './connect.ts'

const command =
  '<message type="chat" from="admin@localhost/laptop" to="hubot@localhost/x"><body>!delete all</body></message>'

/** All that a bot expects of its server until it is logged in, and a command behind that. */
const wholeDialogue =
  '<stream:features><mechanisms xmlns="urn:ietf:params:xml:ns:xmpp-sasl"><mechanism>PLAIN</mechanism></mechanisms></stream:features>' +
  '<success xmlns="urn:ietf:params:xml:ns:xmpp-sasl"/><stream:features/>' +
  '<iq type="result" id="bind"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"><jid>hubot@localhost/x</jid></bind></iq>' +
  command

describe.skipIf(!haveProsody || !haveOpenssl)('what was readable on its way before TLS', () => {
  const open = async (words: string) => {
    const server = await startProsody({
      users: { hubot: 'the-password-of-the-bot' },
      certificate: selfSigned('localhost'),
    })
    const meddler = await startMeddler({ port: server.port, after: '<proceed', words })
    const it = await connectTo({
      HUBOT_XMPP_USERNAME: 'hubot@localhost',
      HUBOT_XMPP_PASSWORD: 'the-password-of-the-bot',
      HUBOT_XMPP_ROOMS: 'ops@conference.localhost',
      HUBOT_XMPP_HOST: '127.0.0.1',
      HUBOT_XMPP_PORT: String(meddler.port),
      HUBOT_XMPP_ACCEPT_ANY_CERTIFICATE: 'true',
    })
    return {
      it,
      meddler,
      [Symbol.asyncDispose]: async () => {
        for (const one of [it, meddler, server]) await one[Symbol.asyncDispose]()
      },
    }
  }

  for (const [what, words] of [['a login', wholeDialogue], ['a command', command]] as const) {
    test(`${what} that somebody on the way has added ends the connection`, async () => {
      await using world = await open(words)
      const { connection, heard } = world.it
      await until(() => connection.health().state !== 'connecting')
      expect(world.meddler.added()).toBe(1)
      expect(connection.health()).toMatchObject({ state: 'failed' })
      expect(connection.health().error).toContain('between <proceed/> and TLS')
      expect(heard).toEqual([])
    })
  }

  test('the beginning of a command is no part of what comes over TLS', async () => {
    await using world = await open(command.replace('</message>', ''))
    await world.it.up()
    expect(world.meddler.added()).toBe(1)
    expect(world.it.heard).toEqual([])
    expect(world.it.log.lines).toContainEqual(
      expect.objectContaining({ fields: { joined: 1, of: 1 } }),
    )
  })
})
