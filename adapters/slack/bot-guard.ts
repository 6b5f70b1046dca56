import type { Clock } from '../../src/clock.ts'

/** Whether a message of another bot is listened to. */
export type Verdict = 'yes' | 'no' | 'no, and say so'

/** Bots may give commands; two that answer each other give more than so many in a minute. */
const most = 10
const window = 60_000
const rememberAtMost = 1_000

/** Keeps two bots from talking to each other for ever: each gets so many messages a minute in a channel. */
export const createBotGuard = (clock: Clock): (bot: string, channel: string) => Verdict => {
  const counts = new Map<string, { readonly until: number; heard: number }>()
  return function guard(bot, channel) {
    const key = `${bot} ${channel}`
    const now = clock.monotonic()
    const found = counts.get(key)
    if (found === undefined || found.until <= now) {
      if (counts.size >= rememberAtMost) counts.clear()
      counts.set(key, { until: now + window, heard: 1 })
      return 'yes'
    }
    found.heard++
    if (found.heard <= most) return 'yes'
    return found.heard === most + 1 ? 'no, and say so' : 'no'
  }
}
