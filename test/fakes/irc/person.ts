import { connect as connectPlain, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

/** Something that was said where a person could read it. */
export type Read = {
  readonly from: string
  readonly to: string
  readonly text: string
  readonly kind: 'PRIVMSG' | 'NOTICE'
  /** Bytes of the whole line as the server sent it, its tags left out. */
  readonly bytes: number
}

/**
 * Somebody in a channel: a client of a few lines that shares nothing with the adapter. It notes every line that it gets.
 */
export type Person = AsyncDisposable & {
  readonly nick: string
  readonly lines: readonly string[]
  readonly read: readonly Read[]
  readonly write: (line: string) => void
  readonly say: (to: string, text: string) => void
  /** Settles with the first line, from `from` on, that has this in it. */
  readonly line: (pattern: RegExp, from?: number) => Promise<string>
  /** Settles with what was read when `holds` is true of it. */
  readonly readUntil: (holds: (read: readonly Read[]) => boolean) => Promise<readonly Read[]>
  readonly isConnected: () => boolean
}

export type PersonOptions = {
  readonly port: number
  readonly nick: string
  readonly channels?: readonly string[]
  readonly password?: string
  readonly tls?: boolean
  /** Lines for the server before it lets anybody in, such as of SASL. */
  readonly before?: readonly string[]
}

const readLine = (line: string): Read | undefined => {
  const [, from, kind, to, text] =
    /^(?:@\S+ )?:([^!\s]+)\S* (PRIVMSG|NOTICE) (\S+) :?(.*)$/.exec(line) ?? []
  if (from === undefined || to === undefined || text === undefined) return undefined
  if (kind !== 'PRIVMSG' && kind !== 'NOTICE') return undefined
  const bytes = Buffer.byteLength(line.replace(/^@\S+ /, '')) + 2
  return { from, to, text, kind, bytes }
}

const open = (port: number, tls: boolean): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const host = '127.0.0.1'
    const socket = tls
      ? connectTls({ host, port, rejectUnauthorized: false })
      : connectPlain({ host, port })
    socket.once(tls ? 'secureConnect' : 'connect', () => resolve(socket)).once('error', reject)
  })

/** Joins the network, and settles when it is in its channels. Rejects when it is not let in. */
export const joinIrc = async (options: PersonOptions): Promise<Person> => {
  const { port, nick, channels = [], password, tls = false, before = [] } = options
  const socket = await open(port, tls)
  const lines: string[] = []
  const read: Read[] = []
  const looks = new Set<() => void>()
  let rest = Buffer.alloc(0)
  let connected = true

  const write = (line: string): void => void socket.write(`${line}\r\n`)
  const hear = (line: string): void => {
    if (line.startsWith('PING')) return write(line.replace('PING', 'PONG'))
    lines.push(line)
    const one = readLine(line)
    if (one !== undefined) read.push(one)
  }
  const look = (): void => {
    for (const one of [...looks]) one()
  }
  socket.on('error', () => {})
  socket.on('close', () => {
    connected = false
    look()
  })
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk])
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      hear(rest.subarray(0, end).toString().replace(/\r$/, ''))
      rest = rest.subarray(end + 1)
    }
    look()
  })
  /** Settles with what `find` gives, as soon as it gives something. */
  const until = <Value>(find: () => Value | undefined): Promise<Value> =>
    new Promise((resolve, reject) => {
      const one = (): void => {
        const found = find()
        if (found !== undefined) resolve(found)
        else if (connected) return
        else reject(new Error(`${nick} was disconnected: ${lines.at(-1)}`))
        looks.delete(one)
      }
      looks.add(one)
      one()
    })

  if (password !== undefined) write(`PASS ${password}`)
  for (const line of before) write(line)
  write(`NICK ${nick}`)
  write(`USER ${nick} 0 * :${nick}`)
  await until(() => lines.find((line) => / 001 /.test(line)))
  for (const channel of channels) {
    write(`JOIN ${channel}`)
    await until(() => lines.find((line) => line.includes(` 366 ${nick} ${channel.split(' ')[0]} `)))
  }
  return {
    nick,
    lines,
    read,
    write,
    say: (to, text) => write(`PRIVMSG ${to} :${text}`),
    line: (pattern, from = 0) => until(() => lines.slice(from).find((line) => pattern.test(line))),
    readUntil: (holds) => until(() => holds(read) ? read : undefined),
    isConnected: () => connected,
    [Symbol.asyncDispose]: async () => {
      socket.destroy()
    },
  }
}
