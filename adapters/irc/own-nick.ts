import type { Clock } from '../../src/clock.ts'
import type { Log } from '../../src/log.ts'
import { command, secretCommand } from './command.ts'
import type { Session } from './session.ts'

export type OwnNickOptions = {
  readonly session: Session
  readonly wanted: string
  /** Whether services know the bot, and its password there: they can then show out whoever has its nick. */
  readonly account: { readonly password: string | undefined } | undefined
  readonly clock: Clock
  readonly log: Log
}

/** ms between two attempts to have the nick. */
const pause = 60_000
const nickServ = 'NickServ'

/**
 * Gets the wanted nick back for as long as the connection lives: as soon as whoever has it is seen to give it up, and once a
 * minute. People address the bot by it.
 */
export const regainNick = async (options: OwnNickOptions): Promise<void> => {
  const { session, wanted, account, clock, log } = options
  const { wire, signal } = session
  // A server that allows fewer letters has cut it: that is the nick here.
  const has = (): boolean => wanted.startsWith(session.nick())
  // Without services anybody may call themselves NickServ: who has not answered is not told the password again.
  let servicesAnswer = true
  const ask = (): void => {
    if (!has()) wire.write(command('NICK', wanted))
  }
  const isWanted = (nick: string | undefined): boolean =>
    nick !== undefined && session.fold(nick) === session.fold(wanted)
  const isNickServ = (nick: string | undefined): boolean =>
    nick !== undefined && session.fold(nick) === session.fold(nickServ)
  wire.listen(({ command: verb, source, params }) => {
    const isFree = verb === 'KILL'
      ? isWanted(params[0])
      : (verb === 'QUIT' || verb === 'NICK') && isWanted(source?.nick)
    // Services take their time: what they say may be that they have done it.
    const fromServices = verb === 'NOTICE' && isNickServ(source?.nick)
    servicesAnswer ||= fromServices
    if (isFree || fromServices) ask()
  })
  const showOut = (): void => {
    const password = account?.password
    const words = ['GHOST', wanted, ...(password === undefined ? [] : [password])]
    wire.write(secretCommand(1, 'PRIVMSG', nickServ, words.join(' ')))
  }

  for (let told = false; !signal.aborted;) {
    if (has()) told = false
    else {
      if (!told) log.warn('The nick of the bot is taken.', { nick: session.nick(), wanted })
      told = true
      if (account !== undefined && servicesAnswer) {
        servicesAnswer = false
        showOut()
        await wire.confirm().catch(() => {})
      }
      ask()
    }
    await clock.sleep(pause, signal).catch(() => {})
  }
}
