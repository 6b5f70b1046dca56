import { expect, test } from 'bun:test'
import { conference, domain, startFakeXmpp } from '../../fakes/xmpp/server.ts'
import { haveRecordings, recording } from '../../recordings.ts'
import { botVariables, connectTo } from './connect.ts'

test.skipIf(!haveRecordings)(
  'of a recorded session with prosody, what people said is heard, and nothing else',
  async () => {
    const session: readonly { readonly dir: string; readonly xml: string }[] = JSON.parse(
      recording('xmpp/prosody-0.12.3-bot-session.json')
        .replaceAll('fixroom@conference.localhost', `ops@${conference}`)
        .replaceAll('localhost', domain),
    )
    await using server = await startFakeXmpp({ people: [] })
    await using it = await connectTo(botVariables(server.port))
    await it.up()
    for (const { dir, xml } of session) if (dir === 'in') server.raw(xml)
    await it.hears('muc private')
    const room = `ops@${conference}`
    const alice = `alice@${domain}`
    expect(it.heard.map(({ text, channel, direct, user }) => ({ text, channel, direct, user })))
      .toEqual([
        { text: '!help', channel: room, direct: false, user: { id: alice, name: 'alice' } },
        { text: 'help me', channel: alice, direct: true, user: { id: alice, name: 'alice' } },
        {
          text: 'muc private',
          channel: `${room}/alice`,
          direct: true,
          user: { id: alice, name: 'alice' },
        },
      ])
    expect(it.connection.health().state).toBe('connected')
  },
)
