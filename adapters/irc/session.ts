import type { IrcLine } from './line.ts'
import { fold } from './names.ts'
import { type Identity, register } from './registration.ts'
import { isChannel, readSupport, type Support, unknownSupport } from './support.ts'
import type { Wire } from './wire.ts'

/** One registered connection: who the bot is on it, and what the server said of itself. */
export type Session = {
  readonly wire: Wire
  /** Aborts when the connection is over. */
  readonly signal: AbortSignal
  readonly nick: () => string
  readonly isMe: (nick: string) => boolean
  readonly support: () => Support
  readonly capabilities: () => ReadonlySet<string>
  /** When the server let the bot in, by its own clock, in ms since 1970; undefined where it tells no times. */
  readonly since: () => number | undefined
  /** A name in the form in which two spellings of it are equal here. */
  readonly fold: (name: string) => string
  readonly isChannel: (name: string) => boolean
}

/** ms for the server to look the bot up and let it in. */
const deadline = 60_000

export type SessionEvents = {
  /** The bot has another nick now. */
  readonly onNick: (nick: string) => void
  /** A line that came after the welcome. */
  readonly onLine: (line: IrcLine, session: Session) => void
}

/** Registers on a new connection. Rejects as `register` does, and ends the connection then. */
export const openSession = async (
  wire: Wire,
  identity: Identity,
  { onNick, onLine }: SessionEvents,
): Promise<Session> => {
  const over = new AbortController()
  void wire.ended.then((why) => over.abort(why))
  let nick = identity.nick
  let support = unknownSupport
  const capabilities = new Set<string>()
  const foldHere = (name: string): string => fold(name, support.caseMapping)
  const isMe = (other: string): boolean => foldHere(other) === foldHere(nick)
  const become = (next: string): void => {
    if (next !== nick) onNick(next)
    nick = next
  }
  let isWelcome = false
  let lastRefusal = ''
  let since: number | undefined
  const session: Session = {
    wire,
    signal: over.signal,
    nick: () => nick,
    isMe,
    support: () => support,
    capabilities: () => capabilities,
    since: () => since,
    fold: foldHere,
    isChannel: (name) => isChannel(name, support),
  }
  wire.listen((line: IrcLine) => {
    const { command, source, params, tags } = line
    const [first = ''] = params
    // What is known must be known when the next line comes, which may be in the same piece.
    if (!isWelcome && /^4\d\d$/.test(command)) lastRefusal = `: ${params.at(-1)}`
    if (command === '001') {
      become(first)
      since = Date.parse(tags.time ?? '') || undefined
    } else if (command === '005') support = readSupport(support, params.slice(1, -1))
    else if (command === 'NICK' && source !== undefined && isMe(source.nick)) become(first)
    if (isWelcome) onLine(line, session)
    isWelcome ||= command === '001'
  })
  const timer = setTimeout(
    () => wire.cut(`the server did not let the bot in within ${deadline / 1000} s${lastRefusal}`),
    deadline,
  )
  try {
    await register(wire, identity, (name) => capabilities.add(name))
  } catch (error) {
    wire.cut('the bot was not let in')
    throw error
  } finally {
    clearTimeout(timer)
  }
  return session
}
