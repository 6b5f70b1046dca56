import { createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { contentOf, createStanzaReader, escape, type RawStanza } from './stanzas.ts'

export const domain = 'xmpp.test'
export const conference = 'rooms.xmpp.test'
export const account = { name: 'hubot', password: 'the-password-of-the-bot' } as const

/** A message of the bot as it came in. */
export type Posted = {
  readonly to: string
  readonly type: string
  readonly id: string
  readonly body: string
}

/** What becomes of a message: taken, taken just before the connection breaks, lost without a word, or refused. */
export type Fate = 'taken' | 'taken and cut' | 'lost' | {
  readonly type: string
  readonly condition: string
}

export type FakeXmppOptions = {
  /** Who is in every room, by nick; their addresses are `nick@domain`. */
  readonly people: readonly string[]
  readonly fate?: (posted: Posted) => Fate | Promise<Fate>
  /** What is neither a stanza nor part of a login. */
  readonly onOther?: (element: RawStanza) => void
}

/** An XMPP server of few words and some age for one bot: rooms with history, and no stream management. */
export type FakeXmpp = AsyncDisposable & {
  readonly port: number
  /** What was taken. */
  readonly posts: readonly Posted[]
  /** Nicks that other people have. */
  readonly taken: Set<string>
  /** Nicks of people in every room that the bot joins, whose addresses the rooms do not tell. */
  readonly hidden: Set<string>
  readonly isConnected: () => boolean
  /** So many seconds of a room's history were asked for, each time. */
  readonly historiesAsked: readonly number[]
  /** The bot's nick in a room where it is in. */
  readonly nickIn: (room: string) => string | undefined
  /** Somebody says something in a room; only the bot hears it. */
  readonly say: (room: string, nick: string, text: string, more?: string) => void
  /** Somebody writes to the bot alone. */
  readonly tell: (name: string, text: string, more?: string) => void
  /** Any XML to the bot. */
  readonly raw: (xml: string) => void
  readonly rawBytes: (bytes: Uint8Array) => void
  readonly cut: () => void
  /** A room does not know the bot any more, and says nothing of it. */
  readonly forget: (room: string) => void
}

type Peer = {
  readonly socket: Socket
  readonly rooms: Map<string, string>
  hasSession: boolean
  isReplaced: boolean
}

const stanzaErrors = 'urn:ietf:params:xml:ns:xmpp-stanzas'
const historyAtMost = 500

const errorXml = (type: string, condition: string): string =>
  `<error type="${type}"><${condition} xmlns="${stanzaErrors}"/></error>`

export const startFakeXmpp = async (options: FakeXmppOptions): Promise<FakeXmpp> => {
  const { people, fate = () => 'taken' } = options
  const peers = new Set<Peer>()
  const posts: Posted[] = []
  const taken = new Set<string>()
  const hidden = new Set<string>()
  const historiesAsked: number[] = []
  const history = new Map<string, readonly string[]>()
  const jid = `${account.name}@${domain}/st2chatops`
  let ids = 0
  // One thing after the other, as every server does.
  let last = Promise.resolve()

  const put = ({ socket }: Peer, xml: string): void => {
    if (!socket.destroyed) socket.write(xml)
  }
  const toAll = (xml: string): void => {
    for (const peer of peers) put(peer, xml)
  }

  const present = (
    room: string,
    nick: string,
    address: string | undefined,
    codes: readonly string[] = [],
  ) =>
    `<presence from="${room}/${
      escape(nick)
    }" to="${jid}"><x xmlns="http://jabber.org/protocol/muc#user"><item${
      address === undefined ? '' : ` jid="${address}"`
    } role="participant" affiliation="none"/>${
      codes.map((code) => `<status code="${code}"/>`).join('')
    }</x></presence>`

  const messageXml = (from: string, type: string, id: string, content: string): string =>
    `<message from="${escape(from)}" to="${jid}" type="${type}" id="${
      escape(id)
    }">${content}</message>`

  const hearPresence = (peer: Peer, { attrs, xml }: RawStanza): void => {
    const [room = '', nick = ''] = (attrs['to'] ?? '').split('/')
    if (room === '' || !peer.hasSession) return
    if (attrs['type'] === 'unavailable') return void peer.rooms.delete(room)
    if (taken.has(nick)) {
      const from = escape(`${room}/${nick}`)
      return put(
        peer,
        `<presence from="${from}" to="${jid}" type="error">${
          errorXml('cancel', 'conflict')
        }</presence>`,
      )
    }
    const before = peer.rooms.get(room)
    if (before !== undefined && before !== nick) {
      put(
        peer,
        `<presence from="${room}/${
          escape(before)
        }" to="${jid}" type="unavailable"><x xmlns="http://jabber.org/protocol/muc#user"><item nick="${
          escape(nick)
        }"/><status code="303"/><status code="110"/></x></presence>`,
      )
    }
    peer.rooms.set(room, nick)
    for (const person of people) put(peer, present(room, person, `${person}@${domain}`))
    for (const person of hidden) put(peer, present(room, person, undefined))
    put(peer, present(room, nick, jid, ['110']))
    const seconds = /<history[^>]* seconds="(\d+)"/.exec(xml)?.[1]
    if (seconds !== undefined) {
      historiesAsked.push(Number(seconds))
      for (const old of history.get(room) ?? []) {
        const delay = '<delay xmlns="urn:xmpp:delay" stamp="2026-01-01T00:00:00Z"/>'
        put(peer, old.replace('</message>', `${delay}</message>`))
      }
    }
    put(peer, `<message from="${room}" to="${jid}" type="groupchat"><subject/></message>`)
  }

  const hearMessage = async (peer: Peer, { attrs, xml }: RawStanza): Promise<void> => {
    const { to = '', type = 'normal', id = '' } = attrs
    const body = contentOf(xml, 'body')
    if (body === undefined) return
    if (type === 'groupchat' && !peer.rooms.has(to)) {
      return put(peer, messageXml(to, 'error', id, errorXml('modify', 'not-acceptable')))
    }
    const posted = { to, type, id, body }
    const decided = await fate(posted)
    if (typeof decided === 'object') {
      return put(peer, messageXml(to, 'error', id, errorXml(decided.type, decided.condition)))
    }
    if (decided === 'lost') return
    posts.push(posted)
    const content = `<body>${escape(body)}</body>`
    const nick = peer.rooms.get(to)
    if (nick !== undefined) {
      const own = messageXml(`${to}/${nick}`, 'groupchat', id, content)
      const kept = history.get(to) ?? []
      history.set(to, [...kept, own].slice(-historyAtMost))
      if (decided === 'taken') put(peer, own)
    }
    if (decided === 'taken and cut') peer.socket.destroy()
  }

  const hearIq = (peer: Peer, { attrs, xml }: RawStanza): void => {
    const { id = '', to, type } = attrs
    if (type !== 'get' && type !== 'set') return
    const [room = ''] = (to ?? '').split('/')
    const head = `<iq id="${id}"${to === undefined ? '' : ` from="${escape(to)}"`} to="${jid}"`
    if (/<bind\b/.test(xml)) {
      // Whoever comes with the same address takes the place of who was there; what that one has said is not heard any more.
      for (const other of peers) {
        if (other === peer) continue
        other.isReplaced = true
        other.socket.destroy()
      }
      const bound = `<bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"><jid>${jid}</jid></bind>`
      return put(peer, `${head} type="result">${bound}</iq>`)
    }
    if (/<session\b/.test(xml)) {
      peer.hasSession = true
      return put(peer, `${head} type="result"/>`)
    }
    const isOut = room.endsWith(`@${conference}`) && !peer.rooms.has(room)
    if (/<ping\b/.test(xml) && !isOut) return put(peer, `${head} type="result"/>`)
    put(peer, `${head} type="error">${errorXml('cancel', 'not-acceptable')}</iq>`)
  }

  const wanted = Buffer.from(`\0${account.name}\0${account.password}`).toString('base64')
  const sasl = 'xmlns="urn:ietf:params:xml:ns:xmpp-sasl"'

  const accept = (socket: Socket): void => {
    const peer: Peer = { socket, rooms: new Map(), hasSession: false, isReplaced: false }
    let isIn = false
    const hear = async (stanza: RawStanza): Promise<void> => {
      if (stanza.name === 'stream:stream') {
        const features = isIn
          ? '<bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/><session xmlns="urn:ietf:params:xml:ns:xmpp-session"/>'
          : `<mechanisms ${sasl}><mechanism>PLAIN</mechanism></mechanisms>`
        put(
          peer,
          `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' from='${domain}' id='s${++ids}' version='1.0'><stream:features>${features}</stream:features>`,
        )
      } else if (stanza.name === 'auth') {
        isIn = contentOf(stanza.xml, 'auth') === wanted
        if (isIn) peers.add(peer)
        put(peer, isIn ? `<success ${sasl}/>` : `<failure ${sasl}><not-authorized/></failure>`)
      } else if (stanza.name === '/stream:stream') socket.end('</stream:stream>')
      else if (stanza.name === 'presence') hearPresence(peer, stanza)
      else if (stanza.name === 'message') await hearMessage(peer, stanza)
      else if (stanza.name === 'iq') hearIq(peer, stanza)
      else options.onOther?.(stanza)
    }
    socket.setEncoding('utf8')
    const read = createStanzaReader((stanza) => {
      last = last.then(async () => {
        if (!peer.isReplaced) await hear(stanza)
      })
    })
    socket.on('data', (chunk) => read(String(chunk)))
    socket.on('error', () => {})
    socket.on('close', () => peers.delete(peer))
  }

  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    accept(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  const cut = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    posts,
    taken,
    hidden,
    historiesAsked,
    isConnected: () => peers.size > 0,
    nickIn: (room) => [...peers].map(({ rooms }) => rooms.get(room)).find(Boolean),
    say: (room, nick, text, more = '') => {
      const content = `<body>${escape(text)}</body>${more}`
      const xml = messageXml(`${room}/${nick}`, 'groupchat', `${nick}-${++ids}`, content)
      for (const peer of peers) if (peer.rooms.has(room)) put(peer, xml)
    },
    tell: (name, text, more = '') =>
      toAll(
        messageXml(
          `${name}@${domain}/desk`,
          'chat',
          `${name}-${++ids}`,
          `<body>${escape(text)}</body>${more}`,
        ),
      ),
    raw: toAll,
    rawBytes: (bytes) => {
      for (const { socket } of peers) socket.write(bytes)
    },
    cut,
    forget: (room) => {
      for (const { rooms } of peers) rooms.delete(room)
    },
    [Symbol.asyncDispose]: async () => {
      cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
