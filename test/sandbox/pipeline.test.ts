import { describe, expect, test } from 'bun:test'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { haveRecordings, recording } from '../recordings.ts'
import { announcements, call, openStream, run, withSandbox } from './client.ts'

type Json = Readonly<Record<string, unknown>>

const alias = (name: string, more: Json = {}): Json => ({
  pack: 't',
  name,
  action_ref: 't.thing',
  formats: [name],
  ...more,
})

const pack = (aliases: readonly Json[], fixture: Json = {}) => ({
  packs: [{ name: 't', aliases, fixtures: { thing: fixture } }],
})

const refs = (sandbox: Sandbox): readonly string[] =>
  sandbox.executions().map((one) => `${(one.action as { ref: string }).ref} ${one.status}`)

/** Runs an alias and gives the one announcement that it makes. */
const announced = async (sandbox: Sandbox, name: string, more: Json = {}) => {
  const stream = await openStream(sandbox, '?events=st2.announcement__*')
  const { status } = await run(sandbox, name, name, more)
  expect(status).toBe(201)
  const text = await stream.until('data')
  await sandbox.settled()
  stream.close()
  const [first] = announcements(text)
  return first?.payload ?? {}
}

/** Runs an alias to the end and expects silence. */
const silent = async (sandbox: Sandbox, name: string, more: Json = {}) => {
  const stream = await openStream(sandbox, '?events=st2.announcement__*')
  await run(sandbox, name, name, more)
  await sandbox.settled()
  await sandbox.announce({ message: 'the next one' })
  const text = await stream.until('the next one')
  stream.close()
  expect(announcements(text)).toHaveLength(1)
}

describe('the way of a result', () => {
  test('leads over three executions, all finished before the event', () =>
    withSandbox(pack([alias('go')], { result: { result: 'ok' } }), async (sandbox) => {
      const stream = await openStream(sandbox, '?events=st2.announcement__*')
      await run(sandbox, 'go', 'go')
      await stream.until('data')
      const posted = await call(
        sandbox,
        'GET',
        '/v1/executions?action=chatops.post_message&status=succeeded',
      )
      expect((posted.body as unknown as Json[]).map(({ result }) => (result as Json).output))
        .toEqual(announcements(stream.text()).map(({ payload }) => payload))
      await sandbox.settled()
      expect(refs(sandbox)).toEqual([
        't.thing succeeded',
        'chatops.post_result succeeded',
        'chatops.format_execution_result succeeded',
        'chatops.post_message succeeded',
      ])
      stream.close()
    }))

  test('renders user, channel and context as templates', () =>
    withSandbox(pack([alias('go')]), async (sandbox) => {
      const payload = await announced(sandbox, 'go', {
        user: '{{ 7*7 }}',
        source_context: { txt: 'hello {{ 1+1 }}', n: 5, deep: { t: true, z: null } },
      })
      expect(payload).toMatchObject({
        user: '49',
        context: { txt: 'hello 2', n: 5, deep: { t: true, z: null } },
      })
    }))

  test('leaves them all raw when one of them fails', () =>
    withSandbox(pack([alias('go')]), async (sandbox) => {
      const payload = await announced(sandbox, 'go', {
        user: '{{ 7*7 }}',
        source_context: { txt: '{{ nobody.knows }}' },
      })
      expect(payload).toMatchObject({
        user: '{{ 7*7 }}',
        context: { txt: '{{ nobody.knows }}' },
      })
    }))

  test('posts the alias’ own format and extra', () =>
    withSandbox(
      pack([
        alias('go', {
          result: {
            format: 'Ended {{ execution.status }}: {{ execution.result.result }}{{ nothing }}',
            extra: { slack: { color: '{{ execution.status }}', n: 1 } },
          },
        }),
      ], { result: { result: { a: [1, true, null] } } }),
      async (sandbox) => {
        expect(await announced(sandbox, 'go')).toMatchObject({
          message: "Ended succeeded: {'a': [1, True, None]}",
          extra: { slack: { color: 'succeeded', n: 1 } },
        })
      },
    ))

  test('is announced to errbot under its own route', () =>
    withSandbox(pack([alias('go')]), async (sandbox) => {
      const stream = await openStream(sandbox, '?events=st2.announcement__errbot')
      await run(sandbox, 'go', 'go', { notification_route: 'errbot' })
      expect(announcements(await stream.until('data'))).toHaveLength(1)
      stream.close()
    }))

  test('is lost on a route without a rule', () =>
    withSandbox(
      pack([alias('go')]),
      (sandbox) => silent(sandbox, 'go', { notification_route: 'nowhere' }),
    ))

  test('is lost when the result’s template fails, and says so in the executions', () =>
    withSandbox(
      pack([alias('go', { result: { format: '{{ execution.nothing.at.all }}' } })]),
      async (sandbox) => {
        await silent(sandbox, 'go')
        expect(refs(sandbox)).toEqual([
          't.thing succeeded',
          'chatops.post_result failed',
          'chatops.format_execution_result failed',
        ])
      },
    ))

  test('is lost when the message looks like an expression', () =>
    withSandbox(
      pack([alias('go')], { result: { result: '{% raw %}{{ x }}{% endraw %}' } }),
      (sandbox) => silent(sandbox, 'go'),
    ))

  test('is not posted when the alias says so, and the note tells', () =>
    withSandbox(pack([alias('go', { result: { enabled: false } })]), async (sandbox) => {
      await silent(sandbox, 'go')
      const post = sandbox.executions().find((one) =>
        (one.action as { ref: string }).ref === 'chatops.post_result'
      )
      expect(post?.result).toEqual({ output: { note: 'Execution result is disabled.' } })
    }))

  test('is lost when the action declares its own notify', () =>
    withSandbox({
      packs: [{
        name: 't',
        aliases: [alias('go')],
        actions: [{
          name: 'thing',
          runner_type: 'noop',
          notify: { 'on-complete': { routes: ['mail'], message: 'done' } },
        }],
      }],
    }, (sandbox) => silent(sandbox, 'go')))

  test('comes for a cancelled execution, too', () =>
    withSandbox(pack([alias('go')], { delay: 60 }), async (sandbox) => {
      const stream = await openStream(sandbox)
      const { body } = await run(sandbox, 'go', 'go')
      await stream.until('"status":"running"')
      const { id } = body.execution as { id: string }
      const { body: canceled } = await call(sandbox, 'DELETE', `/v1/executions/${id}`)
      expect(canceled.status).toBe('canceling')
      const [first] = announcements(await stream.until('st2.announcement__chatops'))
      expect(first?.payload.message).toContain('status : canceled')
      stream.close()
    }))
})

describe.skipIf(!haveRecordings)('the recorded way of one command', () => {
  const recorded = haveRecordings ? JSON.parse(recording('st2/pipeline.json')) : {}

  test('has the same parameters, documents and announcement', () =>
    withSandbox(
      pack([
        alias('go', {
          result: {
            format: recorded.announcement?.payload.message,
            extra: recorded.announcement?.payload.extra,
          },
        }),
      ]),
      async (sandbox) => {
        const { source_context } = recorded.notifytrigger.data
        const payload = await announced(sandbox, 'go', {
          source_context: { ...source_context, txt: 'hello {{ 1+1 }}' },
        })
        expect(JSON.stringify(payload)).toBe(JSON.stringify(recorded.announcement.payload))

        const by = (ref: string) =>
          sandbox.executions().find((one) => (one.action as { ref: string }).ref === ref) ?? {}
        const post = by('chatops.post_result')
        expect(post.parameters).toEqual({
          ...recorded.post_result_parameters,
          execution_id: by('t.thing').id,
        })
        const message = by('chatops.post_message')
        const expected = recorded.post_message_execution
        expect(Object.keys(message)).toEqual(Object.keys(expected))
        for (const key of ['parameters', 'result', 'result_size', 'status']) {
          expect([key, message[key]]).toEqual([key, expected[key]])
        }
        expect(message.parent).toBe(post.id as string)
        const shape = (value: Json) => Object.keys(value)
        const parent = (document: Json) => (document.context as { parent: Json }).parent
        expect(shape(parent(message))).toEqual(shape(parent(expected)))
      },
    ))
})
