/**
 * An XMPP server before the recorder, as a process of its own: XMPP on the bot's side, the recorder's own paths behind. What goes
 * wrong at the recorder goes wrong here in XMPP's words.
 * Takes the recorder's port as its argument, prints its own as one line of JSON, and ends with its input.
 */
import console from 'node:console'
import * as v from 'valibot'
import { type Fate, type Posted, startFakeXmpp } from '../fakes/xmpp/server.ts'
import { roomOf } from './xmpp-rooms.ts'

const recorder = `http://127.0.0.1:${Number(process.argv[2])}`

const authorSchema = v.object({
  key: v.string(),
  kind: v.string(),
  thread: v.optional(v.string()),
  process: v.number(),
})
const eventsSchema = v.array(v.object({ id: v.string(), channel: v.string(), text: v.string() }))

const ask = (path: string, body: unknown): Promise<Response> =>
  fetch(`${recorder}${path}`, { method: 'POST', keepalive: false, body: JSON.stringify(body) })

/** Takes a message to the recorder. What it took and did not answer stands in the room's history all the same. */
const post = async ({ to, body }: Posted): Promise<Fate> => {
  const [, author = 'null', words = ''] = /\[\[(\{.*?\})\]\]\n?(.*)$/s.exec(body) ?? []
  const [channel] = to.split('@')
  try {
    const answer = await ask('/posts', {
      ...v.parse(authorSchema, JSON.parse(author)),
      channel,
      text: words,
    })
    await answer.text()
    if (answer.ok) return 'taken'
    if (answer.status === 404) return { type: 'auth', condition: 'forbidden' }
    return { type: 'wait', condition: 'resource-constraint' }
  } catch {
    return 'taken and cut'
  }
}

const server = await startFakeXmpp({
  people: ['alice'],
  fate: post,
  onOther: ({ name, attrs }) => {
    if (name === 'taken') void ask('/acknowledge', [attrs['id']]).catch(() => {})
  },
})

/** Takes events from the recorder for as long as somebody listens. */
const pump = async (): Promise<void> => {
  for (;;) {
    if (!server.isConnected()) {
      await Bun.sleep(20)
      continue
    }
    try {
      const answer = await fetch(`${recorder}/events`, { keepalive: false })
      for (const { id, channel, text } of v.parse(eventsSchema, await answer.json())) {
        const room = roomOf(channel)
        const stanzaId = `<stanza-id xmlns="urn:xmpp:sid:0" by="${room}" id="${id}"/>`
        server.say(room, 'alice', text, stanzaId)
      }
    } catch {
      await Bun.sleep(100)
    }
  }
}
void pump()

console.log(JSON.stringify({ port: server.port }))
for await (const _ of Bun.stdin.stream()) { /* Whoever started us still lives. */ }
process.exit(0)
