import { describe, expect, test } from 'bun:test'
import { lint } from '../../src/alias/lint.ts'
import { demoPacks } from '../../src/sandbox/demo-pack.ts'
import { announcements, call, openStream, withSandbox } from './client.ts'

type Answer = { readonly message?: string; readonly execution: { readonly id: string } }

/** A command of the demo, its acknowledgement, and what its result must hold; undefined for none. */
const conversation: readonly {
  readonly say: string
  readonly ack?: string
  readonly result?: string
  readonly extra?: unknown
}[] = [
  { say: 'run echo hi on localhost', result: 'localhost : \n  stdout : hi\n' },
  { say: 'run id on web1', result: 'status : failed' },
  {
    say: 'disk usage',
    ack: 'Looking at `/`…',
    result: 'Disk usage:{~}```',
    extra: { slack: { color: 'good' } },
  },
  {
    say: 'disk usage /no/such/folder',
    ack: 'Looking at `/no/such/folder`…',
    result: 'I could not',
  },
  {
    say: 'rollback web',
    result: 'Rollback of web: failed{~}There is no earlier version of web to go back to.',
    extra: { slack: { color: 'danger' } },
  },
  { say: 'say $(id) "x"', result: 'stdout : $(id) "x' },
  { say: 'do nothing', ack: 'Doing nothing, and saying no more about it.' },
  { say: 'whisper hi to bob in #ops', result: 'hi', extra: null },
  { say: 'st2 list actions', result: '3 actions:{~}*core.local*' },
  { say: 'st2 list executions', result: 'GET /api/v1/executions' },
  {
    say: 'deploy web to production version=1.2',
    ack: 'Deploying *web* 1.2 to production.',
    result: 'web 1.2 is on production after 3s.{~}web1: ok\nweb2: ok\nweb3: ok',
  },
]

describe('the packs of the demo', () => {
  test('hold no alias that a server would stumble over', () => {
    const documents = demoPacks.flatMap((pack) =>
      pack.aliases.map((alias) => ({ pack: pack.name, ...alias }))
    )
    expect(lint(documents)).toEqual([])
  })

  for (const { say, ack, result, extra } of conversation) {
    test(
      `answer "${say}"`,
      () =>
        withSandbox({ packs: demoPacks, allowLocal: true }, async (sandbox) => {
          const stream = await openStream(sandbox, '?events=st2.announcement__chatops')
          const { status, body } = await call(
            sandbox,
            'POST',
            '/v1/aliasexecution/match_and_execute',
            { command: say, user: 'you', source_channel: 'demo', notification_route: 'hubot' },
          )
          expect(status).toBe(201)
          const [answer] = body.results as readonly Answer[]
          expect(answer?.message).toBe(ack)
          await sandbox.settled()
          await sandbox.announce({ message: 'the end' })
          const payloads = announcements(await stream.until('the end')).map(({ payload }) =>
            payload
          )
          expect(payloads.map(({ message }) => String(message))).toEqual(
            [...(result === undefined ? [] : [expect.stringContaining(result)]), 'the end'],
          )
          if (extra !== undefined) expect(payloads[0]?.extra).toEqual(extra)
          stream.close()
        }),
      20_000,
    )
  }

  test('whisper only where the alias says so', () =>
    withSandbox({ packs: demoPacks }, async (sandbox) => {
      const stream = await openStream(sandbox, '?events=st2.announcement__chatops')
      await call(sandbox, 'POST', '/v1/aliasexecution/match_and_execute', {
        command: 'whisper hi to bob in #ops',
        user: 'you',
        source_channel: 'demo',
      })
      const [first] = announcements(await stream.until('data'))
      expect(first?.payload).toMatchObject({ whisper: true, user: 'bob', channel: '#ops' })
      stream.close()
    }))
})
