import { ServerRefused } from '../../src/chat/connection-failures.ts'
import { StanzaRefused } from './failures.ts'
import { type Element, ns, xml } from './xml.ts'

/** The most of a room's history that is looked through. */
const historyAtMost = '200'

/** The presence that joins a room (XEP-0045, section 7.2), with the history of the last `seconds`. */
export const joinPresence = (
  { room, nick, password, seconds }: {
    readonly room: string
    readonly nick: string
    readonly password: string | undefined
    readonly seconds: number
  },
): Element =>
  xml(
    'presence',
    { to: `${room}/${nick}` },
    xml(
      'x',
      { xmlns: ns.muc },
      xml('history', { seconds: String(seconds), maxstanzas: historyAtMost }),
      password === undefined ? undefined : xml('password', {}, password),
    ),
  )

/** The presence that asks for another nick (XEP-0045, section 7.6). */
export const nickPresence = (room: string, nick: string): Element =>
  xml('presence', { to: `${room}/${nick}` })

/** What unlocks a room that the bot has made, with the server's usual settings (XEP-0045, section 10.1.2). */
export const instantRoom = (): Element =>
  xml('query', { xmlns: ns.mucOwner }, xml('x', { xmlns: ns.data, type: 'submit' }))

export const statusesOf = (presence: Element): ReadonlySet<string> =>
  new Set(
    (presence.getChild('x', ns.mucUser)?.getChildren('status') ?? [])
      .map((status) => status.attrs['code'] ?? ''),
  )

const reasons: ReadonlyMap<string, string> = new Map([
  ['301', 'it was banned'],
  ['307', 'it was kicked'],
  ['321', 'it is no member any more'],
  ['322', 'the room is for members alone now'],
  ['332', 'the service is being shut down'],
  ['333', 'the service could not reach it'],
])

/** Why the room sent the bot out, in words. */
export const whyLeft = (presence: Element, statuses: ReadonlySet<string>): string => {
  const x = presence.getChild('x', ns.mucUser)
  const destroyed = x?.getChild('destroy')
  const known = [...reasons.keys()].find((code) => statuses.has(code))
  const what = destroyed !== undefined
    ? 'the room was destroyed'
    : reasons.get(known ?? '') ?? 'it is not there any more'
  const words = (destroyed ?? x?.getChild('item'))?.getChild('reason')?.getText()
  return words ? `${what} (${words})` : what
}

/** What only a person can put right. */
const refusals: ReadonlyMap<string, string> = new Map([
  ['not-authorized', 'Write its password into HUBOT_XMPP_ROOMS, as room@service:password.'],
  ['forbidden', 'The bot is banned there: an owner of the room can lift that.'],
  ['jid-malformed', 'Correct the name in HUBOT_XMPP_ROOMS, or HUBOT_XMPP_NICK.'],
  ['not-allowed', 'The service lets the bot make no rooms: make the room first.'],
  [
    'not-acceptable',
    'The room wants its own nick of the bot: set HUBOT_XMPP_NICK to the registered one.',
  ],
  ['registration-required', 'The room is for members alone: an owner can make the bot one.'],
])

/** What may pass: a server that starts, or somebody who makes the room just now and has not unlocked it. */
const troubles: ReadonlyMap<string, string> = new Map([
  ['conflict', 'If it stays so, choose another nick with HUBOT_XMPP_NICK.'],
  ['item-not-found', 'If it stays so, correct the name in HUBOT_XMPP_ROOMS, or make the room.'],
  [
    'remote-server-not-found',
    'There is no server for the domain: correct the name in HUBOT_XMPP_ROOMS, which is room@service, often with "conference." or "muc." before the domain.',
  ],
  [
    'service-unavailable',
    'If it stays so, the room is full, or the address in HUBOT_XMPP_ROOMS is no room.',
  ],
])

/** Why a room does not let the bot in: a refusal that a person must put right, or something that may pass. */
export type JoinProblem = {
  readonly refused: ServerRefused | undefined
  readonly advice: string | undefined
}

export const joinProblem = (error: unknown, room: string): JoinProblem => {
  if (!(error instanceof StanzaRefused)) return { refused: undefined, advice: undefined }
  const advice = refusals.get(error.condition)
  if (advice === undefined) return { refused: undefined, advice: troubles.get(error.condition) }
  const words = `The room ${room} does not let the bot in: ${error.message}.`
  return { refused: new ServerRefused(words, advice), advice }
}
