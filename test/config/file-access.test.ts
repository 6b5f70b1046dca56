import { expect, test } from 'bun:test'
import { lettingIn } from '../../src/config/file-access.ts'

test("the bot's own group is let in, by its name where it has one", () => {
  expect(lettingIn('/etc/x.env', { uid: 65_534, gid: 4_294_000 }))
    .toBe('chgrp 4294000 /etc/x.env && chmod 640 /etc/x.env')
  expect(lettingIn('/etc/x.env', { uid: 2, gid: 2 })).toMatch(/^chgrp [a-z]+ /)
})

test("root, who looks at another's file, does not name its own group", () => {
  expect(lettingIn('/etc/x.env', { uid: 0, gid: 0 })).toStartWith("chgrp GROUP-OF-THE-BOT'S-USER ")
})
