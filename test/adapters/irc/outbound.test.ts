import { describe, expect, test } from 'bun:test'
import { createPace } from '../../../adapters/irc/pace.ts'
import { readRefusal } from '../../../adapters/irc/send-refusal.ts'
import { parseLine } from '../../../adapters/irc/line.ts'
import { RetryLater, Undeliverable } from '../../../src/chat/adapter.ts'
import { createManualClock } from '../../fakes/clock.ts'
import { hurriedClock } from '../../fakes/hurried-clock.ts'
import { startFakeIrc } from '../../fakes/irc/server.ts'
import { connectTo, outgoing, until } from './connect.ts'
import { openRoom as open, rejection, type Room } from './room.ts'

const lines = (count: number): string =>
  Array.from({ length: count }, (_, number) => `line ${number}`).join('\n')

describe('a message of several lines', () => {
  test('goes on where the connection was lost, with the line that was not taken', async () => {
    await using room = await open()
    const message = outgoing({ text: lines(10) })
    room.server.fail({ kind: 'cut', taken: false })
    expect(await rejection(room.it.connection.send(message))).toBeInstanceOf(RetryLater)
    await room.it.connection.send(message)
    expect(room.server.taken.map(({ text }) => text)).toEqual(lines(10).split('\n'))
  })

  test('repeats one line at most, where nobody can know that it was taken', async () => {
    await using room = await open()
    const message = outgoing({ text: lines(4) })
    const first = room.it.connection.send(outgoing({ text: 'first' }))
    room.server.fail({ kind: 'cut', taken: true })
    expect(await rejection(first)).toBeInstanceOf(RetryLater)
    room.server.fail({ kind: 'cut', taken: true })
    expect(await rejection(room.it.connection.send(message))).toBeInstanceOf(RetryLater)
    await room.it.connection.send(message)
    expect(room.server.taken.map(({ text }) => text))
      .toEqual(['first', 'line 0', ...lines(4).split('\n')])
  })

  test('takes turns with another one, line by line', async () => {
    await using room = await open()
    await Promise.all([
      room.it.connection.send(outgoing({ text: lines(30) })),
      room.it.connection.send(outgoing({ channel: '#dev', text: 'short' })),
    ])
    const place = room.server.taken.findIndex(({ text }) => text === 'short')
    expect(place).toBeLessThan(3)
    expect(room.server.taken).toHaveLength(31)
  })

  test('has each line answered for before the next is written', async () => {
    await using room = await open()
    await room.it.connection.send(outgoing({ text: lines(5) }))
    const verbs = room.server.lines.map((line) => line.split(' ', 1)[0])
    const from = verbs.indexOf('PRIVMSG')
    expect(verbs.slice(from)).toEqual(Array.from({ length: 5 }, () => ['PRIVMSG', 'PING']).flat())
  })
})

describe('a server that gives our lines back', () => {
  const echo = { capabilities: ['echo-message'] }
  const verbsOf = ({ server }: Room): readonly string[] => {
    const verbs = server.lines.map((line) => line.split(' ', 1)[0] ?? '')
    return verbs.slice(verbs.indexOf('PRIVMSG'))
  }

  test('is asked nothing more', async () => {
    await using room = await open({}, echo)
    await room.it.connection.send(outgoing({ text: lines(5) }))
    await room.it.connection.send(outgoing({ channel: 'alice' }))
    expect(verbsOf(room)).toEqual(Array.from({ length: 6 }, () => 'PRIVMSG'))
    expect(room.it.heard).toEqual([])
  })

  test('is asked where it swallows one, and nothing is sent twice', async () => {
    await using room = await open({}, echo)
    room.server.fail({ kind: 'no echo' })
    await room.it.connection.send(outgoing({ text: lines(2) }))
    expect(verbsOf(room)).toEqual(['PRIVMSG', 'PING', 'PRIVMSG'])
    expect(room.server.taken.map(({ text }) => text)).toEqual(lines(2).split('\n'))
  })

  test('refuses as every other', async () => {
    await using room = await open({}, echo)
    expect(await rejection(room.it.connection.send(outgoing({ channel: '#nochan' }))))
      .toBeInstanceOf(Undeliverable)
  })

  test('that is lost before gets the line again', async () => {
    await using room = await open({}, echo)
    room.server.fail({ kind: 'cut', taken: false })
    const message = outgoing({ text: lines(3) })
    expect(await rejection(room.it.connection.send(message))).toBeInstanceOf(RetryLater)
    await room.it.connection.send(message)
    expect(room.server.taken.map(({ text }) => text)).toEqual(lines(3).split('\n'))
  })
})

describe('where a message goes', () => {
  const targets: readonly (readonly [string, string])[] = [
    ['#ops', '#ops'],
    ['alice', 'alice'],
    ['@alice', 'alice'],
  ]
  test.each(targets)('%s is %s', async (channel, target) => {
    await using room = await open()
    await room.it.connection.send(outgoing({ channel }))
    expect(room.server.taken).toEqual([{ from: 'hubot', to: target, text: 'done' }])
  })

  test.each([
    '#ops,#dev',
    'two words',
    '$*',
    '$$*.net',
    ':x',
    '',
    '#a\r\nQUIT',
    `#${'x'.repeat(300)}`,
    'alice@irc.test.net',
    'alice%127.0.0.1',
    '@@#ops',
    '*',
  ])(
    '%j is nobody',
    async (channel) => {
      await using room = await open()
      const error = await rejection(room.it.connection.send(outgoing({ channel })))
      expect(error).toBeInstanceOf(Undeliverable)
      expect(room.server.taken).toEqual([])
    },
  )

  test('a whisper goes to a person, never to a channel', async () => {
    await using room = await open()
    const user = { id: 'al!~a@h', name: 'alice' }
    await room.it.connection.send(outgoing({ whisper: true, user }))
    const wrong = outgoing({ whisper: true, user: { name: '#ops' } })
    expect(await rejection(room.it.connection.send(wrong))).toBeInstanceOf(Undeliverable)
    expect(await rejection(room.it.connection.send(outgoing({ whisper: true }))))
      .toBeInstanceOf(Undeliverable)
    expect(room.server.taken.map(({ to }) => to)).toEqual(['al'])
  })

  test('a channel that the bot is kept out of is told with what to do, a full one is waited for', async () => {
    const closed = { '#ops': '475', '#dev': '471' }
    await using room = await open({}, { closed })
    const error = await rejection(room.it.connection.send(outgoing({ channel: '#OPS' })))
    expect(error).toBeInstanceOf(Undeliverable)
    expect((error as Undeliverable).advice).toContain('HUBOT_IRC_ROOMS')
    expect(await rejection(room.it.connection.send(outgoing({ channel: '#dev' }))))
      .toBeInstanceOf(RetryLater)
  })

  test('signs before a channel mean some of its people, and it is the channel that counts', async () => {
    const support = 'CASEMAPPING=ascii CHANTYPES=# STATUSMSG=@+'
    await using room = await open({}, { support, closed: { '#dev': '474' } })
    const { send } = room.it.connection
    await send(outgoing({ channel: '@#ops' }))
    expect(room.server.taken.map(({ to }) => to)).toEqual(['@#ops'])
    expect(await rejection(send(outgoing({ channel: '+#dev' })))).toBeInstanceOf(Undeliverable)
    room.server.fail({ kind: 'refuse', numeric: '404', words: () => '#closed :Cannot send' })
    const error = await rejection(send(outgoing({ channel: '@#closed' })))
    expect(error).toBeInstanceOf(Undeliverable)
    expect((error as Undeliverable).message).toContain('Cannot send')
    const user = { name: '@#ops' }
    expect(await rejection(send(outgoing({ whisper: true, user })))).toBeInstanceOf(Undeliverable)
    expect(room.server.taken).toHaveLength(1)
  })

  test('a line that met a kick comes when the bot is back', async () => {
    await using room = await open()
    room.server.fail({ kind: 'kick' })
    const message = outgoing({ text: 'after all' })
    const send = () => rejection(room.it.connection.send(message))
    let error = await send()
    expect(error).toBeInstanceOf(RetryLater)
    // The bot hears of its return a moment after the server.
    for (; error instanceof RetryLater; error = await send()) await Bun.sleep(10)
    expect(error).toBeUndefined()
    expect(room.server.taken.map(({ text }) => text)).toEqual(['after all'])
  })

  test('a message without words is done at once', async () => {
    await using room = await open()
    expect(await room.it.connection.send(outgoing({ text: '\n```\n```\n' }))).toEqual({})
    expect(room.server.taken).toEqual([])
  })

  test('with HUBOT_IRC_SEND_NOTICE_MODE everything is a notice', async () => {
    await using room = await open({ HUBOT_IRC_SEND_NOTICE_MODE: 'true' })
    await room.it.connection.send(outgoing())
    expect(room.server.lines).toContain('NOTICE #ops done')
    expect(room.server.lines.some((line) => line.startsWith('PRIVMSG'))).toBeFalse()
  })
})

describe('the pace', () => {
  const writtenBy = async (apart: number | undefined, ms: number): Promise<number> => {
    const clock = createManualClock()
    const pace = createPace({ clock, signal: new AbortController().signal, apart })
    let written = 0
    for (let turn = 0; turn < 100; turn++) void pace.turn(async () => void written++)
    await clock.advance(0)
    await clock.advance(ms)
    return written
  }

  test('is a burst and then a line a second, where the operator says nothing', async () => {
    expect(await writtenBy(undefined, 0)).toBe(5)
    expect(await writtenBy(undefined, 10_000)).toBe(15)
  })

  test('is what HUBOT_IRC_UNFLOOD says', async () => {
    expect(await writtenBy(1_000, 10_000)).toBe(11)
    expect(await writtenBy(250, 10_000)).toBe(41)
  })

  /** Lines that the server counts, beside the seconds that it has had for them. */
  const aheadOfServer = async (linesInTurn: number, before: number): Promise<number> => {
    const clock = createManualClock()
    const signal = new AbortController().signal
    const pace = createPace({ clock, signal, apart: undefined })
    let ahead = 0
    let most = 0
    let turns = 0
    const spend = (count: number): void => {
      pace.spend(count)
      ahead += count
      most = Math.max(most, ahead)
    }
    pace.begin()
    spend(before)
    for (let turn = 0; turn < 40; turn++) {
      void pace.turn(async () => {
        turns++
        spend(linesInTurn)
      })
    }
    for (let second = 0; turns < 40; second++) {
      await clock.advance(second === 0 ? 0 : 1_000)
      ahead = Math.max(0, ahead - 1)
    }
    return most
  }

  test.each([[1, 0], [2, 0], [2, 10], [4, 3]])(
    'of %i lines in a turn, behind %i for the login, is what a server bears that counts all',
    async (linesInTurn, before) => {
      expect(await aheadOfServer(linesInTurn, before)).toBeLessThanOrEqual(10)
    },
  )

  test('counts what the bot writes on a real connection', async () => {
    const clock = createManualClock()
    await using server = await startFakeIrc()
    await using it = await connectTo(server.port, { HUBOT_IRC_UNFLOOD: 'false' }, { clock })
    await it.up()
    const sent = it.connection.send(outgoing({ text: lines(6) }))
    for (let second = 0; server.taken.length < 6; second++) {
      expect(server.lines.length).toBeLessThanOrEqual(10 + second)
      await clock.advance(1_000)
    }
    await sent
  })

  test('is slower from then on where the server calls it a flood', async () => {
    const clock = hurriedClock()
    await using server = await startFakeIrc()
    await using it = await connectTo(server.port, { HUBOT_IRC_UNFLOOD: '1000' }, { clock })
    await it.up()
    server.raw('ERROR :Closing link: (hubot@127.0.0.1) [Excess Flood]')
    server.cut()
    await until(() => it.connection.health().state !== 'connected')
    await it.up()
    expect(JSON.stringify(it.log.lines)).toContain('HUBOT_IRC_UNFLOOD')
    const before = clock.waits.length
    await Promise.race([
      it.connection.send(outgoing({ text: lines(2) })),
      until(() => clock.waits.slice(before).some((ms) => ms > 1_000 && ms <= 2_000)),
    ])
    expect(clock.waits.slice(before).filter((ms) => ms > 1_000 && ms <= 2_000)).not.toEqual([])
  })

  test('goes on behind work that failed', async () => {
    const clock = createManualClock()
    const pace = createPace({ clock, signal: new AbortController().signal, apart: 1 })
    const failing = pace.turn(() => Promise.reject(new Error('lost')))
    const next = pace.turn(() => Promise.resolve('next'))
    expect(failing).rejects.toThrow('lost')
    await clock.advance(10)
    expect(await next).toBe('next')
  })
})

describe('the answer of a server to a message', () => {
  const read = (line: string) => {
    const parsed = parseLine(line)
    if (parsed === undefined) throw new Error(line)
    return readRefusal(parsed, 'PRIVMSG', (name) => name === '#ops')
  }

  test.each(['401', '403', '404', '408', '442', '477', '486', '489', '492', '531', '716'])(
    '%s is no, with advice',
    (numeric) => {
      const refusal = read(`:s ${numeric} hubot #ops :No`)
      expect(refusal?.kind).toBe('never')
      expect(refusal?.kind === 'never' && refusal.advice).toBeTruthy()
    },
  )

  test('about too much at a time is "later"', () => {
    expect(read(':s 439 hubot #ops :Please wait 7 seconds')).toMatchObject({ after: 7_000 })
    expect(read(':s 263 hubot PRIVMSG :Try again')).toMatchObject({ kind: 'later', after: 10_000 })
  })

  test('in the words of IRCv3 is no as well', () => {
    expect(read('FAIL PRIVMSG CANNOT_SEND #ops :Not here')).toMatchObject({ kind: 'never' })
  })

  test.each([
    ':s 404 hubot #dev :Cannot send',
    ':s 301 hubot #ops :Away',
    ':s 332 hubot #ops :Topic',
    ':s 263 hubot LIST :Try again',
    'FAIL NICK BAD x :No',
    ':a!b@c PRIVMSG #ops :404',
  ])('%s is none', (line) => expect(read(line)).toBeUndefined())
})
