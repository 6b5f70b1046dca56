import { describe, expect, test } from 'bun:test'
import { ConnectionLost, ServerRefused } from '../../../src/chat/connection-failures.ts'
import { beginLogin, chooseMechanism } from '../../../adapters/xmpp/sasl.ts'
import { saslPrep } from '../../../adapters/xmpp/saslprep.ts'
import { startFakeXmpp } from '../../fakes/xmpp/server.ts'
import { botVariables, connectTo, rejection } from './connect.ts'

const user = { username: 'user', password: 'pencil' }

/** The examples of RFC 5802, section 5, and RFC 7677, section 3. */
const examples = [
  {
    mechanism: 'SCRAM-SHA-1',
    nonce: 'fyko+d2lbbFgONRv9qkxdawL',
    challenge: 'r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096',
    answer: 'c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=',
    final: 'v=rmF9pqV8S7suAoZWja4dJRkFsKQ=',
  },
  {
    mechanism: 'SCRAM-SHA-256',
    nonce: 'rOprNGfwEbeRWgbNEkqO',
    challenge:
      'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
    answer:
      'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
    final: 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
  },
] as const

describe('SCRAM', () => {
  for (const { mechanism, nonce, challenge, answer, final } of examples) {
    test(`${mechanism} answers as its RFC shows`, async () => {
      const login = beginLogin(mechanism, user, nonce)
      expect(login.first).toBe(`n,,n=user,r=${nonce}`)
      expect(await login.answer(challenge)).toBe(answer)
      expect(() => login.verify(final)).not.toThrow()
    })
  }

  const [{ mechanism, nonce, challenge, final }] = examples

  test('a server that does not know the password is found out', async () => {
    const login = beginLogin(mechanism, { ...user, password: 'other' }, nonce)
    await login.answer(challenge)
    expect(() => login.verify(final)).toThrow(ServerRefused)
    expect(() => beginLogin(mechanism, user, nonce).verify('')).toThrow(ServerRefused)
  })

  test('a server may prove itself in a challenge of its own', async () => {
    const login = beginLogin(mechanism, user, nonce)
    await login.answer(challenge)
    expect(await login.answer(final)).toBe('')
    expect(() => login.verify('')).not.toThrow()
  })

  test('challenges that make no sense are refused', async () => {
    for (
      const odd of [
        '',
        'r=other,s=QSXCR+Q6sek8bf92,i=4096',
        `r=${nonce}x,i=4096`,
        `r=${nonce}x,s=QSXC,i=0`,
        `r=${nonce}x,s=QSXC,i=99999999999`,
        `r=${nonce},s=QSXCR+Q6sek8bf92,i=4096`,
        `m=unheard-of,${challenge}`,
      ]
    ) {
      const login = beginLogin(mechanism, user, nonce)
      expect(await rejection(login.answer(odd))).toBeInstanceOf(ConnectionLost)
    }
  })

  test('a name with signs of the protocol keeps them', () => {
    expect(beginLogin('SCRAM-SHA-1', { username: 'a=b,c', password: 'x' }, 'n').first)
      .toBe('n,,n=a=3Db=2Cc,r=n')
  })
})

describe('SASLprep', () => {
  /** RFC 4013, section 3, and what libidn and ICU, which servers use, make of the others. */
  const prepared: readonly (readonly [string, string])[] = [
    ['I\u00adX', 'IX'],
    ['user', 'user'],
    ['USER', 'USER'],
    ['\u00aa', 'a'],
    ['\u2168', 'IX'],
    ['a\u00a0b\u3000c\u1680d\u200be', 'a b c d e'],
    ['\ufeffa\u200db\u2060c\ufe0f', 'abc'],
    ['pa\u00df w\u00f6rt\u{1f600}', 'pa\u00df w\u00f6rt\u{1f600}'],
  ]
  for (const [given, wanted] of prepared) {
    test(`${JSON.stringify(given)} is ${JSON.stringify(wanted)}`, () => {
      expect(saslPrep(given)).toBe(wanted)
    })
  }

  test('holds for the name and the password of SCRAM', async () => {
    const [{ mechanism, nonce, challenge, answer }] = examples
    const login = beginLogin(
      mechanism,
      { username: 'us\u00ader', password: 'pen\u00adcil' },
      nonce,
    )
    expect(login.first).toBe(`n,,n=user,r=${nonce}`)
    expect(await login.answer(challenge)).toBe(answer)
  })
})

describe('the choice of a mechanism', () => {
  const offered = ['PLAIN', 'SCRAM-SHA-1', 'X-OAUTH2', 'SCRAM-SHA-256']

  const wishes = { preferred: undefined, isAnybody: false }

  test('is the best that both know', () => {
    expect(chooseMechanism(offered, wishes)).toBe('SCRAM-SHA-256')
    expect(chooseMechanism(offered, { ...wishes, isAnybody: true })).toBe('SCRAM-SHA-256')
    expect(chooseMechanism(['PLAIN'], wishes)).toBe('PLAIN')
  })

  test('is the preferred one where the server has it', () => {
    const choose = (preferred: string) => chooseMechanism(offered, { ...wishes, preferred })
    expect(choose('plain')).toBe('PLAIN')
    expect(choose('SCRAM-SHA-512')).toBe('SCRAM-SHA-256')
    expect(choose('DIGEST-MD5')).toBe('SCRAM-SHA-256')
  })

  test('never tells the password where another way is preferred, or to anybody', () => {
    const choose = (preferred: string | undefined, isAnybody: boolean) => () =>
      chooseMechanism(['PLAIN'], { preferred, isAnybody })
    for (const isAnybody of [false, true]) {
      expect(choose('scram-sha-1', isAnybody)).toThrow(ServerRefused)
      expect(choose('PLAIN', isAnybody)()).toBe('PLAIN')
    }
    expect(choose(undefined, true)).toThrow(/only PLAIN/)
  })

  test('fails with what the server offers and what it should', () => {
    expect(() => chooseMechanism(['DIGEST-MD5'], wishes)).toThrow(/DIGEST-MD5/)
  })

  test('ends the attempt before the password is told', async () => {
    await using server = await startFakeXmpp({ people: [] })
    await using it = await connectTo(botVariables(server.port, {
      HUBOT_XMPP_PREFERRED_SASL_MECHANISM: 'SCRAM-SHA-256',
    }))
    expect(await it.says('could not be opened')).toContain('only PLAIN')
    expect(server.isConnected()).toBe(false)
    expect(it.connection.health().state).toBe('failed')
  })
})
