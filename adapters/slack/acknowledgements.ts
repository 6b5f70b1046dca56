import type { OutgoingMessage } from '../../src/chat/message.ts'
import type { Log } from '../../src/log.ts'
import { anyAnswer, type SlackWeb } from './web.ts'

/** A message in its place. */
export type Placed = { readonly channel: string; readonly ts: string; readonly text: string }

/** Whoever has run more commands than this since one began does not look at its acknowledgement any more. */
const rememberAtMost = 1_000

const endings = {
  succeeded: ':white_check_mark: succeeded',
  failed: ':x: failed',
} as const

/**
 * Tells in the acknowledgement of a command how its execution ended. The two messages know each other by the execution's
 * page; the edit is a courtesy, so that a refused one is only logged.
 */
export const createAcknowledgements = (web: SlackWeb, log: Log) => {
  const open = new Map<string, Placed>()
  return async function note(message: OutgoingMessage, placed: Placed): Promise<void> {
    const { kind, link, status = 'succeeded' } = message
    if (link === undefined) return
    if (kind === 'acknowledgement') {
      open.set(link, placed)
      const oldest = open.size > rememberAtMost ? open.keys().next().value : undefined
      if (oldest !== undefined) open.delete(oldest)
      return
    }
    const acknowledgement = open.get(link)
    if (kind !== 'result' || acknowledgement === undefined) return
    open.delete(link)
    const { channel, ts, text } = acknowledgement
    await web.call('chat.update', { channel, ts, text: `${text}\n${endings[status]}` }, anyAnswer)
      .catch((error) => log.debug('An acknowledgement could not be edited.', { channel, error }))
  }
}
