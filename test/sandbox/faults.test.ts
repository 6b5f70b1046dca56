import { describe, expect, test } from 'bun:test'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { announcements, call, openStream, run, withSandbox } from './client.ts'

const packs = [{
  name: 't',
  aliases: [{ name: 'go', action_ref: 'core.noop', formats: ['go'], ack: { format: 'on it' } }],
}]

const started = (sandbox: Sandbox) =>
  sandbox.executions().filter((one) => (one.action as { ref: string }).ref === 'core.noop')

/** All announcements until one that the test itself makes as the last. */
const heard = async (sandbox: Sandbox, work: () => Promise<unknown>) => {
  const stream = await openStream(sandbox, '?events=st2.announcement__*')
  await work()
  await sandbox.settled()
  sandbox.faults.clear()
  await sandbox.announce({ message: 'the end' })
  const text = await stream.until('the end')
  stream.close()
  return announcements(text).slice(0, -1).map(({ payload }) => payload)
}

describe('faults of announcements', () => {
  test('drop: the executions exist, the event does not', () =>
    withSandbox({ packs }, async (sandbox) => {
      sandbox.faults.set({ dropAnnouncements: 1 })
      expect(await heard(sandbox, () => run(sandbox, 'go', 'go'))).toEqual([])
      const { body } = await call(sandbox, 'GET', '/v1/executions?action=chatops.post_message')
      expect(body).toHaveLength(1)
    }))

  test('drop counts down', () =>
    withSandbox({ packs }, async (sandbox) => {
      sandbox.faults.set({ dropAnnouncements: 1 })
      const payloads = await heard(sandbox, async () => {
        await run(sandbox, 'go', 'go')
        await sandbox.settled()
        await run(sandbox, 'go', 'go')
      })
      expect(payloads).toHaveLength(1)
    }))

  test('duplicate: the same event twice', () =>
    withSandbox({ packs }, async (sandbox) => {
      sandbox.faults.set({ duplicateAnnouncements: 1 })
      const [first, second, ...rest] = await heard(sandbox, () => run(sandbox, 'go', 'go'))
      expect([second, rest]).toEqual([first, []])
    }))

  test('delay: the reply is long there', () =>
    withSandbox({ packs }, async (sandbox) => {
      sandbox.faults.set({ delayAnnouncements: 30 })
      const stream = await openStream(sandbox, '?events=st2.announcement__*')
      const before = performance.now()
      await run(sandbox, 'go', 'go')
      await stream.until('data')
      expect(performance.now() - before).toBeGreaterThanOrEqual(29)
      stream.close()
    }))

  test('null fields, and a huge message', () =>
    withSandbox({ packs }, async (sandbox) => {
      sandbox.faults.set({ nullFields: 1, hugeMessage: 200_000 })
      const [payload] = await heard(sandbox, () => run(sandbox, 'go', 'go'))
      expect(payload).toMatchObject({ user: null, context: null, extra: null })
      expect(String(payload?.message)).toHaveLength(200_000)
    }))

  test('a failing post_result: silence, and the executions tell why', () =>
    withSandbox({ packs }, async (sandbox) => {
      sandbox.faults.set({ failPostResult: 1 })
      expect(await heard(sandbox, () => run(sandbox, 'go', 'go'))).toEqual([])
      const { body } = await call(
        sandbox,
        'GET',
        '/v1/executions?action=chatops.post_result&status=failed',
      )
      expect(body).toHaveLength(1)
    }))
})

describe('faults of replies', () => {
  test('the event before the reply', () =>
    withSandbox({ packs }, async (sandbox) => {
      sandbox.faults.set({ eventBeforeReply: 1 })
      const posted = () =>
        sandbox.executions().filter((one) =>
          (one.action as { ref: string }).ref === 'chatops.post_message' &&
          one.status === 'succeeded'
        ).length
      const stream = await openStream(sandbox, '?events=st2.announcement__*')
      const finished = await run(sandbox, 'go', 'go').then(posted)
      expect(finished).toBe(1)
      expect(announcements(await stream.until('data'))).toHaveLength(1)
      stream.close()
    }))

  test('500 after scheduling: it runs all the same', () =>
    withSandbox({ packs }, async (sandbox) => {
      sandbox.faults.set({ failAfterScheduling: 1 })
      const payloads = await heard(sandbox, async () => {
        expect(await run(sandbox, 'go', 'go')).toEqual({
          status: 500,
          body: { faultstring: 'Internal Server Error' },
        })
      })
      expect(payloads).toHaveLength(1)
    }))

  test('201 with a broken body: it runs all the same', () =>
    withSandbox({ packs }, async (sandbox) => {
      sandbox.faults.set({ brokenBody: 1 })
      await expect(run(sandbox, 'go', 'go')).rejects.toThrow()
      expect(started(sandbox)).toHaveLength(1)
    }))

  test('a reply that never comes: it runs all the same', () =>
    withSandbox({ packs }, async (sandbox) => {
      sandbox.faults.set({ hangPost: 1 })
      const stream = await openStream(sandbox, '?events=st2.announcement__*')
      const stop = new AbortController()
      const request = fetch(`${sandbox.apiUrl}/v1/aliasexecution`, {
        method: 'POST',
        headers: { 'St2-Api-Key': sandbox.apiKey },
        body: JSON.stringify({
          name: 'go',
          format: 'go',
          command: 'go',
          source_channel: 'c',
          notification_route: 'hubot',
        }),
        signal: stop.signal,
      })
      await stream.until('data')
      stop.abort()
      await expect(request).rejects.toThrow()
      stream.close()
    }))

  test(
    'a connection that is cut without a byte: it runs all the same',
    () =>
      withSandbox({ packs }, async (sandbox) => {
        sandbox.faults.set({ cutPost: 1 })
        await expect(run(sandbox, 'go', 'go')).rejects.toThrow()
        expect(started(sandbox)).toHaveLength(1)
      }),
    20_000,
  )

  test('401 a number of times, for the stream, too', () =>
    withSandbox({ packs }, async (sandbox) => {
      sandbox.faults.set({ unauthorized: 2 })
      expect((await call(sandbox, 'GET', '/v1/actionalias')).status).toBe(401)
      const stream = await openStream(sandbox)
      expect(stream.status).toBe(401)
      expect((await call(sandbox, 'GET', '/v1/actionalias')).status).toBe(200)
    }))
})

describe('faults of connections', () => {
  test('nginx with nothing behind it', () =>
    withSandbox({ packs }, async (sandbox) => {
      sandbox.faults.set({ backendDown: true })
      expect(await call(sandbox, 'GET', '/v1/actionalias')).toEqual({
        status: 503,
        body: {
          faultstring: 'Nginx is unable to reach st2api. Make sure service is running.',
        },
      })
      const tokens = await fetch(`${sandbox.authUrl}/v1/tokens`, { method: 'POST' })
      expect([tokens.status, await tokens.text()]).toEqual([
        503,
        '{"faultstring":"Nginx is unable to reach st2auth. Make sure service is running."}',
      ])
      const stream = await openStream(sandbox)
      await stream.ended
      expect([stream.status, stream.text()]).toEqual([200, 'retry: 1000\n\n'])
    }))

  test('a stream that ends after its first newline', () =>
    withSandbox({ packs }, async (sandbox) => {
      sandbox.faults.set({ quickEof: 1 })
      const first = await openStream(sandbox)
      await first.ended
      expect([first.status, first.text()]).toEqual([200, '\n'])
      const second = await openStream(sandbox)
      expect(await second.until('\n')).toBe('\n')
      second.close()
    }))

  test('a half-open stream says nothing, not even a heartbeat', () =>
    withSandbox({ packs, heartbeat: 5 }, async (sandbox) => {
      const stream = await openStream(sandbox)
      await stream.until('\n')
      sandbox.faults.set({ halfOpen: true })
      const length = stream.text().length
      await sandbox.announce({ message: 'unheard' })
      sandbox.faults.set({ halfOpen: false })
      await sandbox.announce({ message: 'heard' })
      const text = await stream.until('"heard"')
      expect(text.length).toBeGreaterThan(length)
      expect(text).not.toContain('unheard')
      stream.close()
    }))
})

describe('the control address', () => {
  const control = (
    sandbox: Sandbox,
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ) =>
    fetch(`${sandbox.url}/sandbox${path}`, {
      method,
      headers: { 'Content-Type': 'application/json', 'St2-Api-Key': sandbox.apiKey, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })

  test('orders faults, announces and replaces aliases', () =>
    withSandbox({ packs }, async (sandbox) => {
      const stream = await openStream(sandbox)
      const ordered = await control(sandbox, 'POST', '/faults', { duplicateAnnouncements: 1 })
      expect(await ordered.json()).toMatchObject({
        streams: 1,
        aliases: 1,
        faults: { duplicateAnnouncements: 1 },
      })
      await control(sandbox, 'POST', '/announce', { payload: { message: 'm' }, route: 'r' })
      expect(announcements(await stream.until('"m"}'))).toHaveLength(2)
      await control(sandbox, 'PUT', '/aliases', [{
        pack: 'p',
        name: 'new',
        action_ref: 'core.noop',
        formats: ['new'],
      }])
      expect((await call(sandbox, 'GET', '/v1/actionalias')).body).toMatchObject([{ ref: 'p.new' }])
      await control(sandbox, 'POST', '/faults', { closeStreams: true })
      await stream.ended
    }))

  test('refuses an unknown fault by name', () =>
    withSandbox({ packs }, async (sandbox) => {
      const answer = await control(sandbox, 'POST', '/faults', { dropAnnouncement: 1 })
      expect(answer.status).toBe(400)
      expect(await answer.text()).toContain('dropAnnouncement')
    }))

  test('is for who has the key: others on this host could have commands of their own run', () =>
    withSandbox({ packs }, async (sandbox) => {
      const orders = [
        ['GET', '', undefined],
        ['POST', '/faults', { backendDown: true }],
        ['POST', '/announce', { payload: { message: 'm' } }],
        ['PUT', '/aliases', []],
      ] as const
      for (const [method, path, body] of orders) {
        for (const key of ['', 'x', `${sandbox.apiKey}x`]) {
          const answer = await control(sandbox, method, path, body, { 'St2-Api-Key': key })
          expect(answer.status).toBe(401)
          expect(await answer.text()).toContain('St2-Api-Key')
        }
      }
      expect(sandbox.faults.current()).toEqual({})
      expect((await call(sandbox, 'GET', '/v1/actionalias')).body).toHaveLength(1)
    }))

  test('takes no form that a web page could send unasked', () =>
    withSandbox({ packs }, async (sandbox) => {
      const answer = await fetch(`${sandbox.url}/sandbox/faults`, {
        method: 'POST',
        headers: { 'St2-Api-Key': sandbox.apiKey },
        body: '{"backendDown":true}',
      })
      expect(answer.status).toBe(403)
      expect(sandbox.faults.current()).toEqual({})
    }))
})
