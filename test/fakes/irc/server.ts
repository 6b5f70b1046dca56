import { type AddressInfo, createServer, type Socket } from 'node:net'

/** What the stand-in does with the next message of a client instead of taking it. */
export type Fault =
  /** A numeric, with what stands behind the client's nick: `404 bot #ops :Cannot send to channel`. */
  | {
    readonly kind: 'refuse'
    readonly numeric: string
    readonly words: (target: string) => string
  }
  /** The connection is cut before it is taken, or behind that, before anybody can know. */
  | { readonly kind: 'cut'; readonly taken: boolean }
  /** The client is kicked from the channel first, and the message refused therefore. */
  | { readonly kind: 'kick' }
  /** It is taken, and not given back (echo-message). */
  | { readonly kind: 'no echo' }

/** A message that the stand-in took. */
export type Taken = { readonly from: string; readonly to: string; readonly text: string }

/** An IRC server in memory, with one client or a few; it does what a test cannot get a real one to do. */
export type FakeIrc = AsyncDisposable & {
  readonly port: number
  readonly taken: readonly Taken[]
  /** Every line of every client. */
  readonly lines: readonly string[]
  /** Nicks of who is let in. */
  readonly nicks: () => readonly string[]
  /** Who is in a channel. */
  readonly members: (channel: string) => readonly string[]
  /** A line to all clients. */
  readonly raw: (line: string) => void
  readonly say: (said: {
    readonly from: string
    readonly to: string
    readonly text: string
    readonly tags?: string
  }) => void
  /** For the next message, or WHOIS where that is refused. */
  readonly fail: (fault: Fault) => void
  readonly cut: () => void
}

export type FakeIrcOptions = {
  /** Capabilities that are offered; none when left out, and then CAP is not known at all. */
  readonly capabilities?: readonly string[]
  /** PASS that is asked for. */
  readonly password?: string
  /** SASL PLAIN logins that are taken: the whole payload in base64. */
  readonly logins?: readonly string[]
  /** Nicks that somebody has. */
  readonly taken?: readonly string[]
  /** Of a nick only so many letters are taken. */
  readonly cutsNicks?: number
  /** No user name is taken (468). */
  readonly refusesUser?: boolean
  /** Tokens of 005. */
  readonly support?: string
  /** A channel that nobody may join, with the numeric that says so. */
  readonly closed?: Readonly<Record<string, string>>
  /** The server's time at which it lets clients in, as it tells it (server-time). */
  readonly since?: string
  /** Of a JOIN, only so many channels are read. */
  readonly joinsAtOnce?: number
  /** Nicks that WHOIS knows, and the account that each is logged in to, or an empty string. */
  readonly online?: Readonly<Record<string, string>>
  /** The longest nick; a longer one is no nick (432). */
  readonly nickLength?: number
}

const server = 'irc.test.net'
const mask = (nick: string): string => `${nick}!~${nick}@127.0.0.1`

type Client = {
  readonly socket: Socket
  readonly write: (line: string) => void
  nick: string
  user: boolean
  password: string
  negotiating: boolean
  welcome: boolean
}

export const startFakeIrc = async (options: FakeIrcOptions = {}): Promise<FakeIrc> => {
  const { capabilities = [], password, logins = [], support, closed = {}, nickLength = 30 } =
    options
  const clients = new Set<Client>()
  const channels = new Map<string, Set<Client>>()
  const lines: string[] = []
  const taken: Taken[] = []
  const held = new Set(options.taken ?? [])
  let faults: Fault[] = []

  const welcome = (client: Client): void => {
    if (client.welcome || client.nick === '' || !client.user || client.negotiating) return
    if (password !== undefined && client.password !== password) {
      client.write('ERROR :Access denied: Bad server password?')
      return client.socket.destroySoon()
    }
    client.welcome = true
    const time = options.since === undefined ? '' : `@time=${options.since} `
    for (
      const [numeric, words] of [
        ['001', `:Welcome to the Internet Relay Network ${mask(client.nick)}`],
        ['002', `:Your host is ${server}, running version fake`],
        ['003', ':This server has been started just now'],
        ['004', `${server} fake abBc abehi`],
        ['005', `${support ?? 'CASEMAPPING=ascii CHANTYPES=#&+'} :are supported on this server`],
        ['375', `:- ${server} message of the day`],
        ['372', ':- hi'],
        ['376', ':End of MOTD command'],
      ]
    ) client.write(`${time}:${server} ${numeric} ${client.nick} ${words}`)
  }

  const onCap = (client: Client, [kind = '', names = '']: readonly string[]): void => {
    const me = client.nick || '*'
    if (capabilities.length === 0) return client.write(`:${server} 421 ${me} CAP :Unknown command`)
    client.negotiating = kind !== 'END'
    if (kind === 'LS') client.write(`:${server} CAP ${me} LS :${capabilities.join(' ')}`)
    else if (kind === 'REQ') client.write(`:${server} CAP ${me} ACK :${names}`)
    else welcome(client)
  }

  const onAuthenticate = (client: Client, [word = '']: readonly string[]): void => {
    const me = client.nick || '*'
    if (word === 'PLAIN' || word === 'EXTERNAL') return client.write('AUTHENTICATE +')
    const known = logins.includes(word)
    client.write(
      known
        ? `:${server} 903 ${me} :SASL authentication successful`
        : `:${server} 904 ${me} :SASL authentication failed`,
    )
  }

  const onNick = (client: Client, asked: string): void => {
    const nick = asked.slice(0, options.cutsNicks)
    const me = client.nick || '*'
    if (nick.length > nickLength) {
      return client.write(`:${server} 432 ${me} ${nick} :Nickname too long`)
    }
    if (held.has(nick)) return client.write(`:${server} 433 ${me} ${nick} :Nickname already in use`)
    if (client.welcome) client.write(`:${mask(client.nick)} NICK :${nick}`)
    client.nick = nick
    welcome(client)
  }

  const onJoin = (client: Client, names: string): void => {
    for (const name of names.split(',').slice(0, options.joinsAtOnce)) {
      const numeric = closed[name]
      if (numeric !== undefined) {
        const about = numeric === '263' ? 'JOIN' : name
        client.write(`:${server} ${numeric} ${client.nick} ${about} :Cannot join channel`)
        continue
      }
      const members = channels.get(name) ?? new Set()
      channels.set(name, members.add(client))
      client.write(`:${mask(client.nick)} JOIN :${name}`)
      client.write(`:${server} 353 ${client.nick} = ${name} :${client.nick}`)
      client.write(`:${server} 366 ${client.nick} ${name} :End of NAMES list`)
    }
  }

  const onWhois = (client: Client, nick: string): void => {
    const me = client.nick
    const [fault] = faults
    if (fault?.kind === 'refuse') {
      faults = faults.slice(1)
      return client.write(`:${server} ${fault.numeric} ${me} ${fault.words(nick)}`)
    }
    const account = options.online?.[nick]
    if (account === undefined) return client.write(`:${server} 401 ${me} ${nick} :No such nick`)
    client.write(`:${server} 311 ${me} ${nick} ~${nick} 127.0.0.1 * :real name`)
    if (account !== '') client.write(`:${server} 330 ${me} ${nick} ${account} :is logged in as`)
    client.write(`:${server} 318 ${me} ${nick} :End of /WHOIS list.`)
  }

  const onMessage = (client: Client, verb: string, to: string, text: string): void => {
    const [fault, ...others] = faults
    faults = others
    if (fault?.kind === 'refuse') {
      return client.write(`:${server} ${fault.numeric} ${client.nick} ${fault.words(to)}`)
    }
    if (fault?.kind === 'kick') {
      channels.get(to)?.delete(client)
      client.write(`:${mask('op')} KICK ${to} ${client.nick} :out`)
      return client.write(`:${server} 404 ${client.nick} ${to} :Cannot send to channel`)
    }
    if (fault?.kind === 'cut') {
      if (fault.taken) taken.push({ from: client.nick, to, text })
      return void client.socket.destroy()
    }
    if (to === '#nochan') {
      return client.write(`:${server} 401 ${client.nick} ${to} :No such nick or channel name`)
    }
    taken.push({ from: client.nick, to, text })
    if (!capabilities.includes('echo-message') || fault !== undefined) return
    client.write(`:${mask(client.nick)} ${verb} ${to} :${text}`)
  }

  const onLine = (client: Client, line: string): void => {
    if (client.socket.destroyed) return
    lines.push(line)
    if (Buffer.byteLength(line) > 510) {
      client.write('ERROR :Request too long')
      return client.socket.destroySoon()
    }
    const [, head = '', last] = /^(.*?)(?: :(.*))?$/s.exec(line) ?? []
    const [verb = '', ...words] = head.split(' ')
    const params = last === undefined ? words : [...words, last]
    const [first = '', second = ''] = params
    if (verb === 'CAP') onCap(client, params)
    else if (verb === 'AUTHENTICATE') onAuthenticate(client, params)
    else if (verb === 'PASS') client.password = first
    else if (verb === 'NICK') onNick(client, first)
    else if (verb === 'USER') {
      if (options.refusesUser) {
        return client.write(`:${server} 468 ${client.nick} USER :Your username is not valid`)
      }
      client.user = true
      welcome(client)
    } else if (verb === 'PING') client.write(`:${server} PONG ${server} :${first}`)
    else if (verb === 'JOIN') onJoin(client, first)
    else if (verb === 'WHOIS') onWhois(client, first)
    else if (verb === 'PRIVMSG' || verb === 'NOTICE') onMessage(client, verb, first, second)
    else if (verb === 'QUIT') {
      client.write(`ERROR :"${first}"`)
      client.socket.end()
    }
  }

  const listener = createServer((socket) => {
    const client: Client = {
      socket,
      write: (line) => void (socket.destroyed || socket.write(`${line}\r\n`)),
      nick: '',
      user: false,
      password: '',
      negotiating: false,
      welcome: false,
    }
    clients.add(client)
    let rest = ''
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => {
      const parts = (rest + chunk).split('\r\n')
      rest = parts.pop() ?? ''
      for (const line of parts) onLine(client, line)
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      clients.delete(client)
      for (const members of channels.values()) members.delete(client)
    })
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const cut = (): void => {
    for (const { socket } of clients) socket.destroy()
  }
  const raw = (line: string): void => {
    for (const client of clients) client.write(line)
  }

  return {
    port: (listener.address() as AddressInfo).port,
    taken,
    lines,
    nicks: () => [...clients].filter((client) => client.welcome).map(({ nick }) => nick),
    members: (channel) => [...channels.get(channel) ?? []].map(({ nick }) => nick),
    raw,
    say: ({ from, to, text, tags }) =>
      raw(`${tags === undefined ? '' : `@${tags} `}:${mask(from)} PRIVMSG ${to} :${text}`),
    fail: (fault) => void faults.push(fault),
    cut,
    [Symbol.asyncDispose]: async () => {
      cut()
      await new Promise((resolve) => listener.close(resolve))
    },
  }
}
