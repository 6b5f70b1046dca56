import type { Clock } from '../../src/clock.ts'
import type { Log } from '../../src/log.ts'
import { secretCommand } from './command.ts'
import { ServerRefused } from '../../src/chat/connection-failures.ts'
import type { IrcLine } from './line.ts'
import type { Session } from './session.ts'
import { stripFormatting } from './text.ts'

export type NickServOptions = {
  readonly session: Session
  /** The account, where it is not the nick. */
  readonly account: string | undefined
  readonly password: string
  readonly clock: Clock
  readonly log: Log
}

const nickServ = 'NickServ'
/** How long services may take, which can be away while the server is there; ms. */
const patience = 20_000
/** Services that ask again and again are answered so often; ms. */
const askedApart = 30_000

/** The words of Atheme, Anope and their kin; the old bot waited for the first two. */
const accepted = /password accepted|\bidentified\b|you are now (?:logged|recognized)|logged in as/i
const refused =
  /(?:invalid|incorrect|wrong) password|password (?:is )?(?:invalid|incorrect|wrong)|authentication failed|access denied|not (?:a )?registered|isn't registered|suspended|frozen/i
const asks = /\bidentify\b/i

/**
 * Logs in at NickServ, and again whenever it asks for that. Settles when it has taken the password, or where nobody answers:
 * services may be away. Rejects with `ServerRefused`.
 */
export const identify = async (options: NickServOptions): Promise<void> => {
  const { session, account, password, clock, log } = options
  const { wire, signal } = session
  const { promise, resolve, reject } = Promise.withResolvers<'accepted' | 'absent'>()
  promise.catch(() => {})
  let lastAsked = clock.monotonic()

  const tell = (): void => {
    lastAsked = clock.monotonic()
    const words = ['IDENTIFY', ...(account === undefined ? [] : [account]), password].join(' ')
    wire.write(secretCommand(1, 'PRIVMSG', nickServ, words))
  }

  const hear = ({ command, source, params }: IrcLine): void => {
    const words = stripFormatting(params.at(-1) ?? '')
    if (command === '900') resolve('accepted')
    else if (command === '401' && params[1]?.toLowerCase() === nickServ.toLowerCase()) {
      resolve('absent')
    }
    const isNickServ = source !== undefined && session.fold(source.nick) === session.fold(nickServ)
    if (command !== 'NOTICE' || !isNickServ) return
    if (refused.test(words)) {
      reject(
        new ServerRefused(
          `NickServ refused the bot's password: ${words}`,
          'Correct HUBOT_IRC_NICKSERV_USERNAME (the account; the nick when unset) and HUBOT_IRC_NICKSERV_PASSWORD.',
        ),
      )
    } else if (accepted.test(words)) resolve('accepted')
    else if (asks.test(words) && clock.monotonic() - lastAsked >= askedApart) tell()
  }

  wire.listen(hear)
  tell()
  const waiting = new AbortController()
  const limit = clock.sleep(patience, AbortSignal.any([signal, waiting.signal]))
    .then(() => 'absent' as const, () => 'absent' as const)
  const outcome = await Promise.race([promise, limit]).finally(() => waiting.abort())
  // The connection is over, and whoever opened it says so.
  if (signal.aborted) return
  if (outcome === 'accepted') return log.info('NickServ knows the bot.')
  log.warn('NickServ did not answer; the bot goes on without it.', {
    advice: 'Channels that want people logged in keep the bot out until services are back.',
  })
}
