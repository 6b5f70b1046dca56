import { describe, expect, test } from 'bun:test'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createAuthority } from '../fakes/authority.ts'
import { haveOpenssl, selfSigned } from '../fakes/certificate.ts'
import { joinIrc, type Person } from '../fakes/irc/person.ts'
import { haveNgircd, type Ngircd, startNgircd } from '../servers/ngircd.ts'
import type { ChatBot } from './chat-bot.ts'
import { compileForTests } from './compiled.ts'
import { startIrcBot } from './irc-bot.ts'

/** Only to notice that something hangs; ms. */
const limit = 60_000

const { folder, executable } = compileForTests(haveNgircd)

/** The bot in `#ops` with alice. */
const start = async (
  irc: Ngircd,
  variables: Readonly<Record<string, string>> = {},
): Promise<AsyncDisposable & { readonly bot: ChatBot; readonly alice: Person }> => {
  const alice = await joinIrc({ port: irc.port, nick: 'alice', channels: ['#ops'] })
  const bot = await startIrcBot({ executable: executable(), port: irc.port, variables })
  await bot.program.until(/Connected to IRC/)
  await bot.program.until(/aliases loaded/)
  return {
    bot,
    alice,
    [Symbol.asyncDispose]: async () => {
      await bot[Symbol.asyncDispose]()
      await alice[Symbol.asyncDispose]()
    },
  }
}

const textsFor = ({ read }: Person, to: string): readonly string[] =>
  read.filter((one) => one.from === 'hubot' && one.to === to).map(({ text }) => text)

const describeIrc = describe.skipIf(!haveNgircd)

describeIrc('the executable on a real IRC server (ngircd)', () => {
  test(
    'a command is acknowledged, its result comes, and StackStorm hears who and where',
    async () => {
      await using irc = await startNgircd()
      await using it = await start(irc)
      it.alice.say('#ops', '!run echo hello from chat on localhost')
      await it.alice.readUntil((read) => read.some(({ text }) => text.includes('stdout : hello')))
      const texts = textsFor(it.alice, '#ops')
      expect(texts[0]).toContain('https://st2.example.com/#/history/')
      expect(texts[1]).toBe('alice: Action core.remote completed.')
      const [command] = it.bot.sandbox.executions()
      expect(command?.context).toMatchObject({ api_user: 'alice', source_channel: '#ops' })
    },
    limit,
  )

  test('a command in private is answered in private, its result as well', async () => {
    await using irc = await startNgircd()
    await using it = await start(irc)
    it.alice.say('hubot', 'run echo hello from chat on localhost')
    await it.alice.readUntil((read) => read.some(({ text }) => text.includes('stdout : hello')))
    expect(textsFor(it.alice, '#ops')).toEqual([])
    expect(textsFor(it.alice, 'alice')).toContain('Action core.remote completed.')
    expect(it.bot.sandbox.executions()[0]?.context).toMatchObject({ source_channel: 'alice' })
  }, limit)

  test('20 kB of result arrive whole and in order, in lines that nobody gets cut', async () => {
    await using irc = await startNgircd()
    await using it = await start(irc, { ST2_MAX_MESSAGE_LENGTH: '0' })
    const words = Array.from({ length: 3_000 }, (_, number) => `wörd${number}`)
    await it.bot.announce({ channel: '#ops', message: words.join(' ') })
    await it.alice.readUntil((read) => read.some(({ text }) => text.endsWith('wörd2999')))
    expect(textsFor(it.alice, '#ops').join(' ').split(' ')).toEqual(words)
    expect(Math.max(...it.alice.read.map(({ bytes }) => bytes))).toBeLessThanOrEqual(512)
  }, limit)

  test('a whisper is for one person; line ends in a result are no commands', async () => {
    await using irc = await startNgircd()
    await using it = await start(irc)
    const said = 'one\r\nQUIT :now\nPRIVMSG #ops :forged\u0001VERSION\u0001'
    await it.bot.announce({ channel: '#ops', user: 'alice', whisper: true, message: said })
    await it.bot.announce({ channel: '#ops', user: 'alice', message: 'last' })
    await it.alice.readUntil((read) => read.some(({ text }) => text === 'alice: last'))
    expect(textsFor(it.alice, 'alice')).toEqual(['one', 'QUIT :now', 'PRIVMSG #ops :forgedVERSION'])
    expect(textsFor(it.alice, '#ops')).toEqual(['alice: last'])
  }, limit)

  test('notices and other bots that answer them are never answered', async () => {
    await using irc = await startNgircd()
    await using it = await start(irc)
    it.alice.write('NOTICE #ops :!ping')
    it.alice.write('NOTICE hubot :help')
    it.alice.write('PRIVMSG hubot :\u0001VERSION\u0001')
    it.alice.say('#ops', '!ping')
    await it.alice.readUntil((read) => read.some(({ text }) => text === 'PONG'))
    it.alice.say('#ops', '!ping')
    await it.alice.readUntil(() => textsFor(it.alice, '#ops').length === 2)
    expect(it.alice.read.map(({ text }) => text)).toEqual(['PONG', 'PONG'])
  }, limit)

  test('whoever kicks the bot gets it back, with the key of the channel', async () => {
    await using irc = await startNgircd()
    await using owner = await joinIrc({ port: irc.port, nick: 'owner', channels: ['#vault'] })
    owner.write('MODE #vault +k s3cret')
    await owner.line(/MODE #vault \+k/)
    await using it = await start(irc, { HUBOT_IRC_ROOMS: '#ops,#vault s3cret' })
    owner.write('KICK #vault hubot :out')
    await owner.line(/KICK #vault hubot/)
    await owner.line(/^:hubot!\S+ JOIN :?#vault/, owner.lines.length)
    owner.say('#vault', '!ping')
    await owner.readUntil((read) => read.some(({ text }) => text === 'PONG'))
    expect(it.bot.program.said()).toContain('The bot was kicked from a channel.')
    expect(it.bot.program.said()).not.toContain('s3cret')
  }, limit)

  test('a banned bot says so, keeps trying, and comes back when it may', async () => {
    await using irc = await startNgircd()
    await using owner = await joinIrc({ port: irc.port, nick: 'owner', channels: ['#ops'] })
    owner.write('MODE #ops +b hubot!*@*')
    await owner.line(/MODE #ops \+b/)
    await using it = await start(irc)
    await it.bot.program.until(/the bot is banned from the channel/)
    owner.write('MODE #ops -b hubot!*@*')
    await owner.line(/^:hubot!\S+ JOIN :?#ops/)
    owner.say('#ops', '!ping')
    await owner.readUntil((read) => read.some(({ text }) => text === 'PONG'))
  }, limit)

  test('an invitation is followed', async () => {
    await using irc = await startNgircd()
    await using it = await start(irc)
    it.alice.write('JOIN #war-room')
    it.alice.write('MODE #war-room +i')
    it.alice.write('INVITE hubot #war-room')
    await it.alice.line(/^:hubot!\S+ JOIN :?#war-room/)
    it.alice.say('#war-room', '!ping')
    await it.alice.readUntil(() => textsFor(it.alice, '#war-room').includes('PONG'))
  }, limit)

  test('a nick that is taken is replaced, and taken back when it is free', async () => {
    await using irc = await startNgircd()
    const other = await joinIrc({ port: irc.port, nick: 'hubot', channels: ['#ops'] })
    await using it = await start(irc)
    it.alice.say('#ops', 'hubot1: ping')
    await it.alice.readUntil((read) => read.some(({ from }) => from === 'hubot1'))
    it.alice.say('#ops', 'hubot: ping')
    await it.alice.readUntil((read) => read.length === 2)
    other.write('QUIT')
    await it.alice.line(/^:hubot1!\S+ NICK :?hubot$/)
    it.alice.say('#ops', 'hubot: ping')
    await it.alice.readUntil((read) => read.some(({ from }) => from === 'hubot'))
    await other[Symbol.asyncDispose]()
  }, limit)

  test(
    'a server that goes and comes back has the bot again',
    async () => {
      await using irc = await startNgircd()
      await using it = await start(irc)
      await irc.kill('SIGKILL')
      await it.bot.program.until(/The connection to IRC is lost/)
      await irc.start()
      await using back = await joinIrc({ port: irc.port, nick: 'alice', channels: ['#ops'] })
      await it.bot.program.until(/Connected to IRC again/)
      back.say('#ops', '!ping')
      await back.readUntil((read) => read.some(({ text }) => text === 'PONG'))
    },
    limit,
  )

  test('a server that is not there yet is waited for', async () => {
    await using irc = await startNgircd()
    await irc.kill('SIGTERM')
    await using bot = await startIrcBot({ executable: executable(), port: irc.port })
    await bot.program.until(/A connection to IRC could not be opened/)
    await irc.start()
    await bot.program.until(/Connected to IRC/)
  }, limit)

  test(
    "a wrong password of the server's is told with what to do, the right one lets the bot in",
    async () => {
      await using irc = await startNgircd({ password: 'open-sesame' })
      await using wrong = await startIrcBot({
        executable: executable(),
        port: irc.port,
        variables: { HUBOT_IRC_PASSWORD: 'open-barley' },
      })
      expect(await wrong.program.until(/could not be opened/)).toContain('HUBOT_IRC_PASSWORD')
      await using right = await startIrcBot({
        executable: executable(),
        port: irc.port,
        variables: { HUBOT_IRC_PASSWORD: 'open-sesame' },
      })
      await right.program.until(/Connected to IRC/)
      expect(wrong.program.said() + right.program.said()).not.toMatch(/open-(barley|sesame)/)
    },
    limit,
  )

  test.skipIf(!haveOpenssl)(
    'a self-signed certificate is refused, and accepted by option',
    async () => {
      await using irc = await startNgircd({ certificate: selfSigned('127.0.0.1') })
      const variables = { HUBOT_IRC_USESSL: 'true' }
      await using careful = await startIrcBot({
        executable: executable(),
        port: irc.tlsPort,
        variables,
      })
      const said = await careful.program.until(/could not be opened/)
      expect(said).toContain('self-signed')
      expect(said).toContain('HUBOT_IRC_SERVER_FAKE_SSL')
      await using trusting = await startIrcBot({
        executable: executable(),
        port: irc.tlsPort,
        variables: { ...variables, HUBOT_IRC_SERVER_FAKE_SSL: 'true' },
      })
      await trusting.program.until(/Connected to IRC/)
    },
    limit,
  )

  test.skipIf(!haveOpenssl)(
    'a certificate of an own authority is known by NODE_EXTRA_CA_CERTS; an expired one is accepted by option',
    async () => {
      using authority = createAuthority()
      const ca = join(folder(), 'ca.pem')
      writeFileSync(ca, authority.ca)
      const own = {
        HUBOT_IRC_SERVER: 'localhost',
        HUBOT_IRC_USESSL: 'true',
        NODE_EXTRA_CA_CERTS: ca,
      }
      await using fresh = await startNgircd({ certificate: authority.sign('localhost') })
      await using known = await startIrcBot({
        executable: executable(),
        port: fresh.tlsPort,
        variables: own,
      })
      await known.program.until(/Connected to IRC/)
      const certificate = authority.sign('localhost', { days: -1 })
      await using old = await startNgircd({ certificate })
      await using careful = await startIrcBot({
        executable: executable(),
        port: old.tlsPort,
        variables: own,
      })
      expect(await careful.program.until(/could not be opened/)).toContain('has expired')
      await using lenient = await startIrcBot({
        executable: executable(),
        port: old.tlsPort,
        variables: { ...own, HUBOT_IRC_SERVER_CERT_EXPIRED: 'true' },
      })
      await lenient.program.until(/Connected to IRC/)
    },
    limit,
  )

  test('50 channels, some with keys, and a result in each', async () => {
    await using irc = await startNgircd()
    const names = Array.from({ length: 50 }, (_, number) => `#room-${number}`)
    await using owner = await joinIrc({ port: irc.port, nick: 'owner', channels: names })
    for (const name of names.slice(0, 10)) owner.write(`MODE ${name} +k key-of-${name.slice(1)}`)
    await owner.line(/MODE #room-9 \+k/)
    const rooms = names.map((name, number) =>
      number < 10 ? `${name} key-of-${name.slice(1)}` : name
    )
    await using it = await start(irc, { HUBOT_IRC_ROOMS: rooms.toReversed().join(',') })
    await Promise.all(
      names.map((channel) => it.bot.announce({ channel, message: `for ${channel}` })),
    )
    await owner.readUntil((read) => read.length >= 50)
    expect(owner.read.map(({ to, text }) => `${to} ${text}`).toSorted())
      .toEqual(names.map((name) => `${name} for ${name}`).toSorted())
  }, limit)
})
