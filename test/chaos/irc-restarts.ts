/**
 * `bun test/chaos/irc-restarts.ts [--restarts 20] [--lives 14000] [--executable FILE]`: an IRC server (ngircd) is killed and
 * started again while results are posted, and a person in the channels notes every line. Ends with 1 when one is missing, comes
 * twice or out of order.
 */
import { startIrcBot } from '../end-to-end/irc-bot.ts'
import { joinIrc } from '../fakes/irc/person.ts'
import { startNgircd } from '../servers/ngircd.ts'
import { type Arena, runRestarts, type Witness } from './restarts.ts'

const rooms = Array.from({ length: 20 }, (_, number) => `#room-${number}`)

const enter = async (port: number): Promise<Witness> => {
  const person = await joinIrc({ port, nick: 'alice', channels: rooms })
  return {
    seen: () => person.read.map(({ to, text }) => ({ room: to, text })),
    seesSomething: async () => void await person.readUntil((read) => read.length > 0),
    [Symbol.asyncDispose]: person[Symbol.asyncDispose],
  }
}

/** Channels on ngircd. IRC keeps nothing for who is not there. */
export const ircArena: Arena = {
  title: 'IRC',
  rooms,
  apart: 60,
  open: async () => {
    const irc = await startNgircd()
    return { ...irc, stop: irc.kill, enter: () => enter(irc.port) }
  },
  startBot: (executable, port) =>
    startIrcBot({ executable, port, variables: { HUBOT_IRC_ROOMS: rooms.join(',') } }),
}

if (import.meta.main) await runRestarts(ircArena)
