import type { IrcLine } from './line.ts'

/** Why a line did not reach its receiver. */
export type SendRefusal =
  | { readonly kind: 'never'; readonly reason: string; readonly advice: string }
  | { readonly kind: 'later'; readonly reason: string; readonly after: number }

const invite = 'Add the channel to HUBOT_IRC_ROOMS, or /invite the bot.'
const voice =
  'Add the channel to HUBOT_IRC_ROOMS, or /invite the bot; give it voice there (MODE +v), or take +m or the ban away.'
const gone = 'Whoever it was for has left or has another nick; correct the nick or the channel.'
const loggedIn = 'Log the bot in: HUBOT_IRC_USESASL or HUBOT_IRC_NICKSERV_PASSWORD.'

/** Numerics that answer a message with no, with the receiver as second word (modern.ircdocs.horse, and the servers' lists). */
const refusals: Readonly<Record<string, string>> = {
  '401': gone,
  '402': gone,
  '403': invite,
  '404': voice,
  '408': 'The channel takes no colours: take them out of the result.',
  '411': gone,
  '413': gone,
  '414': gone,
  '442': invite,
  '477': loggedIn,
  '486': loggedIn,
  '489': voice,
  '492': voice,
  '531': 'The receiver takes no private messages, or a rule of the network forbids it.',
  '716': 'The receiver takes messages only from those on their list: /accept the bot.',
}

/** Too many at a time, or a change of receivers that is too quick: it passes. */
const busy: ReadonlySet<string> = new Set(['263', '439'])
/** ms, where the server does not say how long. */
const pause = 10_000

const waitIn = (words: string): number => {
  const seconds = /(\d+) sec/.exec(words)?.[1]
  return seconds === undefined ? pause : Number(seconds) * 1000
}

/**
 * Reads an answer to a message that was just written; undefined for every line that is none.
 *
 * @param verb what it was written with
 * @param isTarget whether a name is its receiver's
 */
export const readRefusal = (
  { command, params }: IrcLine,
  verb: string,
  isTarget: (name: string) => boolean,
): SendRefusal | undefined => {
  const [, about = ''] = params
  const reason = `The server refused the message: ${params.at(-1) ?? command}`
  if (busy.has(command)) {
    const isOurs = isTarget(about) || about.toUpperCase() === verb
    return isOurs ? { kind: 'later', reason, after: waitIn(reason) } : undefined
  }
  if (command === 'FAIL' && params[0]?.toUpperCase() === verb) {
    return { kind: 'never', reason, advice: voice }
  }
  // Some servers call a channel that they do not know a nick.
  const advice = command === '401' && /^[#&!+]/.test(about) ? invite : refusals[command]
  if (advice === undefined || !(isTarget(about) || command === '411')) return undefined
  return { kind: 'never', reason, advice }
}
