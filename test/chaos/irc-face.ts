/**
 * An IRC server before the recorder, as a process of its own: IRC on the bot's side, the recorder's own paths behind. What goes
 * wrong at the recorder goes wrong here in IRC's words.
 * Takes the recorder's port as its argument, prints its own as one line of JSON, and ends with its input.
 */
import console from 'node:console'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import * as v from 'valibot'
import { channels } from './plan.ts'

const recorder = `http://127.0.0.1:${Number(process.argv[2])}`
const server = 'irc.chaos.test'
/** The recorder's channels have no sign before them: their first letters are it. */
const channelTypes = `#${[...new Set(channels.map((name) => name[0]))].join('')}`

const authorSchema = v.object({
  key: v.string(),
  kind: v.string(),
  thread: v.optional(v.string()),
  process: v.number(),
})
const eventsSchema = v.array(v.object({ id: v.string(), channel: v.string(), text: v.string() }))

type Client = {
  readonly socket: Socket
  /** Every second connection gives the bot its lines back (echo-message), the others answer its PINGs. */
  readonly echoes: boolean
  nick: string
  author: v.InferOutput<typeof authorSchema>
}

const clients = new Set<Client>()
let connections = 0
const nobody = { key: '', kind: '', process: 0 }

const tell = ({ socket }: Client, line: string): void => {
  if (!socket.destroyed) socket.write(`${line}\r\n`)
}

const ask = (path: string, body: unknown): Promise<Response> =>
  fetch(`${recorder}${path}`, { method: 'POST', keepalive: false, body: JSON.stringify(body) })

/** Takes a message to the recorder, and tells the bot if that takes none. */
const post = async (client: Client, channel: string, said: string): Promise<void> => {
  const { author, nick } = client
  // Whom it is for stands before a result; the recorder counts words.
  const text = said.replace(/^alice: /, '')
  let status: number
  let after: string | null
  try {
    const answer = await ask('/posts', { ...author, channel, text })
    status = answer.status
    after = answer.headers.get('retry-after')
    await answer.text()
  } catch {
    return void client.socket.destroy()
  }
  if (status === 404) tell(client, `:${server} 403 ${nick} ${channel} :No such channel`)
  else if (status === 429) {
    tell(client, `:${server} 439 ${nick} ${channel} :Please wait ${after ?? 1} seconds`)
  } else if (status >= 400) tell(client, `:${server} 263 ${nick} PRIVMSG :Please try again`)
  else if (client.echoes) tell(client, `:${nick}!bot@chaos PRIVMSG ${channel} :${said}`)
}

const welcome = (client: Client): void => {
  const { nick } = client
  tell(client, `:${server} 001 ${nick} :Welcome`)
  tell(client, `:${server} 005 ${nick} CASEMAPPING=ascii CHANTYPES=${channelTypes} :are supported`)
  tell(client, `:${server} 422 ${nick} :No message of the day`)
}

const hear = async (client: Client, line: string): Promise<void> => {
  const [, verb = '', first = '', last = ''] = /^(\S+) ?(\S*)(?: :?(.*))?$/.exec(line) ?? []
  if (verb === 'CAP') {
    const offer = client.echoes ? 'message-tags echo-message' : 'message-tags'
    if (first === 'LS') tell(client, `:${server} CAP * LS :${offer}`)
    else if (first === 'REQ') tell(client, `:${server} CAP * ACK :${last}`)
    else welcome(client)
  } else if (verb === 'NICK') client.nick = first
  else if (verb === 'PING') tell(client, `:${server} PONG ${server} :${first}`)
  else if (verb === 'JOIN') {
    for (const name of first.split(',')) tell(client, `:${client.nick}!bot@chaos JOIN :${name}`)
  } else if (verb === 'CHAOS') {
    client.author = v.parse(authorSchema, JSON.parse(line.slice('CHAOS '.length)))
  } else if (verb === 'CHAOS-TAKEN') await ask('/acknowledge', [first]).catch(() => {})
  else if (verb === 'PRIVMSG') await post(client, first, last)
  else if (verb === 'QUIT') client.socket.end()
}

const listener = createServer((socket) => {
  const client: Client = { socket, echoes: ++connections % 2 === 0, nick: '*', author: nobody }
  let rest = ''
  let last = Promise.resolve()
  clients.add(client)
  socket.setEncoding('utf8')
  socket.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\r\n')
    rest = lines.pop() ?? ''
    // One after the other: the answer to a PING tells that what came before is done.
    for (const line of lines) last = last.then(() => hear(client, line))
  })
  socket.on('error', () => {})
  socket.on('close', () => clients.delete(client))
})

/** Takes events from the recorder for as long as somebody listens. */
const pump = async (): Promise<void> => {
  for (;;) {
    if (clients.size === 0) {
      await Bun.sleep(20)
      continue
    }
    try {
      const answer = await fetch(`${recorder}/events`, { keepalive: false })
      for (const { id, channel, text } of v.parse(eventsSchema, await answer.json())) {
        const [latest] = [...clients].toReversed()
        if (latest !== undefined) {
          tell(latest, `@msgid=${id} :alice!alice@chaos PRIVMSG ${channel} :${text}`)
        }
      }
    } catch {
      await Bun.sleep(100)
    }
  }
}
void pump()

await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
console.log(JSON.stringify({ port: (listener.address() as AddressInfo).port }))
for await (const _ of Bun.stdin.stream()) { /* Whoever started us still lives. */ }
process.exit(0)
