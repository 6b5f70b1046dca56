import { X509Certificate } from 'node:crypto'
import { expect, test } from 'bun:test'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { haveOpenssl, selfSigned } from '../fakes/certificate.ts'
import { joinIrc } from '../fakes/irc/person.ts'
import { haveAtheme, startAtheme } from '../servers/atheme.ts'
import { haveInspircd, startInspircd } from '../servers/inspircd.ts'
import { haveNgircd, startNgircd } from '../servers/ngircd.ts'
import { compileForTests } from './compiled.ts'
import { startIrcBot } from './irc-bot.ts'

/** Only to notice that something hangs; ms. */
const limit = 90_000
const link = 'the-link'
const password = 'hubots-own-password'
const wrong = 'a-wrong-password'

const withNickServ = haveNgircd && haveAtheme
const withSasl = haveInspircd && haveAtheme && haveOpenssl

const { folder, executable } = compileForTests(withNickServ || withSasl)

test.skipIf(!withNickServ)(
  'the executable logs in at NickServ, and tells a wrong password with what to do (ngircd, atheme-services)',
  async () => {
    await using irc = await startNgircd({ services: link })
    await using services = await startAtheme(
      { ircd: 'ngircd', port: irc.port, password: link },
      irc.port,
    )
    await services.register('hubot', password, irc.port)
    await using alice = await joinIrc({ port: irc.port, nick: 'alice', channels: ['#ops'] })
    await using right = await startIrcBot({
      executable: executable(),
      port: irc.port,
      variables: { HUBOT_IRC_NICKSERV_PASSWORD: password },
    })
    expect(await right.program.until(/Connected to IRC/)).toContain('NickServ knows the bot')
    await alice.line(/^:hubot!\S+ JOIN :?#ops/)
    await using bad = await startIrcBot({
      executable: executable(),
      port: irc.port,
      variables: {
        HUBOT_IRC_NICKSERV_USERNAME: 'hubot',
        HUBOT_IRC_NICKSERV_PASSWORD: wrong,
      },
    })
    expect(await bad.program.until(/could not be opened/)).toContain('HUBOT_IRC_NICKSERV_PASSWORD')
    expect(alice.lines.filter((line) => /^:hubot1!\S+ JOIN/.test(line))).toEqual([])
    expect(right.program.said() + bad.program.said()).not.toMatch(`${password}|${wrong}`)
  },
  limit,
)

test.skipIf(!withSasl)(
  'the executable logs in by SASL, and StackStorm hears of accounts (inspircd, atheme-services)',
  async () => {
    const { cert, key } = selfSigned('hubot')
    const files = {
      HUBOT_IRC_CLIENT_CERTIFICATE: join(folder(), 'own.pem'),
      HUBOT_IRC_CLIENT_KEY: join(folder(), 'own.key'),
    }
    writeFileSync(files.HUBOT_IRC_CLIENT_CERTIFICATE, cert)
    writeFileSync(files.HUBOT_IRC_CLIENT_KEY, key)
    const fingerprint = new X509Certificate(cert).fingerprint256.replaceAll(':', '').toLowerCase()
    await using irc = await startInspircd({ certificate: selfSigned('127.0.0.1'), services: link })
    await using services = await startAtheme(
      { ircd: 'inspircd', port: irc.serverPort, password: link },
      irc.port,
    )
    await services.register('hubot', password, irc.port, [`CERT ADD ${fingerprint}`])
    await services.register('alice', 'alices-password', irc.port)
    const start = (variables: Readonly<Record<string, string>>) =>
      startIrcBot({
        executable: executable(),
        port: irc.tlsPort,
        variables: {
          HUBOT_IRC_USESSL: 'true',
          HUBOT_IRC_SERVER_FAKE_SSL: 'true',
          HUBOT_IRC_USESASL: 'true',
          HUBOT_IRC_USERNAME: 'hubot',
          ...variables,
        },
      })
    await using bad = await start({ HUBOT_IRC_PASSWORD: wrong })
    expect(await bad.program.until(/could not be opened/)).toContain('HUBOT_IRC_PASSWORD')
    await using external = await start({ HUBOT_IRC_SASL_MECHANISM: 'EXTERNAL', ...files })
    await external.program.until(/Connected to IRC/)
    await using plain = await start({ HUBOT_IRC_PASSWORD: password, HUBOT_IRC_NICK: 'deputy' })
    await plain.program.until(/Connected to IRC/)
    await plain.program.until(/aliases loaded/)
    await using alice = await joinIrc({ port: irc.port, nick: 'ally', channels: ['#ops'] })
    alice.say('NickServ', 'IDENTIFY alice alices-password')
    await alice.line(/You are now identified/)
    alice.say('#ops', 'deputy: run echo hello on localhost')
    await alice.readUntil((read) => read.some(({ text }) => text.startsWith('ally: Action')))
    expect(plain.sandbox.executions()[0]?.context).toMatchObject({ api_user: 'alice' })
    const said = [bad, external, plain].map(({ program }) => program.said()).join('')
    expect(said).not.toMatch(`${password}|${wrong}`)
  },
  limit,
)
