import { X509Certificate } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { haveOpenssl, selfSigned } from '../../fakes/certificate.ts'
import { hurriedClock } from '../../fakes/hurried-clock.ts'
import { joinIrc } from '../../fakes/irc/person.ts'
import { type Atheme, haveAtheme, startAtheme } from '../../servers/atheme.ts'
import { haveInspircd, type Inspircd, startInspircd } from '../../servers/inspircd.ts'
import { haveNgircd, type Ngircd, startNgircd } from '../../servers/ngircd.ts'
import { connectTo, outgoing, until, type Variables } from './connect.ts'

const link = 'the-link'
const password = 'hubots-own-password'
/** Only to notice that something hangs; ms. */
const limit = 60_000

describe.skipIf(!haveNgircd || !haveAtheme)('NickServ (ngircd and atheme-services)', () => {
  let irc: Ngircd
  let services: Atheme
  beforeAll(async () => {
    irc = await startNgircd({ services: link })
    services = await startAtheme({ ircd: 'ngircd', port: irc.port, password: link }, irc.port)
    await services.register('hubot', password, irc.port)
  }, limit)
  afterAll(async () => {
    await services[Symbol.asyncDispose]()
    await irc[Symbol.asyncDispose]()
  })
  const variables = { HUBOT_IRC_NICKSERV_PASSWORD: password, HUBOT_IRC_DEBUG: 'true' }

  test('channels are joined when NickServ knows the bot', async () => {
    await using it = await connectTo(irc.port, variables)
    await it.up()
    const lines = it.log.lines.map(({ message }) => message)
    const known = lines.findIndex((line) => line.includes('You are now identified'))
    expect(known).toBeGreaterThan(-1)
    expect(lines.findIndex((line) => line.startsWith('IRC > JOIN'))).toBeGreaterThan(known)
    expect(JSON.stringify(it.log.lines)).not.toContain(password)
  }, limit)

  test('an account of another name is named', async () => {
    await using it = await connectTo(irc.port, {
      ...variables,
      HUBOT_IRC_NICK: 'deputy',
      HUBOT_IRC_NICKSERV_USERNAME: 'hubot',
    })
    await it.up()
    expect(JSON.stringify(it.log.lines)).toContain('NickServ knows the bot')
  }, limit)

  test('a wrong password is told with what to do, and no channel is joined', async () => {
    await using it = await connectTo(irc.port, {
      ...variables,
      HUBOT_IRC_NICKSERV_PASSWORD: 'wrong-password',
    })
    await until(() => it.connection.health().state === 'failed')
    expect(it.connection.health().error).toContain('HUBOT_IRC_NICKSERV_PASSWORD')
    const told = JSON.stringify([it.log.lines, it.connection.health()])
    expect(told).not.toContain('JOIN')
    expect(told).not.toContain('wrong-password')
  }, limit)

  test('whoever has the nick of the bot is shown out', async () => {
    await using _ = await joinIrc({ port: irc.port, nick: 'hubot' })
    await using it = await connectTo(irc.port, {
      ...variables,
      HUBOT_IRC_NICKSERV_USERNAME: 'hubot',
    })
    await it.up()
    await until(() => it.connection.self.name === 'hubot')
  }, limit)

  test(
    'whoever calls themselves NickServ and says nothing hears of the password twice at most',
    async () => {
      await using alone = await startNgircd()
      await using _ = await joinIrc({ port: alone.port, nick: 'hubot' })
      await using thief = await joinIrc({ port: alone.port, nick: 'NickServ' })
      const clock = hurriedClock()
      await using it = await connectTo(alone.port, variables, { clock })
      await it.up()
      const from = clock.waits.length
      await until(() => clock.waits.slice(from).filter((ms) => ms === 60_000).length > 5)
      await it.connection.send(outgoing({ channel: 'NickServ', text: 'last' }))
      await thief.readUntil((read) => read.some(({ text }) => text === 'last'))
      expect(thief.read.filter(({ text }) => text.includes(password))).toHaveLength(2)
    },
    limit,
  )

  test('without services the bot comes up all the same', async () => {
    await using alone = await startNgircd()
    await using it = await connectTo(alone.port, variables)
    await it.up()
    expect(JSON.stringify(it.log.lines)).toContain('NickServ did not answer')
  }, limit)
})

describe.skipIf(!haveInspircd || !haveAtheme || !haveOpenssl)(
  'SASL and accounts (inspircd and atheme-services)',
  () => {
    let irc: Inspircd
    let services: Atheme
    let folder: string
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'st2chatops-sasl-'))
      const { cert, key } = selfSigned('hubot')
      writeFileSync(join(folder, 'cert.pem'), cert)
      writeFileSync(join(folder, 'key.pem'), key)
      const fingerprint = new X509Certificate(cert).fingerprint256.replaceAll(':', '')
      irc = await startInspircd({ certificate: selfSigned('127.0.0.1'), services: link })
      services = await startAtheme(
        { ircd: 'inspircd', port: irc.serverPort, password: link },
        irc.port,
      )
      await services.register('hubot', password, irc.port, [
        `CERT ADD ${fingerprint.toLowerCase()}`,
      ])
      await services.register('alice', 'alices-password', irc.port)
    }, limit)
    afterAll(async () => {
      await services[Symbol.asyncDispose]()
      await irc[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true })
    })

    const connect = (variables: Variables) =>
      connectTo(irc.tlsPort, {
        HUBOT_IRC_USESSL: 'true',
        HUBOT_IRC_SERVER_FAKE_SSL: 'true',
        HUBOT_IRC_USESASL: 'true',
        HUBOT_IRC_USERNAME: 'hubot',
        HUBOT_IRC_DEBUG: 'true',
        ...variables,
      })
    const plain = { HUBOT_IRC_PASSWORD: password }
    const external = () => ({
      HUBOT_IRC_SASL_MECHANISM: 'external',
      HUBOT_IRC_CLIENT_CERTIFICATE: join(folder, 'cert.pem'),
      HUBOT_IRC_CLIENT_KEY: join(folder, 'key.pem'),
    })
    const loggedIn = 'You are now logged in as hubot'

    test('SASL PLAIN logs in before anything else', async () => {
      await using it = await connect(plain)
      await it.up()
      const told = JSON.stringify(it.log.lines)
      expect(told).toContain(loggedIn)
      expect(told).not.toContain(password)
      expect(told).not.toContain(Buffer.from(`\0hubot\0${password}`).toString('base64'))
    }, limit)

    test('SASL EXTERNAL logs in by certificate', async () => {
      await using it = await connect(external())
      await it.up()
      expect(JSON.stringify(it.log.lines)).toContain(loggedIn)
    }, limit)

    test('a wrong password is told with what to do', async () => {
      await using it = await connect({ HUBOT_IRC_PASSWORD: 'wrong-password' })
      await until(() => it.connection.health().state === 'failed')
      expect(it.connection.health().error).toContain('HUBOT_IRC_PASSWORD')
      expect(JSON.stringify(it.log.lines)).not.toContain('wrong-password')
    }, limit)

    test('a certificate that services do not know is told with what to do', async () => {
      const { cert, key } = selfSigned('stranger')
      writeFileSync(join(folder, 'other.pem'), cert)
      writeFileSync(join(folder, 'other-key.pem'), key)
      await using it = await connect({
        ...external(),
        HUBOT_IRC_CLIENT_CERTIFICATE: join(folder, 'other.pem'),
        HUBOT_IRC_CLIENT_KEY: join(folder, 'other-key.pem'),
      })
      await until(() => it.connection.health().state === 'failed')
      expect(it.connection.health().error).toContain('CERT ADD')
    }, limit)

    test(
      'StackStorm sees the account of who is logged in, and answers find their nick',
      async () => {
        await using it = await connect(plain)
        await it.up()
        await using alice = await joinIrc({ port: irc.port, nick: 'ally', channels: ['#ops'] })
        alice.say('#ops', '!before')
        alice.say('NickServ', 'IDENTIFY alice alices-password')
        await alice.line(/You are now identified/)
        alice.say('#ops', '!after')
        const before = await it.message(0)
        const { user, id, at } = await it.message(1)
        expect(before.user).toEqual({ id: 'ally!ally@127.0.0.1', name: 'ally' })
        expect(user).toEqual({ id: 'alice ally', name: 'alice' })
        expect(id).not.toBe(before.id)
        expect(Math.abs(at - Date.now())).toBeLessThan(limit)
        alice.write('NICK ally2')
        await until(() => it.log.lines.some(({ message }) => / NICK :?ally2$/.test(message)))
        await it.connection.send(outgoing({ user, text: 'aloud' }))
        await it.connection.send(outgoing({ user, whisper: true, text: 'whispered' }))
        await it.connection.send(outgoing({ user, channel: 'ally', text: 'in private' }))
        await alice.readUntil((read) => read.some(({ text }) => text === 'in private'))
        expect(alice.read.filter(({ from }) => from === 'hubot').map(({ to, text }) => [to, text]))
          .toEqual([
            ['#ops', 'ally2: aloud'],
            ['ally2', 'whispered'],
            ['ally2', 'in private'],
          ])
      },
      limit,
    )

    test('with HUBOT_IRC_REQUIRE_ACCOUNT, nobody else is listened to', async () => {
      await using it = await connect({ ...plain, HUBOT_IRC_REQUIRE_ACCOUNT: 'true' })
      await it.up()
      await using alice = await joinIrc({ port: irc.port, nick: 'alice2', channels: ['#ops'] })
      alice.say('#ops', '!as anybody')
      alice.say('NickServ', 'IDENTIFY alice alices-password')
      await alice.line(/You are now identified/)
      alice.say('#ops', '!as alice')
      expect((await it.message(0)).text).toBe('!as alice')
      expect(JSON.stringify(it.log.lines)).toContain('was not listened to')
    }, limit)
  },
)
