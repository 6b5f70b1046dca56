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

/**
 * Gets the wanted nick back for as long as the connection lives: as soon as whoever has it is seen to give it up, and once a
 * minute. People address the bot by it.
 */
export const regainNick = async (options: OwnNickOptions): Promise<void> => {
  const { session, wanted, account, clock, log } = options
  const { wire, signal } = session
  const has = (): boolean => session.nick() === wanted
  const ask = (): void => {
    if (!has()) wire.write(command('NICK', wanted))
  }
  wire.listen(({ command: verb, source, params }) => {
    if (verb !== 'QUIT' && verb !== 'NICK' && verb !== 'KILL') return
    const who = verb === 'KILL' ? params[0] : source?.nick
    if (who !== undefined && session.fold(who) === session.fold(wanted)) ask()
  })
  for (let told = false; !signal.aborted;) {
    if (has()) told = false
    else {
      if (!told) log.warn('The nick of the bot is taken.', { nick: session.nick(), wanted })
      told = true
      if (account !== undefined) {
        const words = [
          'GHOST',
          wanted,
          ...(account.password === undefined ? [] : [account.password]),
        ]
        wire.write(secretCommand(1, 'PRIVMSG', 'NickServ', words.join(' ')))
        await wire.confirm().catch(() => {})
      }
      ask()
    }
    await clock.sleep(pause, signal).catch(() => {})
  }
}
