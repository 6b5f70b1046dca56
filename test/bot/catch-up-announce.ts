import type { Announce } from '../../src/bot/announcements.ts'
import { toSourceContext } from '../../src/bot/origin.ts'
import { fingerprint } from '../../src/delivery/fingerprint.ts'
import type { Journal } from '../../src/delivery/journal.ts'
import type { Announcement } from '../../src/stackstorm/announcement.ts'

/** The context that the bot sends along with a command of its own. */
export const contextOf = (correlation: string, channel = '#ops') =>
  toSourceContext({
    correlation,
    service: 'fake',
    channel,
    thread: 'T1',
    user: { id: 'U1', name: 'alice' },
  })

/** Writes down what is new, as `announcements.ts` does with the journal, and keeps it in `posted`. */
export const createAnnounce = (
  journal: Journal,
  posted: Announcement[],
  serverTime: () => number,
): Announce =>
  async function announce(announcement, found) {
    const { context, channel, message } = announcement
    const correlation = typeof context?.correlation === 'string' ? context.correlation : undefined
    const hash = fingerprint(announcement)
    const number = await journal.accept({
      hash,
      source: found === undefined ? 'stream' : 'search',
      execution: found?.execution,
      correlation,
      service: 'fake',
      message: {
        key: hash,
        kind: 'result',
        channel,
        whisper: false,
        pretext: '',
        text: message,
        extra: {},
      },
      at: found?.at ?? serverTime(),
    })
    if (number === undefined) return
    posted.push(announcement)
    await journal.sent(number)
  }
