import { expect, test } from 'bun:test'
import { ircArena } from '../chaos/irc-restarts.ts'
import { surviveRestarts } from '../chaos/restarts.ts'
import { xmppArena } from '../chaos/xmpp-restarts.ts'
import { haveNgircd } from '../servers/ngircd.ts'
import { haveProsody } from '../servers/prosody.ts'
import { compileForTests } from './compiled.ts'

const { executable } = compileForTests(haveNgircd || haveProsody)

/** Only to notice that something hangs, in ms: the bot waits longer after each restart that comes so soon. */
const limit = 240_000

const arenas = [
  ['IRC server (ngircd)', ircArena, haveNgircd],
  ['XMPP server (prosody)', xmppArena, haveProsody],
] as const
for (const [server, arena, isHere] of arenas) {
  test.skipIf(!isHere)(
    `rooms see nothing twice and miss nothing while their ${server} is killed and restarted`,
    async () => {
      const { announced, seen } = await surviveRestarts(arena, {
        executable: executable(),
        restarts: 4,
        lives: 1_000,
        say: () => {},
      })
      expect(announced.length).toBeGreaterThan(0)
      expect(seen).toEqual(announced)
    },
    limit,
  )
}
