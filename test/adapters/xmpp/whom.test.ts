import { expect, test } from 'bun:test'
import { conference, domain, type FakeXmpp, startFakeXmpp } from '../../fakes/xmpp/server.ts'
import {
  botVariables,
  connectTo,
  outgoing,
  rejection,
  type TestConnection,
  until,
} from './connect.ts'

const ops = `ops@${conference}`

const open = async () => {
  const server = await startFakeXmpp({ people: ['alice'] })
  server.hidden.add('carol')
  const it = await connectTo(botVariables(server.port))
  await it.up()
  return {
    server,
    it,
    [Symbol.asyncDispose]: async () => {
      await it[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    },
  }
}

const leave = (server: FakeXmpp, nick: string): void =>
  server.raw(`<presence from="${ops}/${nick}" type="unavailable"/>`)

const enter = (server: FakeXmpp, nick: string, address?: string): void => {
  const item = address === undefined ? '<item/>' : `<item jid="${address}/desk"/>`
  server.raw(
    `<presence from="${ops}/${nick}"><x xmlns="http://jabber.org/protocol/muc#user">${item}</x></presence>`,
  )
}

/** Somebody in the room writes to the bot alone. */
const tellThrough = (server: FakeXmpp, nick: string, text: string): void =>
  server.raw(`<message from="${ops}/${nick}" type="chat"><body>${text}</body></message>`)

/** Settles when the bot has heard all that the server has told it. */
const heardAll = async (server: FakeXmpp, it: TestConnection): Promise<void> => {
  const text = `!nothing ${it.heard.length}`
  server.tell('bob', text)
  await it.hears(text)
}

const receivers = ({ posts }: FakeXmpp) => posts.map(({ to }) => to)

test('whoever asked in private is answered through the room, where nobody left', async () => {
  await using world = await open()
  const { server, it } = world
  for (const nick of ['alice', 'carol']) {
    tellThrough(server, nick, `!show ${nick}`)
    const { user, channel } = await it.hears(`!show ${nick}`)
    await it.connection.send(outgoing({ channel, user }))
  }
  expect(receivers(server)).toEqual([`${ops}/alice`, `${ops}/carol`])
})

test('whoever takes the nick of somebody whose address is known gets nothing of theirs', async () => {
  await using world = await open()
  const { server, it } = world
  server.say(ops, 'alice', '!show')
  tellThrough(server, 'alice', '!show in private')
  const inRoom = await it.hears('!show')
  const inPrivate = await it.hears('!show in private')
  expect(inRoom.user).toEqual({ id: `alice@${domain}`, name: 'alice' })
  leave(server, 'alice')
  enter(server, 'alice', `mallory@${domain}`)
  await heardAll(server, it)
  await it.connection.send(outgoing({ ...inRoom, whisper: true }))
  await it.connection.send(outgoing({ channel: inPrivate.channel, user: inPrivate.user }))
  leave(server, 'alice')
  enter(server, 'alice')
  await heardAll(server, it)
  await it.connection.send(outgoing({ channel: inPrivate.channel, user: inPrivate.user }))
  expect(receivers(server)).toEqual(Array(3).fill(`alice@${domain}`))
})

test('where a room hides who people are, whoever comes later with a nick gets nothing from before', async () => {
  await using world = await open()
  const { server, it } = world
  server.say(ops, 'carol', '!show')
  tellThrough(server, 'carol', '!show in private')
  const inRoom = await it.hears('!show')
  const inPrivate = await it.hears('!show in private')
  const whisper = outgoing({ channel: ops, user: inRoom.user, whisper: true })
  await it.connection.send(whisper)
  expect(receivers(server)).toEqual([`${ops}/carol`])
  leave(server, 'carol')
  await heardAll(server, it)
  const late = [
    outgoing({ channel: ops, user: inRoom.user, whisper: true }),
    outgoing({ channel: inPrivate.channel, user: inPrivate.user }),
  ]
  for (const message of late) {
    expect(await rejection(it.connection.send(message))).toMatchObject({ name: 'Undeliverable' })
  }
  enter(server, 'carol')
  await heardAll(server, it)
  for (const message of late) {
    const error = await rejection(it.connection.send(message))
    expect(error).toMatchObject({ name: 'Undeliverable' })
    expect(error).toHaveProperty('message', expect.stringContaining('has left the room'))
    expect(error).toHaveProperty('advice', expect.stringMatching(/.{10}/))
  }
  expect(receivers(server)).toEqual([`${ops}/carol`])
  // What they ask themselves is answered.
  server.say(ops, 'carol', '!now it is me')
  const { user } = await it.hears('!now it is me')
  await it.connection.send(outgoing({ channel: ops, user, whisper: true }))
  expect(receivers(server)).toEqual([`${ops}/carol`, `${ops}/carol`])
})

test('whoever came after the bot, and stays, is answered also when the connection breaks', async () => {
  await using world = await open()
  const { server, it } = world
  enter(server, 'dave')
  server.hidden.add('dave')
  server.say(ops, 'dave', '!show')
  const { user } = await it.hears('!show')
  server.cut()
  await until(() => it.connection.health().state !== 'connected')
  // Not in the room yet, the bot waits for it.
  await it.connection.send(outgoing({ channel: ops, user, whisper: true }))
  expect(receivers(server)).toEqual([`${ops}/dave`])
  server.cut()
  server.hidden.delete('dave')
  await until(() => it.connection.health().state !== 'connected')
  await it.up()
  enter(server, 'dave')
  await heardAll(server, it)
  expect(await rejection(it.connection.send(outgoing({ channel: ops, user, whisper: true }))))
    .toMatchObject({ name: 'Undeliverable' })
})

test('whoever was there all the time is answered also when the bot itself was restarted', async () => {
  await using world = await open()
  const { server, it } = world
  enter(server, 'dave')
  server.hidden.add('dave')
  server.say(ops, 'dave', '!show')
  tellThrough(server, 'dave', '!show in private')
  const [inRoom, inPrivate] = [await it.hears('!show'), await it.hears('!show in private')]
  await it.connection.close()
  await using again = await connectTo(botVariables(server.port))
  await again.connection.send(outgoing({ channel: ops, user: inRoom.user, whisper: true }))
  const { channel, user } = inPrivate
  await again.connection.send(outgoing({ channel, user }))
  expect(receivers(server)).toEqual([`${ops}/dave`, `${ops}/dave`])
})

test('an address in a channel is meant, whoever asked', async () => {
  await using world = await open()
  const { server, it } = world
  server.say(ops, 'alice', '!tell carol')
  const { user } = await it.hears('!tell carol')
  await it.connection.send(outgoing({ channel: `${ops}/carol`, user }))
  expect(receivers(server)).toEqual([`${ops}/carol`])
})

test('a nick may look like the id of somebody else', async () => {
  await using world = await open()
  const { server, it } = world
  enter(server, 'carol#')
  server.say(ops, 'carol#', '!show')
  const { user } = await it.hears('!show')
  await it.connection.send(outgoing({ channel: ops, user, whisper: true }))
  expect(receivers(server)).toEqual([`${ops}/carol#`])
})
