import { connect } from 'node:net'
import { contentOf, createStanzaReader, escape, type RawStanza } from './stanzas.ts'

/** A message that a person sees. */
export type SeenMessage = {
  readonly from: string
  readonly type: string
  readonly body: string
  readonly id: string
  /** It was said before the person came. */
  readonly isOld: boolean
  readonly xml: string
}

/** Somebody with a client of a few lines, who knows nothing of the bot. */
export type Person = AsyncDisposable & {
  readonly stanzas: readonly RawStanza[]
  readonly messages: readonly SeenMessage[]
  /** Settles when the person is in the room, which is made where there is none. */
  readonly join: (room: string, nick: string, more?: string) => Promise<void>
  readonly leave: (room: string, nick: string) => void
  readonly say: (room: string, text: string, more?: string) => void
  readonly tell: (to: string, text: string, more?: string) => void
  readonly kick: (room: string, nick: string, reason: string) => void
  /** Any XML. */
  readonly raw: (xml: string) => void
  /** The answer to an IQ. */
  readonly ask: (type: 'get' | 'set', to: string, content: string) => Promise<RawStanza>
  /** The first message that is like this; waits for it. */
  readonly sees: (holds: (message: SeenMessage) => boolean) => Promise<SeenMessage>
  readonly notices: (holds: (stanza: RawStanza) => boolean) => Promise<RawStanza>
  readonly ended: Promise<void>
}

export type PersonOptions = {
  readonly port: number
  readonly domain: string
  readonly name: string
  readonly password: string
  readonly resource?: string
}

const readMessage = ({ attrs, xml }: RawStanza): SeenMessage | undefined => {
  const body = contentOf(xml, 'body')
  if (body === undefined) return undefined
  return {
    from: attrs['from'] ?? '',
    type: attrs['type'] ?? 'normal',
    body,
    id: attrs['id'] ?? '',
    isOld: /<delay\b/.test(xml),
    xml,
  }
}

/** What accepts the settings of a room that somebody has made. */
export const instantRoom =
  '<query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"/></query>'

/** Logs somebody in, without TLS, by PLAIN. Rejects when the server does not let them in. */
export const startPerson = async (options: PersonOptions): Promise<Person> => {
  const { port, domain, name, password, resource = 'desk' } = options
  const stanzas: RawStanza[] = []
  const messages: SeenMessage[] = []
  const watchers = new Set<() => void>()
  const ended = Promise.withResolvers<void>()
  let counter = 0
  const socket = connect(port, '127.0.0.1')
  socket.setEncoding('utf8')
  const read = createStanzaReader((stanza) => {
    stanzas.push(stanza)
    if (stanza.name === 'message') {
      const message = readMessage(stanza)
      if (message !== undefined) messages.push(message)
    }
    for (const look of [...watchers]) look()
  })
  socket.on('data', (chunk) => read(String(chunk)))
  socket.on('error', () => {})
  socket.on('close', () => ended.resolve())

  const find = async <Item>(
    items: readonly Item[],
    holds: (item: Item) => boolean,
  ): Promise<Item> => {
    const { promise, resolve, reject } = Promise.withResolvers<Item>()
    let from = 0
    const look = () => {
      for (; from < items.length; from++) {
        const item = items[from] as Item
        if (holds(item)) return resolve(item)
      }
    }
    watchers.add(look)
    void ended.promise.then(() => reject(new Error(`${name}'s connection has ended`)))
    look()
    return await promise.finally(() => watchers.delete(look))
  }
  const notices: Person['notices'] = (holds) => find(stanzas, holds)
  const raw = (xml: string): void => void socket.write(xml)
  const nextNamed = async (after: number, ...names: readonly string[]): Promise<RawStanza> =>
    await find(stanzas, (stanza) => stanzas.indexOf(stanza) >= after && names.includes(stanza.name))

  const header =
    `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='${domain}' version='1.0'>`
  const open = async (): Promise<void> => {
    const after = stanzas.length
    raw(header)
    await nextNamed(after, 'stream:features')
  }
  const ask: Person['ask'] = async (type, to, content) => {
    const id = `${name}-${++counter}`
    raw(`<iq type="${type}" id="${id}" to="${escape(to)}">${content}</iq>`)
    return await notices(({ name: tag, attrs }) => tag === 'iq' && attrs['id'] === id)
  }

  await open()
  const secret = Buffer.from(`\0${name}\0${password}`).toString('base64')
  raw(`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${secret}</auth>`)
  const answer = await nextNamed(0, 'success', 'failure')
  if (answer.name === 'failure') throw new Error(answer.xml)
  await open()
  raw(
    `<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>${resource}</resource></bind></iq>`,
  )
  await notices(({ attrs }) => attrs['id'] === 'bind')
  raw('<presence/>')

  const message = (type: string) => (to: string, text: string, more = ''): void => {
    const id = `${name}-${resource}-${++counter}`
    raw(
      `<message type="${type}" id="${id}" to="${escape(to)}"><body>${
        escape(text)
      }</body>${more}</message>`,
    )
  }
  return {
    stanzas,
    messages,
    join: async (room, nick, more = '') => {
      const after = stanzas.length
      raw(
        `<presence to="${room}/${
          escape(nick)
        }"><x xmlns="http://jabber.org/protocol/muc">${more}</x></presence>`,
      )
      const answer = await find(
        stanzas,
        (stanza) =>
          stanzas.indexOf(stanza) >= after && stanza.name === 'presence' &&
          (stanza.attrs['from'] ?? '').startsWith(`${room}/`) &&
          (stanza.attrs['type'] === 'error' || stanza.xml.includes("code='110'") ||
            stanza.xml.includes('code="110"')),
      )
      if (answer.attrs['type'] === 'error') throw new Error(answer.xml)
      // Who makes a room has to accept its settings: nobody else gets in before.
      if (/code=['"]201['"]/.test(answer.xml)) await ask('set', room, instantRoom)
    },
    leave: (room, nick) => raw(`<presence type="unavailable" to="${room}/${escape(nick)}"/>`),
    say: message('groupchat'),
    tell: message('chat'),
    kick: (room, nick, reason) =>
      raw(
        `<iq type="set" id="kick-${++counter}" to="${room}"><query xmlns="http://jabber.org/protocol/muc#admin"><item nick="${
          escape(nick)
        }" role="none"><reason>${escape(reason)}</reason></item></query></iq>`,
      ),
    raw,
    ask,
    sees: (holds) => find(messages, holds),
    notices,
    ended: ended.promise,
    [Symbol.asyncDispose]: async () => {
      socket.end('</stream:stream>')
      socket.destroy()
      await ended.promise
    },
  }
}
