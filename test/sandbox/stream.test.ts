// deno-lint-ignore-file camelcase -- the names are StackStorm's own
import { describe, expect, test } from 'bun:test'
import { haveRecordings, recording } from '../recordings.ts'
import { announcements, call, openStream, run, withSandbox } from './client.ts'

const noop = { pack: 't', name: 'noop', action_ref: 'core.noop', formats: ['noop'] }

describe('the stream', () => {
  test('sends a newline at once, under the server’s headers', () =>
    withSandbox({}, async (sandbox) => {
      const stream = await openStream(sandbox)
      expect(await stream.until('\n')).toBe('\n')
      expect(stream.headers.get('Content-Type')).toBe('text/event-stream; charset=UTF-8')
      expect(stream.headers.get('Cache-Control')).toBe('no-cache')
      expect(stream.headers.get('X-Accel-Buffering')).toBe('no')
      stream.close()
    }))

  test('sends a newline after each silence, and nothing else', () =>
    withSandbox({ heartbeat: 5 }, async (sandbox) => {
      const stream = await openStream(sandbox)
      expect(await stream.until('\n\n\n')).toMatch(/^\n+$/)
      stream.close()
    }))

  for (const path of ['/stream/v1/stream', '/api/stream', '/api/v1/stream']) {
    test(`is reached by ${path}`, () =>
      withSandbox({}, async (sandbox) => {
        const stream = await openStream(sandbox, '', path)
        await sandbox.announce({ message: 'm' })
        expect(announcements(await stream.until('data'))).toEqual([
          { payload: { message: 'm' }, trace_context: null },
        ])
        stream.close()
      }))
  }

  test('takes the key from the query, too, and refuses without one', () =>
    withSandbox({}, async (sandbox) => {
      const without = await fetch(`${sandbox.streamUrl}/v1/stream`)
      expect([without.status, await without.json()]).toEqual([401, {
        faultstring: 'Unauthorized - One of Token or API key required.',
      }])
      const stop = new AbortController()
      const response = await fetch(
        `${sandbox.streamUrl}/v1/stream?st2-api-key=${sandbox.apiKey}`,
        { signal: stop.signal },
      )
      expect(response.status).toBe(200)
      stop.abort()
    }))

  test('knows shell globs, and its own choice of events', () =>
    withSandbox({ packs: [{ name: 't', aliases: [noop] }] }, async (sandbox) => {
      const standard = await openStream(sandbox)
      const aliases = await openStream(sandbox, '?events=st2.actionalias__*')
      const other = await openStream(sandbox, '?events=st2.announcement__err*')
      sandbox.setAliases([{ ...noop, description: 'new' }])
      await sandbox.announce({ message: 'm' }, 'errbot')
      await sandbox.announce({ message: 'end' }, 'chatops')
      expect(await standard.until('"end"')).not.toContain('actionalias')
      expect(await other.until('st2.announcement__errbot')).not.toContain('chatops')
      expect(await aliases.until('data')).toStartWith('\nevent: st2.actionalias__update\ndata: {')
      for (const stream of [standard, aliases, other]) stream.close()
    }))

  test('shuts announcements out when actions or executions are asked for', () =>
    withSandbox({ packs: [{ name: 't', aliases: [noop] }] }, async (sandbox) => {
      const stream = await openStream(sandbox, '?action_refs=core.noop')
      await sandbox.announce({ message: 'never' })
      const { body } = await run(sandbox, 'noop', 'noop')
      const { id } = body.execution as { id: string }
      await sandbox.settled()
      const text = await stream.until('"status":"succeeded"')
      expect(text).not.toContain('announcement')
      expect(text).not.toContain('chatops.post_result')
      const names = [...text.matchAll(/^event: (.*)$/gm)].map(([, name]) => name)
      expect(names).toEqual([
        'st2.execution__create',
        'st2.execution__update',
        'st2.execution__update',
      ])
      expect(text).toContain(id)
      stream.close()
    }))

  test('ends after the event that a client waits for', () =>
    withSandbox({ packs: [{ name: 't', aliases: [noop] }] }, async (sandbox) => {
      sandbox.faults.set({ freeze: true })
      const { body } = await run(sandbox, 'noop', 'noop')
      const { id } = body.execution as { id: string }
      const stream = await openStream(
        sandbox,
        `?end_event=st2.execution__update&end_execution_id=${id}`,
      )
      sandbox.faults.clear()
      await stream.ended
      expect(stream.text()).toContain('"status":"succeeded"')
    }))

  test('says who came and went to those who count', () =>
    withSandbox({}, async (sandbox) => {
      const stream = await openStream(sandbox)
      await stream.until('\n')
      expect(sandbox.streams()).toBe(1)
      sandbox.closeStreams()
      await stream.ended
      expect(sandbox.streams()).toBe(0)
    }))
})

type Frame = { readonly label: string; readonly bytes: string }

describe.skipIf(!haveRecordings)('recorded frames', () => {
  const frames: readonly Frame[] = haveRecordings ? JSON.parse(recording('st2/sse.json')) : []
  const dataOf = ({ bytes }: Frame) => JSON.parse(/^data: (.*)$/m.exec(bytes)?.[1] ?? 'null')

  for (const frame of frames.filter(({ bytes }) => bytes.includes('st2.announcement__'))) {
    test(`${frame.label}: byte for byte`, () =>
      withSandbox({}, async (sandbox) => {
        const stream = await openStream(sandbox)
        const { payload, trace_context: trace } = dataOf(frame)
        const route = /announcement__(\S+)/.exec(frame.bytes)?.[1]
        await sandbox.announce(payload, route, trace)
        await stream.until('\n\n')
        expect(stream.text()).toBe(frame.bytes)
        stream.close()
      }))
  }

  test('post_message run by hand is announced as recorded, key for key', () =>
    withSandbox({}, async (sandbox) => {
      for (
        const { label, parameters } of [
          {
            label: 'chatops.post_message run by hand, minimal parameters',
            parameters: { channel: '#ops', message: 'direct' },
          },
          {
            label: 'chatops.post_message run by hand with route 2fa',
            parameters: {
              channel: '#ops',
              message: 'direct',
              user: 'bob',
              whisper: true,
              extra: { a: 1 },
              context: { b: 2 },
              route: '2fa',
            },
          },
        ]
      ) {
        const stream = await openStream(sandbox, '?events=st2.announcement__*')
        await call(sandbox, 'POST', '/v1/executions', {
          action: 'chatops.post_message',
          parameters,
        })
        await stream.until('data')
        const expected = frames.find((frame) => frame.label === label)
        expect(stream.text()).toBe(expected?.bytes ?? '')
        stream.close()
      }
    }))

  const keys = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.keys(value)
      : typeof value

  test('an execution has the recorded keys in the recorded order', () =>
    withSandbox({ packs: [{ name: 't', aliases: [] }] }, async (sandbox) => {
      const frame = frames.find(({ label }) => label.startsWith('execution update (core.remote'))
      const expected = dataOf(frame ?? { label: '', bytes: '' })
      sandbox.setAliases([{
        pack: 'examples',
        name: 'remote_shell_cmd',
        action_ref: 'core.remote',
        formats: ['run {{cmd}} on {{hosts}}'],
      }])
      sandbox.faults.set({ freeze: true })
      const stream = await openStream(sandbox, '?action_refs=core.remote')
      const { body } = await run(sandbox, 'remote_shell_cmd', 'run date on localhost', {
        format: 'run {{cmd}} on {{hosts}}',
        source_context: { id: 'm1' },
      })
      const { id } = body.execution as { id: string }
      sandbox.change(id, { status: 'succeeded', result: expected.result })
      const text = await stream.until('"elapsed_seconds"')
      const last = text.trimEnd().split('\ndata: ').at(-1) ?? ''
      const actual = JSON.parse(last)
      expect(Object.keys(actual)).toEqual(Object.keys(expected))
      for (const key of ['action', 'runner', 'liveaction', 'context']) {
        expect([key, keys(actual[key])]).toEqual([key, keys(expected[key])])
      }
      expect(actual.result_size).toBe(expected.result_size)
      stream.close()
    }))

  test('an alias has the recorded keys in the recorded order', () =>
    withSandbox({}, async (sandbox) => {
      const frame = frames.find(({ label }) => label === 'alias update')
      const { id: _id, uid: _uid, ref: _ref, ...alias } = dataOf(frame ?? { label: '', bytes: '' })
      sandbox.setAliases([{ ...alias, description: 'before' }])
      const stream = await openStream(sandbox, '?events=st2.actionalias__*')
      sandbox.setAliases([alias])
      await stream.until('data')
      const steady = (text: string) => text.replace(/[0-9a-f]{24}/g, '<id>')
      expect(steady(stream.text())).toBe(steady(frame?.bytes ?? ''))
      stream.close()
    }))
})
