import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { demoPacks } from '../../src/sandbox/demo-pack.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { freePort } from '../servers/child.ts'
import { type RunningProgram, startProgram } from './process.ts'

let folder = ''
let sandbox: Sandbox
let running: RunningProgram[] = []
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'end-to-end-'))
  sandbox = await startSandbox({ packs: demoPacks, allowLocal: true })
})
afterEach(async () => {
  for (const program of running) program.signal('SIGKILL')
  await Promise.all(running.map(({ exited }) => exited))
  running = []
  await sandbox.stop()
  rmSync(folder, { recursive: true })
})

/** What a bot needs to talk to the sandbox, with the terminal as chat and a port that nobody else has. */
const environment = (more: Record<string, string> = {}): Record<string, string> => ({
  ST2_API_URL: sandbox.apiUrl,
  ST2_API_KEY: sandbox.apiKey,
  ST2_WEBUI_URL: 'https://st2.example.com',
  HUBOT_ADAPTER: 'shell',
  HUBOT_HTTPD: 'false',
  ST2CHATOPS_STATE_DIR: folder,
  ...more,
})

const start = (...args: Parameters<typeof startProgram>): RunningProgram => {
  const program = startProgram(...args)
  running.push(program)
  return program
}

describe('through a pipe', () => {
  test('a command is acknowledged, its result comes, and the program ends', async () => {
    const program = start(['shell', '--user', 'alice', '--channel', 'ops'], environment())
    program.type('!run echo hello from chat on localhost')
    program.endInput()
    expect(await program.exited).toBe(0)
    const out = program.stdout()
    expect(out).toMatch(/execution is [0-9a-f]{24}|execution [0-9a-f]{24}|Remember [0-9a-f]{24}/)
    expect(out).toContain('https://st2.example.com/#/history/')
    expect(out).toContain('alice: \nAction core.remote completed.')
    expect(out).toContain('stdout : hello from chat')
  })

  test('results of others, now or a moment ago, are not shown', async () => {
    const watcher = start(['shell', '--user', 'carol', '--log-level', 'info'], environment())
    await watcher.until(/This journal begins now/)
    for (const text of ['one', 'two']) {
      const program = start(['shell', '--user', text], environment())
      program.type(`!run echo for ${text} on localhost`)
      program.endInput()
      await program.exited
      expect(program.stdout().match(/stdout : for \w+/g)).toEqual([`stdout : for ${text}`])
    }
    watcher.endInput()
    expect(await watcher.exited).toBe(0)
    expect(watcher.stdout()).toBe('')
  })

  test('a command of which nothing came is told by the exit code', async () => {
    const away = environment({ ST2_API_URL: `http://127.0.0.1:${await freePort()}/api` })
    for (
      const [line, variables, code] of [
        ['!run true on localhost', away, 1],
        ['!nothing of the kind', environment(), 1],
        ['!help', environment(), 0],
      ] as const
    ) {
      const program = start(['shell'], variables)
      program.type(line)
      program.endInput()
      expect(await program.exited).toBe(code)
    }
  })

  test('input that never breaks its line ends with a sentence', async () => {
    const program = start(['shell'], environment())
    for (let written = 0; written <= 16; written++) program.type('x'.repeat(64 * 1024), '')
    expect(await program.exited).toBe(1)
    expect(program.said()).toContain('no line break within 1 MiB')
  })

  test('user and channel are what StackStorm hears', async () => {
    const program = start(['shell', '--user', 'alice', '--channel', 'ops'], environment())
    program.type('!say hello')
    program.endInput()
    await program.exited
    const [command] = sandbox.executions()
    expect(command?.context).toMatchObject({ api_user: 'alice', source_channel: 'ops' })
  })

  test('help answers and ends', async () => {
    const program = start(['shell'], environment())
    program.type('!help')
    program.endInput()
    expect(await program.exited).toBe(0)
    expect(program.stdout()).toContain('!run {{cmd}} on {{hosts}}')
  })

  test('letter case and blanks in the fixed words are forgiven, values stay as typed', async () => {
    const program = start(['shell'], environment())
    program.type('!RUN   echo  Two  Blanks ON localhost')
    program.endInput()
    await program.exited
    expect(program.stdout()).toContain('status : succeeded')
    const parameters = sandbox.executions().map((execution) => execution.parameters)
    expect(JSON.stringify(parameters)).toContain('Two  Blanks')
  })

  test('1,000 lines of noise and a line of 100 kB stop nothing', async () => {
    const program = start(['shell'], environment())
    for (let n = 0; n < 1000; n++) program.type(`chatter ${n} about !run and hubot's help`)
    program.type(`!run ${'x '.repeat(50_000)}`)
    program.type('!ping')
    program.endInput()
    // Nothing came of the long one.
    expect(await program.exited).toBe(1)
    expect(program.stdout()).toContain('too long')
    expect(program.stdout()).toContain('PONG')
  })
})

describe('a service', () => {
  test('starts on the template of st2chatops 3.8 with only the terminal chosen', async () => {
    const file = join(folder, 'st2chatops.env')
    writeFileSync(
      file,
      [
        'export ST2_HOSTNAME="${ST2_HOSTNAME:-localhost}"',
        '# set if you don’t have a valid SSL certificate.',
        'export NODE_TLS_REJECT_UNAUTHORIZED="${NODE_TLS_REJECT_UNAUTHORIZED:-0}"',
        'export EXPRESS_PORT="${EXPRESS_PORT:-8081}"',
        'export HUBOT_LOG_LEVEL="${HUBOT_LOG_LEVEL:-debug}"',
        'export HUBOT_NAME="${HUBOT_NAME:-hubot}"',
        'export HUBOT_ALIAS="${HUBOT_ALIAS:-!}"',
        `export ST2_API_URL="\${ST2_API_URL:-${sandbox.apiUrl}}"`,
        `export ST2_AUTH_URL="\${ST2_AUTH_URL:-${sandbox.authUrl}}"`,
        `export ST2_STREAM_URL="\${ST2_STREAM_URL:-${sandbox.streamUrl}}"`,
        'export ST2_API_KEY="${ST2_API_KEY}"',
        `export ST2_AUTH_USERNAME="\${ST2_AUTH_USERNAME:-${sandbox.user}}"`,
        `export ST2_AUTH_PASSWORD="\${ST2_AUTH_PASSWORD:-${sandbox.password}}"`,
        'export ST2_WEBUI_URL="${ST2_WEBUI_URL:-https://${ST2_HOSTNAME}}"',
        '# export HUBOT_ADAPTER=slack',
        'export HUBOT_ADAPTER=shell',
        '# export HUBOT_SLACK_TOKEN=xoxb-CHANGE-ME-PLEASE',
      ].join('\n'),
      { mode: 0o600 },
    )
    const program = start(['--env-file', file, 'st2chatops'], {
      EXPRESS_PORT: '0',
      ST2CHATOPS_STATE_DIR: folder,
    }, { input: 'none' })
    const said = await program.until(/aliases loaded/)
    expect(said).toContain('NODE_TLS_REJECT_UNAUTHORIZED=0')
    expect(said).not.toContain(sandbox.password)
    program.signal('SIGTERM')
    expect(await program.exited).toBe(0)
  })

  test('is alone on its journal: a second one says so and ends, until the first is gone, however that goes', async () => {
    const first = start(['run'], environment(), { input: 'none' })
    await first.until(/Listening to/)
    const second = start(['run'], environment(), { input: 'none' })
    expect(await second.exited).toBe(1)
    expect(second.said()).toMatch(/waiting for it to end/)
    expect(second.said()).toMatch(/Another st2chatops.* keeps the journal in .*; stop it first\./)
    expect(second.said()).not.toContain('Listening to')
    const third = start(['run'], environment(), { input: 'none' })
    await third.until(/waiting for it to end/)
    first.signal('SIGKILL')
    await third.until(/Listening to/)
    third.signal('SIGTERM')
    expect(await third.exited).toBe(0)
  })

  test('is ready once StackStorm, its stream and a chat are there, and says how each is', async () => {
    const program = start(['run'], environment({ HUBOT_HTTPD: 'true', EXPRESS_PORT: '0' }), {
      input: 'none',
    })
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(await program.until(/HTTP is up\. url=\S+/)) ??
      []
    await program.until(/aliases loaded/)
    let response = await fetch(`${url}/readyz`)
    for (let tries = 0; response.status !== 200 && tries < 100; tries++) {
      await Bun.sleep(50)
      response = await fetch(`${url}/readyz`)
    }
    expect(await response.json()).toMatchObject({
      ready: true,
      stackstorm: { state: 'connected', credentials: 'good' },
      stream: { state: 'connected' },
      adapters: { shell: { state: 'connected' } },
    })
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('st2chatops_stream_connected 1')
    const posted = await fetch(`${url}/hubot/st2`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ channel: 'shell', message: 'by the webhook' }),
    })
    expect(posted.status).toBe(200)
    await program.until(/by the webhook/)
    sandbox.faults.set({ backendDown: true })
    sandbox.closeStreams()
    for (let tries = 0; response.status !== 503 && tries < 100; tries++) {
      await Bun.sleep(50)
      response = await fetch(`${url}/readyz`)
    }
    expect(await response.json()).toMatchObject({ ready: false })
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
  })

  test('goes on without HTTP when its port is taken', async () => {
    const taken = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() })
    const program = start(
      ['run'],
      environment({ HUBOT_HTTPD: 'true', EXPRESS_PORT: `${taken.port}` }),
    )
    await program.until(/is taken by another program/)
    program.type('!ping')
    await program.until(/PONG/)
    await taken.stop(true)
  })

  test('leaves a result that is still to come to the next start', async () => {
    const program = start(['run'], environment())
    await program.until(/aliases loaded/)
    program.type('!run sleep 1; echo finished on localhost')
    await program.until(/A command was started/)
    program.signal('SIGTERM')
    expect(await program.exited).toBe(0)
    await sandbox.settled()
    const next = start(['run'], environment())
    await next.until(/stdout : finished/)
  })

  test('without a journal waits for results when it is asked to stop, and ends at once when asked again', async () => {
    // A file stands where the folder should be.
    writeFileSync(join(folder, 'no-folder'), '')
    const bestEffort = environment({ ST2CHATOPS_STATE_DIR: join(folder, 'no-folder') })
    const program = start(['run'], bestEffort)
    expect(await program.until(/aliases loaded/)).toContain('best effort')
    program.type('!run sleep 1; echo finished on localhost')
    await program.until(/A command was started/)
    program.signal('SIGTERM')
    expect(await program.exited).toBe(0)
    expect(program.stdout()).toContain('finished')

    const impatient = start(['run'], bestEffort)
    await impatient.until(/aliases loaded/)
    impatient.type('!run sleep 20 on localhost')
    await impatient.until(/A command was started/)
    impatient.signal('SIGTERM')
    await impatient.until(/Stopping/)
    impatient.signal('SIGTERM')
    expect(await impatient.exited).toBe(0)
    expect(impatient.said()).toContain('Ended before the result of an execution came')
  })

  test.each(['SIGHUP', 'SIGUSR2'] as const)('loads the commands anew on %s', async (signal) => {
    const program = start(['run'], environment())
    await program.until(/aliases loaded/)
    sandbox.setAliases([{
      name: 'fresh',
      pack: 'examples',
      action_ref: 'core.local',
      formats: ['fresh {{cmd}}'],
    }])
    program.signal(signal)
    await program.until(/1 alias loaded/)
    program.type('!fresh echo brand new')
    await program.until(/stdout : brand new/)
  })

  test('goes on after a signal that means nothing to it', async () => {
    const program = start(['run'], environment())
    await program.until(/aliases loaded/)
    program.signal('SIGUSR1')
    await program.until(/SIGUSR1 is ignored/)
    program.type('!run echo still here on localhost')
    await program.until(/stdout : still here/)
  })

  test('hears of new aliases by itself, and a bad one among good ones is named and left out', async () => {
    const program = start(['run'], environment())
    await program.until(/aliases loaded/)
    const alias = (name: string, format: string) => ({
      name,
      pack: 'examples',
      action_ref: 'core.local',
      formats: [format],
    })
    sandbox.setAliases([alias('bad', 'bad ( {{cmd}}'), alias('good', 'good {{cmd}}')])
    await program.until(/examples\.bad/)
    program.type('!good echo still here')
    await program.until(/stdout : still here/)
  })
})

describe('when StackStorm or its stream fails', () => {
  test.each([
    ['the stream ends at once, again and again', { quickEof: 3 }],
    ['nginx answers for a backend that is down', { backendDown: true }],
    ['credentials are refused for a while', { unauthorized: 4 }],
  ])('%s: the bot comes back by itself, and no result is missing', async (_, fault) => {
    const program = start(['run'], environment())
    await program.until(/aliases loaded/)
    sandbox.faults.set(fault)
    sandbox.closeStreams()
    await program.until(/stream of StackStorm is away/)
    sandbox.faults.clear()
    program.type('!run echo after the fault on localhost')
    await program.until(/stdout : after the fault/, 60_000)
  }, 90_000)

  test.each([
    ['500 after it was scheduled', { failAfterScheduling: 1 }],
    ['a cut connection', { cutPost: 1 }],
    ['201 with a broken body', { brokenBody: 1 }],
  ])(
    'a command answered by %s is looked up, runs once, and the truth is told',
    async (_, fault) => {
      const program = start(['run'], environment())
      await program.until(/aliases loaded/)
      sandbox.faults.set(fault)
      program.type('!run echo only once on localhost')
      const said = await program.until(/it did start: execution/, 30_000)
      expect(said).not.toContain('<html')
      await program.until(/stdout : only once/)
      const started = sandbox.executions().filter(({ action }) =>
        (action as { ref?: string }).ref === 'core.remote'
      )
      expect(started).toHaveLength(1)
    },
    60_000,
  )

  test('a result that comes before the reply to its command is posted behind the acknowledgement', async () => {
    const program = start(['run'], environment())
    await program.until(/aliases loaded/)
    sandbox.faults.set({ eventBeforeReply: 1 })
    program.type('!run echo overtaking on localhost')
    const said = await program.until(/stdout : overtaking/)
    expect(said.search(/\(details: /)).toBeLessThan(said.search(/stdout : overtaking/))
  })

  test('a wrong key: it stays up, not ready, and says what to do', async () => {
    const program = start(['run'], environment({ ST2_API_KEY: 'not-the-key' }))
    await program.until(/aliases could not be loaded/)
    program.type('!run date on localhost')
    const said = await program.until(/I do not have the commands/)
    expect(said).toContain('ST2_API_KEY')
    program.signal('SIGTERM')
    expect(await program.exited).toBe(0)
  })
})

test('no secret is ever said, logged, or served', async () => {
  const canaries = {
    ST2_API_KEY: sandbox.apiKey,
    ST2_AUTH_TOKEN: 'canary-token-0001',
    ST2_AUTH_PASSWORD: 'canary-password-0002',
    ST2CHATOPS_WEBHOOK_TOKEN: 'canary-webhook-0003',
    HUBOT_SLACK_TOKEN: 'xoxb-canary-0004',
    HTTPS_PROXY: 'http://user:canary-proxy-0005@127.0.0.1:9',
  }
  const program = start(
    ['run', '--log-level', 'debug'],
    environment({ ...canaries, HUBOT_HTTPD: 'true', EXPRESS_PORT: '0' }),
  )
  const said = await program.until(/HTTP is up\. url=\S+/)
  const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(said) ?? []
  await program.until(/aliases loaded/)
  const served: string[] = []
  program.type(`!run echo ${canaries.ST2_AUTH_TOKEN} | rev | rev > /dev/null on localhost`)
  program.type('!status')
  program.type('!no such command')
  await program.until(/status : succeeded/)
  sandbox.faults.set({ unauthorized: 3 })
  program.type('!reload')
  await program.until(/could not be (re)?loaded/)
  sandbox.closeStreams()
  for (const path of ['/readyz', '/metrics', '/healthz', '/nothing']) {
    served.push(await (await fetch(`${url}${path}`)).text())
  }
  const refused = await fetch(`${url}/hubot/st2`, {
    method: 'POST',
    headers: { authorization: 'Bearer wrong' },
    body: '{}',
  })
  served.push(await refused.text())
  expect(refused.status).toBeGreaterThanOrEqual(400)
  program.signal('SIGTERM')
  await program.exited
  const shown = startProgram(['config', 'show', '--json'], environment(canaries), { input: 'none' })
  await shown.exited
  const everything = [program.said(), shown.said(), ...served].join('\n')
  // What a person typed in chat is his to see; it is in no line of the log.
  const secrets = Object.values(canaries).map((value) =>
    /canary-proxy-\d+/.exec(value)?.[0] ?? value
  )
  expect(secrets.filter((secret) => everything.includes(secret))).toEqual([])
})
