/**
 * `bun test/chaos/xmpp-restarts.ts [--restarts 20] [--lives 14000] [--executable FILE]`: an XMPP server (prosody) is killed and
 * started again while results are posted, and a person in the rooms notes every message. Ends with 1 when one is missing,
 * comes twice or out of order.
 */
import { botPassword, startXmppBot } from '../end-to-end/xmpp-bot.ts'
import { startPerson } from '../fakes/xmpp/person.ts'
import { type Prosody, startProsody } from '../servers/prosody.ts'
import { type Arena, runRestarts, type Witness } from './restarts.ts'

const rooms = Array.from({ length: 20 }, (_, number) => `room-${number}@conference.localhost`)
const password = 'alice'

const enter = async ({ port, domain }: Prosody): Promise<Witness> => {
  const person = await startPerson({ port, domain, name: 'alice', password })
  for (const room of rooms) await person.join(room, 'alice')
  return {
    seen: () =>
      person.messages.flatMap(({ from, body, isOld }) => {
        const [room = '', nick] = from.split('/', 2)
        return nick === 'hubot' && !isOld ? [{ room, text: body }] : []
      }),
    seesSomething: async () => void await person.sees(({ from }) => from.endsWith('/hubot')),
    [Symbol.asyncDispose]: person[Symbol.asyncDispose],
  }
}

/** Rooms on prosody, which keep nothing over a restart. */
export const xmppArena: Arena = {
  title: 'XMPP',
  rooms,
  apart: 40,
  open: async () => {
    const prosody = await startProsody({ users: { hubot: botPassword, alice: password } })
    return { ...prosody, enter: () => enter(prosody) }
  },
  startBot: (executable, port) =>
    startXmppBot({ executable, port, variables: { HUBOT_XMPP_ROOMS: rooms.join(',') } }),
}

if (import.meta.main) await runRestarts(xmppArena)
