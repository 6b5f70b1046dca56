import { describe, expect, test } from 'bun:test'
import { check, type CheckOptions, type CheckSources } from '../../src/cli/check.ts'
import { StackStormRefused, StackStormUnreachable } from '../../src/stackstorm/errors.ts'
import type { Identity, Rule, StackStorm } from '../../src/stackstorm/types.ts'
import { aliasDocument, createFakeStackStorm } from '../fakes/stackstorm.ts'
import { Capture } from './capture.ts'
import { expectHarmless, hostile } from './hostile.ts'

const identity: Identity = {
  username: 'chatops_bot',
  method: 'API key',
  expires: undefined,
  rbac: false,
  admin: true,
}
const rule: Rule = {
  ref: 'chatops.notify',
  enabled: true,
  action: 'chatops.post_result',
  route: 'hubot',
  passesContext: true,
}

/** A StackStorm where all is well, but for what a test changes. */
const stackstorm = (changes: Partial<StackStorm> = {}): StackStorm => ({
  ...createFakeStackStorm([aliasDocument('run', ['run {{cmd}}'])]),
  whoami: () => Promise.resolve(identity),
  rule: () => Promise.resolve(rule),
  follow: ({ onState }) => {
    onState({ state: 'connected', since: 0 })
    return Promise.resolve()
  },
  ...changes,
})

const run = async (
  { options = {}, environment = {}, changes = {}, ...more }: {
    options?: CheckOptions
    environment?: Record<string, string>
    changes?: Partial<StackStorm>
    badAliases?: CheckSources['badAliases'] | undefined
    deadline?: number
    envFiles?: readonly string[]
  } = {},
) => {
  const capture = new Capture()
  const code = await check(options, capture.io, {
    environment: {
      ST2_API_KEY: 'canary-key',
      HUBOT_ADAPTER: 'shell',
      HUBOT_HTTPD: 'false',
      ...environment,
    },
    envFiles: [],
    systemdFiles: [],
    open: () => stackstorm(changes),
    badAliases: () => Promise.resolve([]),
    ...more,
  })
  return { code, out: capture.stdout }
}

describe('check', () => {
  test('says of each thing that it is well', async () => {
    const { code, out } = await run()
    expect(out).toBe(`ok    configuration: no env file; 3 variables are set
ok    API: StackStorm 3.9.0 answers
ok    credentials: StackStorm knows the bot as chatops_bot (API key); role-based access is off
ok    stream: StackStorm sends events
ok    rule: chatops.notify is enabled and takes the route hubot
ok    aliases: 1 action alias, all usable
`)
    expect(code).toBe(0)
  })

  test('a configuration that can never work is told, and nobody is asked', async () => {
    const { code, out } = await run({
      environment: { EXPRESS_PORT: 'x' },
      changes: { version: () => Promise.reject(new Error('asked')) },
    })
    expect(code).toBe(78)
    expect(out).toBe(
      'fail  configuration: environment: EXPRESS_PORT is not such a number: "x"\n' +
        '      -> write a number, 0 to 65535\n',
    )
  })

  test('says where it looked for an env file', async () => {
    const places = { envFiles: ['/nonexistent/a.env', '/nonexistent/b.env'] }
    const none = 'no env file at /nonexistent/a.env or /nonexistent/b.env'
    expect((await run(places)).out).toContain(`configuration: ${none}; 3 variables are set`)
    const { out } = await run({ ...places, environment: { EXPRESS_PORT: 'x' } })
    expect(out).toContain(`warn  configuration: there is ${none}\n`)
  })

  test('--no-network asks nobody', async () => {
    const { code, out } = await run({
      options: { network: false },
      changes: { version: () => Promise.reject(new Error('asked')) },
    })
    expect([code, out]).toEqual([0, 'ok    configuration: no env file; 3 variables are set\n'])
  })

  test('--strict makes warnings fail', async () => {
    const environment = { HUBOT_2FA: 'x' }
    expect((await run({ environment })).code).toBe(0)
    expect((await run({ environment, options: { strict: true } })).code).toBe(1)
  })

  test('--json is an array of findings', async () => {
    const { out } = await run({ options: { json: true } })
    expect(JSON.parse(out)).toContainEqual({
      level: 'ok',
      subject: 'API',
      what: 'StackStorm 3.9.0 answers',
    })
  })

  test('an unreachable API ends the questions', async () => {
    const { code, out } = await run({
      changes: { version: () => Promise.reject(new StackStormUnreachable('nobody listens')) },
    })
    expect(code).toBe(1)
    expect(out).toContain('fail  API: nobody listens\n')
    expect(out).not.toContain('stream')
  })

  test('refused credentials end the questions too', async () => {
    const refuse = () => Promise.reject(new StackStormRefused(401, 'Unauthorized'))
    const { code, out } = await run({ changes: { version: refuse, whoami: refuse } })
    expect(code).toBe(1)
    expect(out).toContain('ok    API: StackStorm answers\n')
    expect(out).toContain('fail  credentials: Refused: Unauthorized\n')
    expect(out).not.toContain('rule:')
  })

  test.each<[string, Rule | undefined, string]>([
    ['missing', undefined, 'fail  rule: chatops.notify does not exist'],
    ['disabled', { ...rule, enabled: false }, 'st2 rule enable chatops.notify'],
    ['for another route', { ...rule, route: 'ops' }, 'set ST2_ROUTE=ops'],
    ['without context', { ...rule, passesContext: false }, 'warn  rule: '],
  ])('a rule that is %s', async (_, found, expected) => {
    expect((await run({ changes: { rule: () => Promise.resolve(found) } })).out).toContain(expected)
  })

  test('a stream that gives up and one that says nothing', async () => {
    const failing: Partial<StackStorm> = {
      follow: ({ onState, signal }) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve())
          onState({ state: 'connecting', since: 0, error: 'nginx cannot reach st2stream' })
        }),
    }
    expect((await run({ changes: failing })).out).toContain(
      'fail  stream: nginx cannot reach st2stream\n',
    )
    const silent: Partial<StackStorm> = {
      follow: ({ signal }) =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
    }
    const { code, out } = await run({ changes: silent, deadline: 20 })
    expect(out).toContain('fail  stream: no answer within 0.02 s\n')
    expect(code).toBe(1)
  })

  test('aliases that cannot be used are counted, and the first is named', async () => {
    const { code, out } = await run({
      badAliases: () => Promise.resolve(['examples.bad: no', 'examples.worse: no']),
    })
    expect(code).toBe(0)
    expect(out).toContain(
      'warn  aliases: 1 action alias, 2 of them not usable: examples.bad: no',
    )
  })

  test("by the bot's own reading", async () => {
    const bad = aliasDocument('bad', ['say {{text'], { formats: 7 })
    const { out } = await run({
      badAliases: undefined,
      changes: { aliases: () => Promise.resolve([aliasDocument('run', ['run {{cmd}}']), bad]) },
    })
    expect(out).toContain(
      'warn  aliases: 2 action aliases, 1 of them not usable: examples.bad: ',
    )
  })

  test('a permission that is missing is told as such', async () => {
    const aliases = () => Promise.reject(new StackStormRefused(403, 'needs action_alias_list'))
    expect((await run({ changes: { aliases } })).out).toMatch(
      /fail {2}aliases: Refused: needs action_alias_list\n.*permission/,
    )
  })

  test('no secret comes out, whatever StackStorm says', async () => {
    const whoami = () => Promise.reject(new StackStormRefused(401, 'bad key canary-key'))
    const { out } = await run({ changes: { whoami } })
    expect(out).toContain('bad key ********')
    expect(out).not.toContain('canary')
  })
})

test('a chat service says how it will connect, or why it never can', async () => {
  const slack = {
    HUBOT_ADAPTER: 'slack',
    HUBOT_SLACK_APP_TOKEN: 'xapp-1-secret',
    HUBOT_SLACK_BOT_TOKEN: 'xoxb-1-secret',
  }
  const options = { network: false }
  const good = await run({ options, environment: slack })
  expect(good.out).toContain('ok    slack: Socket Mode')
  const swapped = { ...slack, HUBOT_SLACK_BOT_TOKEN: 'xapp-1-secret' }
  const bad = await run({ options, environment: swapped })
  expect(bad.code).toBe(78)
  expect(bad.out).toContain('fail  slack: HUBOT_SLACK_BOT_TOKEN holds an app-level token')
  expect(bad.out).not.toContain('secret')
})

describe('check looks at the place of the HTTP server', () => {
  /** What `check` says of a place where this answers. */
  const told = async (answer: () => Response) => {
    const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: answer })
    try {
      return await run({
        environment: {
          HUBOT_HTTPD: 'true',
          EXPRESS_PORT: String(server.port),
          EXPRESS_BIND_ADDRESS: '127.0.0.1',
        },
      })
    } finally {
      await server.stop(true)
    }
  }

  test('another program is in the way', async () => {
    const { code, out } = await told(() => new Response('hello'))
    expect(out).toMatch(/^warn {2}HTTP: 127\.0\.0\.1 port \d+ is taken by another program/m)
    expect(out).toContain('-> Set EXPRESS_PORT to a free port')
    expect(code).toBe(0)
  })

  test('the bot itself is not', async () => {
    const { out } = await told(() => Response.json({ status: 'ok' }))
    expect(out).toMatch(/^ok {4}HTTP: a bot answers at 127\.0\.0\.1 port \d+ already$/m)
  })

  test('nobody is', async () => {
    const { out } = await run({ environment: { HUBOT_HTTPD: 'true', EXPRESS_PORT: '0' } })
    expect(out).toMatch(/^ok {4}HTTP: \S+ port 0 is free$/m)
  })
})

test('names the auth service where that is what is away', async () => {
  const reason = "StackStorm's auth service at https://st2 cannot be reached"
  const { code, out } = await run({
    changes: {
      version: () => Promise.reject(new StackStormUnreachable(reason, { service: 'auth service' })),
    },
  })
  expect(out).toContain(`fail  auth service: ${reason}`)
  expect(code).toBe(1)
})

test('what StackStorm answers steers no terminal, and holds no secret, quotes in it or not', async () => {
  const key = 'canary"key'
  const refused = new StackStormRefused(500, `${hostile}\n${key}`)
  for (const json of [false, true]) {
    const { out } = await run({
      options: { json },
      environment: { ST2_API_KEY: key },
      changes: { version: () => Promise.reject(refused) },
    })
    expectHarmless(out)
    expect(out).not.toContain('canary')
    expect(out.split('\n').some((line) => line.startsWith('fail  API: '))).toBe(!json)
  }
})
