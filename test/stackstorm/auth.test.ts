import { describe, expect, test } from 'bun:test'
import { StackStormRefused, StackStormUnreachable } from '../../src/stackstorm/errors.ts'
import { createManualClock } from '../fakes/clock.ts'
import { type Reply, type Seen, startJsonServer } from '../fakes/http-server.ts'
import { createKeptLog } from '../fakes/log.ts'
import { clientOf, failureOf } from '../fakes/stackstorm-client.ts'

const signal = new AbortController().signal
const hour = 3_600_000
const password = { kind: 'password', username: 'bot', password: 'pä:ss' } as const
const version = { body: { version: '3.9.0' } }
const unauthorized = (faultstring: string): Reply => ({ status: 401, body: { faultstring } })
const isAuth = ({ path }: Seen) => path === '/auth/v1/tokens'

const command = {
  name: 'n',
  format: 'f',
  command: 'c',
  user: 'u',
  channel: 'c',
  route: 'hubot',
  context: {},
  correlation: 'x',
}

/** Gives tokens t1, t2, ... of an hour; the API takes those that `valid` takes. */
const startTokenServer = async (
  options: {
    readonly valid?: (token: string | null) => boolean
    readonly auth?: (count: number) => Reply | undefined | Promise<Reply | undefined>
    readonly api?: (request: Seen) => Reply | undefined
  } = {},
) => {
  let given = 0
  let asked = 0
  const server = await startJsonServer(async (request) => {
    if (isAuth(request)) {
      const other = await options.auth?.(++asked)
      if (other !== undefined) return other
      const expiry = new Date(Date.now() + hour).toISOString()
      return { status: 201, body: { user: 'bot', token: `t${++given}`, expiry } }
    }
    const token = request.headers.get('x-auth-token')
    if (options.valid?.(token) === false) return unauthorized('Unauthorized')
    return options.api?.(request) ?? version
  })
  return {
    ...server,
    /** `auth` for each request for a token, else the token that the API was shown. */
    story: () =>
      server.seen.map((one) => isAuth(one) ? 'auth' : String(one.headers.get('x-auth-token'))),
    [Symbol.asyncDispose]: server[Symbol.asyncDispose],
  }
}

describe('fixed credentials', () => {
  test.each([
    [{ kind: 'api-key', key: 'canary' } as const, 'st2-api-key', 'x-auth-token'],
    [{ kind: 'token', token: 'canary' } as const, 'x-auth-token', 'st2-api-key'],
  ])('%o goes as a header and never in the URL', async (credentials, header, other) => {
    await using server = await startJsonServer(() => version)
    await clientOf(server.origin, { credentials }).version(signal)
    const [request] = server.seen
    expect(request?.headers.get(header)).toBe('canary')
    expect(request?.headers.get(other)).toBeNull()
    expect(request?.headers.get('authorization')).toBeNull()
    expect(`${request?.path}?${request?.query}`).not.toContain('canary')
  })

  const hash = 'd'.repeat(128)
  test.each(
    [
      [
        'api-key',
        `Unauthorized - ApiKey with key_hash=${hash} not found.`,
        /does not know the API key in ST2_API_KEY.*st2 apikey create/,
      ],
      [
        'api-key',
        'Unauthorized - API key is disabled.',
        /ST2_API_KEY is disabled.*st2 apikey enable/,
      ],
      [
        'token',
        'Unauthorized - Token has expired.',
        /ST2_AUTH_TOKEN has expired and cannot be renewed.*ST2_API_KEY/,
      ],
      ['token', 'Unauthorized', /does not know the token in ST2_AUTH_TOKEN.*ST2_API_KEY/],
    ] as const,
  )('a refused %s says what to do: %s', async (kind, fault, expected) => {
    await using server = await startJsonServer(() => unauthorized(fault))
    const log = createKeptLog()
    const credentials = kind === 'token' ? { kind, token: 'canary' } : { kind, key: 'canary' }
    const client = clientOf(server.origin, { credentials, log })
    const error = await failureOf(client.aliases(signal))
    expect(error).toBeInstanceOf(StackStormRefused)
    expect((error as StackStormRefused).status).toBe(401)
    expect((error as StackStormRefused).reason).toMatch(expected)
    expect((error as Error).message).toContain(server.seen[0]?.headers.get('x-request-id') ?? '-')
    // It is told with its cause, which says so.
    expect((error as Error).message).not.toContain('Refused: ')
    expect(server.seen).toHaveLength(1)
    expect(client.health()).toMatchObject({ state: 'connecting', credentials: 'refused' })
    expect(client.health().error).toMatch(expected)
    expect(Bun.inspect([error, log.lines, client.health()], { depth: 10 })).not.toMatch(
      /canary|d{60}/,
    )
  })

  test('come back when they are accepted again; the log says both, once', async () => {
    const replies = [unauthorized('Unauthorized'), unauthorized('Unauthorized'), version]
    await using server = await startJsonServer(() => replies.shift() ?? version)
    const log = createKeptLog()
    const client = clientOf(server.origin, { log })
    await failureOf(client.version(signal))
    await failureOf(client.version(signal))
    expect(await client.version(signal)).toBe('3.9.0')
    expect(client.health()).toMatchObject({ state: 'connected', credentials: 'good' })
    expect(log.lines.map(({ level }) => level)).toEqual(['error', 'info'])
  })
})

describe('user and password', () => {
  test('become one token, however many ask at once', async () => {
    await using server = await startTokenServer()
    const client = clientOf(server.origin, { credentials: password })
    await Promise.all([client.version(signal), client.version(signal), client.version(signal)])
    expect(server.story()).toEqual(['auth', 't1', 't1', 't1'])
    const [request] = server.seen
    expect(request?.method).toBe('POST')
    expect(request?.headers.get('authorization')).toBe(
      `Basic ${Buffer.from('bot:pä:ss', 'utf8').toString('base64')}`,
    )
  })

  test('the token is renewed after 80 % of its life, and nobody waits for it', async () => {
    const clock = createManualClock(Date.now())
    const { promise: renewing, resolve: renewed } = Promise.withResolvers<void>()
    const { promise: allowed, resolve: allow } = Promise.withResolvers<void>()
    await using server = await startTokenServer({
      auth: async (count) => {
        if (count === 1) return undefined
        renewed()
        await allowed
        return undefined
      },
    })
    const client = clientOf(server.origin, { credentials: password, clock })
    await client.version(signal)
    await clock.advance(0.79 * hour)
    await client.version(signal)
    expect(server.story()).toEqual(['auth', 't1', 't1'])
    await clock.advance(0.02 * hour)
    await client.version(signal)
    await renewing
    await client.version(signal)
    expect(server.story().filter((one) => one === 'auth')).toHaveLength(2)
    expect(server.story().at(-1)).toBe('t1')
    allow()
    while (server.story().at(-1) !== 't2') await client.version(signal)
    expect(server.story().filter((one) => one === 'auth')).toHaveLength(2)
  })

  test.each([-2, 2])("the server's clock decides, also when it is %i hours off", async (hours) => {
    const clock = createManualClock(Date.now())
    await using server = await startTokenServer({
      auth: (count) => {
        const now = Date.now() + hours * hour
        return {
          status: 201,
          headers: { date: new Date(now).toUTCString() },
          body: { token: `t${count}`, expiry: new Date(now + hour).toISOString() },
        }
      },
    })
    const client = clientOf(server.origin, { credentials: password, clock })
    await client.version(signal)
    await clock.advance(0.7 * hour)
    await client.version(signal)
    expect(server.story()).toEqual(['auth', 't1', 't1'])
    await clock.advance(0.4 * hour)
    await client.version(signal)
    expect(server.story().slice(3)).toEqual(['auth', 't2'])
  })

  test('a failed renewal is not felt while the old token lives', async () => {
    const clock = createManualClock(Date.now())
    const { promise: tried, resolve: trying } = Promise.withResolvers<void>()
    const log = createKeptLog()
    await using server = await startTokenServer({
      auth: (count) => {
        if (count === 1) return undefined
        trying()
        return { status: 503, body: '<html>' }
      },
    })
    const client = clientOf(server.origin, { credentials: password, clock, log })
    await client.version(signal)
    await clock.advance(0.9 * hour)
    await client.version(signal)
    await tried
    while (!log.lines.some(({ level }) => level === 'warn')) await Bun.sleep(1)
    await client.version(signal)
    // The back-off holds the next try back: the clock stands still.
    expect(server.story().filter((one) => one === 'auth')).toHaveLength(2)
    expect(server.story().filter((one) => one === 't1')).toHaveLength(3)
    await clock.advance(0.2 * hour)
    expect(await failureOf(client.version(signal))).toBeInstanceOf(StackStormUnreachable)
  })

  test('a 401 is answered with a new token, once for all who met it', async () => {
    await using server = await startTokenServer({ valid: (token) => token !== 't1' })
    const client = clientOf(server.origin, { credentials: password })
    const versions = await Promise.all([client.version(signal), client.version(signal)])
    expect(versions).toEqual(['3.9.0', '3.9.0'])
    const story = server.story()
    expect(story.filter((one) => one === 'auth')).toHaveLength(2)
    expect(story.filter((one) => one === 't2')).toHaveLength(2)
    expect(client.health().credentials).toBe('good')
  })

  test('a command is sent again after a 401, and only then', async () => {
    await using server = await startTokenServer({
      valid: (token) => token !== 't1',
      api: () => ({ status: 201, body: { execution: { id: 'e1' } } }),
    })
    const client = clientOf(server.origin, { credentials: password })
    expect((await client.executeAlias(command, signal)).id).toBe('e1')
    expect(server.story()).toEqual(['auth', 't1', 'auth', 't2'])
  })

  test('a second 401 is reported, not answered', async () => {
    await using server = await startTokenServer({ valid: () => false })
    const client = clientOf(server.origin, { credentials: password })
    const error = await failureOf(client.executeAlias(command, signal))
    expect(error).toBeInstanceOf(StackStormRefused)
    expect((error as StackStormRefused).reason).toMatch(/ST2_API_URL and ST2_AUTH_URL/)
    expect(server.story()).toEqual(['auth', 't1', 'auth', 't2'])
    expect(client.health().credentials).toBe('refused')
  })

  test('a wrong password is refused, not hammered with, and good again once it is right', async () => {
    let right = false
    const clock = createManualClock(Date.now())
    const log = createKeptLog()
    await using server = await startTokenServer({
      auth: () => right ? undefined : unauthorized('Invalid or missing credentials'),
    })
    const client = clientOf(server.origin, { credentials: password, clock, log })
    for (let time = 0; time < 5; time++) {
      const error = await failureOf(client.executeAlias(command, signal))
      expect(error).toBeInstanceOf(StackStormRefused)
      expect((error as StackStormRefused).reason).toMatch(/ST2_AUTH_USERNAME and ST2_AUTH_PASSWORD/)
    }
    expect(server.story()).toEqual(['auth'])
    expect(client.health()).toMatchObject({ state: 'connecting', credentials: 'refused' })
    right = true
    await clock.advance(60_000)
    expect(await client.version(signal)).toBe('3.9.0')
    expect(client.health().credentials).toBe('good')
    expect(Bun.inspect(log.lines, { depth: 10 })).not.toMatch(/pä:ss|Basic/)
  })

  const down: readonly [string, Reply][] = [
    ["nginx's 503", {
      status: 503,
      body: { faultstring: 'Nginx is unable to reach st2auth. Make sure service is running.' },
    }],
    ['500', { status: 500, body: { faultstring: 'Internal Server Error' } }],
    ['404', { status: 404, body: { faultstring: 'The resource could not be found.' } }],
    ['201 with HTML', { status: 201, body: '<html>' }],
    ['201 without a token', { status: 201, body: { user: 'bot' } }],
  ]
  test.each(down)('an auth service that answers %s: nothing ran', async (_, reply) => {
    await using server = await startTokenServer({ auth: () => reply })
    const client = clientOf(server.origin, { credentials: password })
    const error = await failureOf(client.executeAlias(command, signal))
    expect(error).toBeInstanceOf(StackStormUnreachable)
    expect((error as Error).message).toMatch(/auth service/)
    expect(server.story()).toEqual(['auth'])
    expect(client.health().credentials).toBe('unknown')
  })

  test('an auth service that hangs: nothing ran, and whoever gives up need not wait', async () => {
    await using server = await startTokenServer({ auth: () => new Promise(() => {}) })
    const client = clientOf(server.origin, { credentials: password, deadline: 300 })
    const ending = new AbortController()
    const given = failureOf(client.version(ending.signal))
    const patient = failureOf(client.executeAlias(command, signal))
    ending.abort(new Error('the bot ends'))
    expect(await given).toEqual(new Error('the bot ends'))
    expect(await patient).toBeInstanceOf(StackStormUnreachable)
    expect(server.story()).toEqual(['auth'])
  })
})
