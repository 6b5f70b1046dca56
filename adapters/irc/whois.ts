import { RetryLater } from '../../src/chat/adapter.ts'
import { command } from './command.ts'
import type { Source } from './line.ts'
import type { Session } from './session.ts'

/** Who has a nick, by the word of the server. */
export type Holder = { readonly source: Source; readonly account: string | undefined }

/** ms, when the server wants fewer questions. */
const pause = 10_000

/**
 * Asks the server who has a nick: undefined for nobody. Rejects with `RetryLater` when it does not answer now, with `ConnectionLost` when
 * the connection ends.
 */
export const holderOf = async (session: Session, nick: string): Promise<Holder | undefined> => {
  let source: Source | undefined
  let account: string | undefined
  let busy = false
  const stop = session.wire.listen(({ command: verb, params: [, about = '', first, host] }) => {
    if (verb === '263' && about.toUpperCase() === 'WHOIS') busy = true
    if (session.fold(about) !== session.fold(nick) || first === undefined) return
    // RPL_WHOISUSER, RPL_WHOISACCOUNT
    if (verb === '311' && host !== undefined) source = { nick: about, user: first, host }
    else if (verb === '330') account = first
  })
  try {
    await session.wire.confirm(command('WHOIS', nick))
  } finally {
    stop()
  }
  if (busy) throw new RetryLater(`The server does not say now who ${nick} is.`, { after: pause })
  return source === undefined ? undefined : { source, account }
}
