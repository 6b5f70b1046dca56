import { afterAll, describe, expect, test } from 'bun:test'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { adapters } from '../../adapters/index.ts'
import { ircOptions } from '../../adapters/irc/options.ts'
import { slackOptions } from '../../adapters/slack/options.ts'
import { endpointsOf } from '../../src/config/endpoints.ts'
import { ConfigurationError } from '../../src/config/error.ts'
import { loadSettings, readConfiguration } from '../../src/config/load.ts'
import type { LoadOptions } from '../../src/config/settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'st2chatops-config-'))
afterAll(() => rmSync(folder, { recursive: true }))
let count = 0
const file = (text: string, mode = 0o640): string => {
  const path = join(folder, `${count++}.env`)
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}

/** All services as if their code were there: their tables are what is looked at. */
const services = adapters.map((adapter) => ({ ...adapter, load: adapter.load ?? true }))
const working = { ST2_API_KEY: 'apikey', HUBOT_ADAPTER: 'shell' }

/** Nothing of this machine gets in. */
const options = (more: Partial<LoadOptions> = {}): LoadOptions => ({
  adapters: services,
  environment: working,
  envFiles: [],
  systemdFiles: [],
  ...more,
})
const load = (more?: Partial<LoadOptions>) => loadSettings(options(more))
const problemsOf = async (more: Partial<LoadOptions>): Promise<string> => {
  try {
    await load(more)
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message
    throw error
  }
  throw new Error('the configuration was accepted')
}
const sourceOf = async (name: string, more: Partial<LoadOptions>) =>
  (await readConfiguration(options(more))).provenance().find((row) => row.name === name)

describe('files', () => {
  test('none at all is fine: containers set the environment', async () => {
    const settings = await load()
    expect(settings.file).toBeUndefined()
    expect(settings.core.HUBOT_NAME).toBe('hubot')
    expect(settings.core.EXPRESS_PORT).toBe(8081)
    expect(settings.warnings).toEqual([])
  })

  test('the old template with the terminal chosen needs no other change', async () => {
    const template = join(import.meta.dir, 'fixtures', 'template-3.8.env')
    const { core, warnings, adapters: chosen } = await load({ envFile: template, environment: {} })
    expect(chosen.map(({ name }) => name)).toEqual(['shell'])
    expect(core).toMatchObject({
      ST2_AUTH_USERNAME: 'st2admin',
      ST2_AUTH_PASSWORD: 'testp',
      ST2_API_KEY: undefined,
      HUBOT_LOG_LEVEL: 'debug',
      HUBOT_ALIAS: '!',
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
    })
    expect(endpointsOf(core).stream).toBe('https://localhost/stream')
    // It says each time that the template's default verifies nothing; of secrets in a readable file by the mode here.
    expect(warnings.filter((warning) => !warning.includes('chmod'))).toEqual([
      expect.stringMatching(/template-3\.8\.env:7: NODE_TLS_REJECT_UNAUTHORIZED=0: .*not verified/),
    ])
  })

  test('--env-file goes before ST2CHATOPS_ENV_FILE, that before the usual places', async () => {
    const [flag, variable, usual] = ['a', 'b', 'c'].map((name) =>
      file(`export HUBOT_NAME=${name}\n`)
    )
    const name = async (more: Partial<LoadOptions>) =>
      (await load({ envFiles: [join(folder, 'missing'), String(usual)], ...more })).core.HUBOT_NAME
    const environment = { ...working, ST2CHATOPS_ENV_FILE: variable }
    expect(await name({})).toBe('c')
    expect(await name({ environment })).toBe('b')
    expect(await name({ environment, envFile: String(flag) })).toBe('a')
  })

  test('a file that somebody names must be there', async () => {
    const missing = join(folder, 'missing.env')
    expect(await problemsOf({ envFile: missing })).toContain(
      `--env-file names a file that does not exist: ${missing}`,
    )
    expect(await problemsOf({ environment: { ...working, ST2CHATOPS_ENV_FILE: missing } }))
      .toContain(
        'ST2CHATOPS_ENV_FILE names a file that does not exist',
      )
  })

  test('a folder, and text that is not UTF-8, are told as such', async () => {
    expect(await problemsOf({ envFile: folder })).toContain('is a folder')
    const path = join(folder, 'latin1.env')
    writeFileSync(path, new Uint8Array([0x41, 0x3d, 0xe9, 0x0a]))
    expect(await problemsOf({ envFile: path })).toContain('is not UTF-8')
  })

  // Another user than root is needed to be refused anything, and only root can become one.
  const asNobody = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    process.seteuid?.(65_534)
    try {
      return await work()
    } finally {
      process.seteuid?.(0)
    }
  }
  const isRoot = process.getuid?.() === 0

  test.skipIf(!isRoot)("systemd's file may be for systemd alone", async () => {
    chmodSync(folder, 0o755)
    const path = file('HUBOT_NAME=other\n', 0o600)
    const { core, warnings } = await asNobody(() => load({ systemdFiles: [path] }))
    expect(core.HUBOT_NAME).toBe('hubot')
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toStartWith(`${path}: may not be read by this process`)
    expect(warnings[0]).toContain('only where systemd starts the bot')
  })

  test.skipIf(!isRoot)('an env file that may not be read is an end', async () => {
    chmodSync(folder, 0o755)
    const path = file('export HUBOT_NAME=other\n', 0o600)
    const problem = await asNobody(() => problemsOf({ envFile: path }))
    expect(problem).toContain('may not be read by this process')
    expect(problem).toContain(`${path} && chmod 640 ${path}`)
  })

  test('where none is, an error says which places were looked at', async () => {
    const [one, other] = [join(folder, 'none.env'), join(folder, 'nor.env')]
    const nowhere = { envFiles: [one, other], environment: { HUBOT_ADAPTER: 'shell' } }
    expect(await problemsOf(nowhere)).toEndWith(`There is no env file at ${one} or ${other}.`)
    expect((await readConfiguration(options({ envFiles: [one] }))).lookedFor).toEqual([one])
    expect((await readConfiguration(options({ envFile: file('\n') }))).lookedFor).toEqual([])
  })

  test('after a file that is refused nothing else is complained about', async () => {
    const path = file('export ST2_API_KEY=$(cat /run/key)\n')
    expect(await problemsOf({ envFile: path, environment: {} })).toStartWith(`${path}:1: `)
    const { problems } = await readConfiguration(options({ envFile: path, environment: {} }))
    expect(problems).toHaveLength(1)
  })

  test('a file with secrets that anybody may read gets a warning', async () => {
    const secret = 'export ST2_API_KEY=abc\n'
    const warned = async (path: string) => (await load({ envFile: path })).warnings.join()
    const open = file(secret, 0o644)
    expect(await warned(open)).toMatch(/; chgrp \S+ \S+ && chmod 640 \S+$/)
    expect(await warned(open)).toEndWith(`${open} && chmod 640 ${open}`)
    expect(await warned(file(secret, 0o640))).toBe('')
    expect(await warned(file('export HUBOT_NAME=x\n', 0o644))).toBe('')
  })
})

describe('what goes before what', () => {
  const systemd = () => file('HUBOT_NAME="from systemd"\nHUBOT_ALIAS=s\nST2_ROUTE=$HOME\n')

  test('flag, env file, environment, systemd, default', async () => {
    const systemdFiles = [systemd()]
    const plain = file('export HUBOT_NAME=from-file\n')
    const letting = file('export HUBOT_NAME="${HUBOT_NAME:-from-file}"\n')
    const environment = { ...working, HUBOT_NAME: 'from-environment' }
    const name = async (more: Partial<LoadOptions>) => {
      const shown = await sourceOf('HUBOT_NAME', { systemdFiles, ...more })
      return [shown?.value, shown?.source]
    }
    expect(await name({ systemdFiles: [] })).toEqual(['hubot', 'default'])
    expect(await name({})).toEqual(['from systemd', `${systemdFiles[0]}:1`])
    expect(await name({ environment })).toEqual(['from-environment', 'environment'])
    expect(await name({ environment, envFile: letting })).toEqual([
      'from-environment',
      'environment',
    ])
    expect(await name({ envFile: letting })).toEqual(['from systemd', `${systemdFiles[0]}:1`])
    expect(await name({ environment, envFile: plain })).toEqual(['from-file', `${plain}:1`])
    const overrides = { HUBOT_NAME: 'from-flag' }
    expect(await name({ environment, envFile: plain, overrides })).toEqual(['from-flag', 'flag'])
  })

  test("systemd's file expands nothing", async () => {
    expect((await load({ systemdFiles: [systemd()] })).core.ST2_ROUTE).toBe('$HOME')
  })

  test('an older name works with a warning, another name without', async () => {
    const path = file('export ST2_API=https://old/api\nexport PORT=9\n')
    const { core, warnings } = await load({ envFile: path })
    expect(core.ST2_API_URL).toBe('https://old/api')
    expect(core.EXPRESS_PORT).toBe(9)
    expect(warnings).toEqual([
      `${path}:1: ST2_API is the old name of ST2_API_URL; write ST2_API_URL`,
    ])
    expect(await sourceOf('ST2_API_URL', { envFile: path })).toMatchObject({
      source: `${path}:1 (ST2_API)`,
    })
    const both = file('export ST2_API=https://old/api ST2_API_URL=https://new/api\n')
    expect((await load({ envFile: both })).core.ST2_API_URL).toBe('https://new/api')
  })

  test('what the file sets without export has no effect, with a warning', async () => {
    const path = file('ST2_ROUTE=x\nUNRELATED=y\nexport ST2_API_KEY=abc def\n')
    const { core, warnings } = await load({ envFile: path })
    expect(core.ST2_ROUTE).toBe('hubot')
    expect(warnings).toEqual([
      `${path}:1: ST2_ROUTE is set but not exported, so that it has no effect; write export ST2_ROUTE=...`,
      `${path}:3: export names a variable without a value; put quotes around a value that holds blanks`,
    ])
  })
})

describe('secrets', () => {
  const path = file('canary-in-file\n')

  test('a secret comes from its own file, which goes before the plain variable', async () => {
    const environment = { ...working, ST2_API_KEY_FILE: path }
    const { core, warnings } = await load({ environment })
    expect(core.ST2_API_KEY).toBe('canary-in-file')
    expect(warnings).toEqual([
      `environment: ST2_API_KEY is not used: its value comes from ${path} (ST2_API_KEY_FILE)`,
    ])
    expect(await sourceOf('ST2_API_KEY', { environment })).toEqual({
      name: 'ST2_API_KEY',
      value: '********',
      secret: true,
      source: `${path} (ST2_API_KEY_FILE)`,
    })
  })

  test('a secret in a file that anybody may read gets a warning', async () => {
    const warned = async (path: string) =>
      (await load({ environment: { HUBOT_ADAPTER: 'shell', ST2_API_KEY_FILE: path } })).warnings
    const open = file('canary-in-file', 0o666)
    expect(await warned(open)).toEqual([
      expect.stringContaining(
        `environment: ST2_API_KEY_FILE: ${open} holds a secret and anybody on this host may read it; chgrp `,
      ),
    ])
    expect(await warned(file('canary-in-file', 0o600))).toEqual([])
  })

  test("systemd's credential goes before both", async () => {
    const credentials = mkdtempSync(join(folder, 'credentials-'))
    writeFileSync(join(credentials, 'HUBOT_SLACK_BOT_TOKEN'), 'xoxb-credential')
    writeFileSync(join(credentials, 'ST2_API_KEY'), 'key-credential\n')
    const settings = await load({
      environment: {
        HUBOT_ADAPTER: 'slack',
        CREDENTIALS_DIRECTORY: credentials,
        ST2_API_KEY_FILE: path,
      },
    })
    expect(settings.core.ST2_API_KEY).toBe('key-credential')
    expect(settings.valuesOf(slackOptions).HUBOT_SLACK_BOT_TOKEN).toBe('xoxb-credential')
    expect(settings.provenance()).toContainEqual({
      name: 'ST2_API_KEY',
      value: '********',
      secret: true,
      source: 'credential',
    })
  })

  test('a file that is missing, empty or not named from / on is told', async () => {
    const problem = (value: string) =>
      problemsOf({ environment: { ...working, ST2_AUTH_TOKEN_FILE: value } })
    expect(await problem('/nonexistent/x')).toContain(
      'ST2_AUTH_TOKEN_FILE names /nonexistent/x, which does',
    )
    expect(await problem('relative')).toContain('is not an absolute path')
    expect(await problem(file('\n'))).toContain('is empty')
  })

  test('a file that cannot be read is the only problem of its secret', async () => {
    const { ST2_API_KEY: _key, ...rest } = working
    const missing = '/nonexistent/x'
    expect(await problemsOf({ environment: { ...rest, ST2_API_KEY_FILE: missing } }))
      .not.toContain('is not set')
    const mattermost = await problemsOf({
      environment: {
        ...working,
        HUBOT_ADAPTER: 'mattermost',
        MATTERMOST_HOST: 'chat.example.com',
        MATTERMOST_GROUP: 'ops',
        MATTERMOST_ACCESS_TOKEN_FILE: missing,
      },
    })
    expect(mattermost).toContain(`MATTERMOST_ACCESS_TOKEN_FILE names ${missing}`)
    expect(mattermost).not.toContain('MATTERMOST_ACCESS_TOKEN is not set')
  })

  test('all of them are known to the mask, none is shown', async () => {
    const environment = {
      HUBOT_ADAPTER: 'irc',
      HUBOT_IRC_SERVER: 'irc.example.com',
      HUBOT_IRC_ROOMS: '#ops, #dev canary-key',
      ST2_AUTH_USERNAME: 'st2admin',
      ST2_AUTH_PASSWORD: 'canary/password',
      HTTPS_PROXY: 'http://bob:canary-proxy@proxy:3128',
      HUBOT_SLACK_TOKEN: 'xoxb-canary-unused',
    }
    const { secrets, provenance } = await load({ environment })
    expect(secrets).toEqual(expect.arrayContaining([
      'canary-key',
      'canary/password',
      'canary%2Fpassword',
      'canary-proxy',
      'xoxb-canary-unused',
      btoa('st2admin:canary/password'),
    ]))
    expect(JSON.stringify(provenance())).not.toContain('canary')
    expect(JSON.stringify(provenance())).toContain('http://********@proxy:3128')
    expect(JSON.stringify(provenance())).toContain('#ops,#dev ********')
  })
})

describe('what is wrong', () => {
  test('all of it is told at once: where, what, and what to write', async () => {
    const path = file('export EXPRESS_PORT=80x1\nexport HUBOT_LOG_LEVEL=loud\n')
    const message = await problemsOf({ envFile: path, environment: { HUBOT_ADAPTER: 'shell' } })
    expect(message).toContain('The configuration has 3 problems:')
    expect(message).toContain(
      `${path}:1: EXPRESS_PORT is not such a number: "80x1"; write a number, 0 to 65535`,
    )
    expect(message).toContain(`${path}:2: HUBOT_LOG_LEVEL is not one of the choices`)
    expect(message).toContain('ST2_API_KEY is not set, nor are')
  })

  test('a key that no header can carry is refused', async () => {
    for (const key of ['two\nlines', '\u201ckey\u201d', 'nul\u0000']) {
      const environment = { ...working, ST2_API_KEY: key }
      expect(await problemsOf({ environment })).toContain('ST2_API_KEY holds a line break or')
    }
    const environment = { ...working, ST2_API_KEY: 'bm90IGEga2V5Cg== ' }
    expect((await load({ environment })).core.ST2_API_KEY).toBe('bm90IGEga2V5Cg== ')
  })

  test('what stands for a secret in the template is no secret', async () => {
    const environment = {
      ...working,
      ST2_AUTH_PASSWORD: 'CHANGE-ME-PLEASE',
      ST2_AUTH_TOKEN: 'canary',
    }
    const { secrets } = await load({ environment })
    expect(secrets).toContain('canary')
    expect(secrets).not.toContain('CHANGE-ME-PLEASE')
  })

  test('CHANGE-ME-PLEASE is refused where the value is needed, and nowhere else', async () => {
    const path = file(`export HUBOT_SLACK_TOKEN=xoxb-CHANGE-ME-PLEASE
export HUBOT_IRC_SERVER=irc.example.com HUBOT_IRC_ROOMS='#ops' HUBOT_IRC_PORT=CHANGE-ME-PLEASE
export ST2_AUTH_PASSWORD=CHANGE-ME-PLEASE\n`)
    expect((await load({ envFile: path })).adapters).toHaveLength(1)
    const environment = { ...working, HUBOT_ADAPTER: 'slack,irc' }
    const message = await problemsOf({ envFile: path, environment })
    expect(message).toContain(`${path}:1: HUBOT_SLACK_TOKEN still holds CHANGE-ME-PLEASE`)
    expect(message).toContain(`${path}:2: HUBOT_IRC_PORT still holds CHANGE-ME-PLEASE`)
    expect(message).not.toContain('ST2_AUTH_PASSWORD')
    const nobody = { HUBOT_ADAPTER: 'shell', ST2_AUTH_USERNAME: 'u' }
    expect(await problemsOf({ envFile: path, environment: nobody })).toContain('ST2_AUTH_PASSWORD')
  })

  test.each(['https://st2.example.com', 'st2.example.com/api', 'two words', 'a:b:c'])(
    'ST2_HOSTNAME=%s is no host',
    async (host) => {
      expect(await problemsOf({ environment: { ...working, ST2_HOSTNAME: host } })).toContain(
        'ST2_HOSTNAME is not a host',
      )
    },
  )

  test.each(['st2', 'st2.example.com:8443', '10.0.0.1', '::1', '[::1]:443'])(
    'ST2_HOSTNAME=%s is one',
    async (host) => {
      const { core } = await load({ environment: { ...working, ST2_HOSTNAME: host } })
      expect(URL.canParse(endpointsOf(core).auth)).toBe(true)
    },
  )

  test('a chosen service needs its required variables', async () => {
    const message = await problemsOf({ environment: { ...working, HUBOT_ADAPTER: 'irc' } })
    expect(message).toContain("HUBOT_IRC_SERVER is not set; it is needed: The server's host name")
    expect(message).toContain('HUBOT_IRC_ROOMS is not set')
  })

  test('a list of nothing is no value where one is needed', async () => {
    const environment = {
      ...working,
      HUBOT_ADAPTER: 'irc',
      HUBOT_IRC_SERVER: 'irc.example.com',
      HUBOT_IRC_ROOMS: ' , ',
    }
    expect(await problemsOf({ environment })).toStartWith(
      'environment: HUBOT_IRC_ROOMS names nothing; it is needed: ',
    )
    expect((await load({ environment: { ...environment, HUBOT_IRC_ROOMS: '#a,' } })).adapters)
      .toHaveLength(1)
  })

  test('a subcommand that needs neither chat nor StackStorm asks for neither', async () => {
    const settings = await load({ environment: {}, needs: [] })
    expect(settings.adapters).toEqual([])
    expect((await load({ environment: { HUBOT_ADAPTER: 'shell' }, needs: ['chat'] })).adapters)
      .toHaveLength(1)
    expect((await load({ environment: { ST2_API_KEY: 'k' }, needs: ['stackstorm'] })).adapters)
      .toEqual([])
  })

  test('values of a table that is not in use are checked when they are asked for', async () => {
    const settings = await load({ environment: { ...working, HUBOT_IRC_PORT: 'x' } })
    expect(() => settings.valuesOf(ircOptions)).toThrow(/HUBOT_IRC_PORT is not such a number/)
    const tables = [slackOptions]
    const { valuesOf } = await load({ tables, environment: { ...working, API_PAGE_SIZE: 'x' } })
    expect(valuesOf(slackOptions).INSTALLED_TEAM_ONLY).toBe(false)
  })
})

describe('chat services', () => {
  const chosen = async (names: string) =>
    (await readConfiguration(options({ environment: { ...working, HUBOT_ADAPTER: names } })))
      .adapters.map(({ name }) => name)

  test.each<[string, string[]]>([
    ['slack', ['slack']],
    ['Slack, irc', ['slack', 'irc']],
    ['@hubot-friends/hubot-slack', ['slack']],
    ['hubot-matteruser', ['matteruser']],
    ['mattermost', ['matteruser']],
    ['msteams', ['botframework']],
    ['teams,botframework', ['botframework']],
    ['webex', ['spark']],
  ])('HUBOT_ADAPTER=%s', async (names, expected) => {
    expect(await chosen(names)).toEqual(expected)
  })

  test('none, an unknown one and one without code are told, with what there is', async () => {
    const problem = (environment: Record<string, string>) =>
      problemsOf({
        adapters: adapters.map((adapter) =>
          adapter.name === 'shell' || adapter.name === 'irc' ? { ...adapter, load: true } : {
            name: adapter.name,
            aliases: adapter.aliases,
            title: adapter.title,
            options: adapter.options,
          }
        ),
        environment: { ST2_API_KEY: 'k', ...environment },
      })
    expect(await problem({})).toBe(
      'HUBOT_ADAPTER is not set, so that there is no chat to talk in; write one or more of: irc, shell',
    )
    expect(await problem({ HUBOT_ADAPTER: 'yammer' })).toBe(
      'environment: HUBOT_ADAPTER names no chat service that is known here: "yammer"; write one or more of: irc, shell',
    )
    expect(await problem({ HUBOT_ADAPTER: 'mattermost' })).toBe(
      'environment: HUBOT_ADAPTER asks for Mattermost (mattermost), which is not in this version; write one or more of: irc, shell',
    )
  })
})

describe('names that are not known', () => {
  const warnings = async (environment: Record<string, string>) =>
    (await load({ environment: { ...working, ...environment } })).warnings

  test.each([
    ['ST2_API_KEI', 'ST2_API_KEY'],
    ['HUBOT_SLACK_TOKN', 'HUBOT_SLACK_TOKEN'],
    ['MATTERMOST_HOTS', 'MATTERMOST_HOST'],
    ['ST2CHATOPS_TEMPLATE', 'ST2CHATOPS_TEMPLATES'],
    ['ST2_API_KEY_FIEL', 'ST2_API_KEY_FILE'],
  ])('%s: did you mean %s?', async (wrong, right) => {
    expect(await warnings({ [wrong]: '1' })).toEqual([
      `environment: ${wrong} is not a variable of st2chatops; did you mean ${right}?`,
    ])
  })

  test('a name that is like no other gets no guess', async () => {
    expect(await warnings({ HUBOT_JENKINS_AUTH_ENDPOINT_ADDRESS: '1' })).toEqual([
      'environment: HUBOT_JENKINS_AUTH_ENDPOINT_ADDRESS is not a variable of st2chatops; it has no effect',
    ])
  })

  test("other programs' variables are left in peace", async () => {
    expect(
      await warnings({
        PATH: '/bin',
        NODE_ENV: 'production',
        ST2_CONFIG_FILE: '/x',
        ST2_ACTION_API_URL: 'http://x',
        ST2_ST2API_PORT_9101_TCP: 'tcp://1.2.3.4:9101',
        ST2_ST2API_SERVICE_HOST: '1.2.3.4',
        ROOM_NAME: 'x',
        DISABLE_TELEMETRY: '1',
      }),
    ).toEqual([])
  })

  test("without the services' tables no name is called unknown", async () => {
    const { warnings } = await loadSettings({
      environment: { ST2_API_KEY: 'k', HUBOT_SLACK_TOKEN: 'xoxb-1' },
      envFiles: [],
      systemdFiles: [],
    })
    expect(warnings).toEqual([])
  })

  test('known names without effect say why', async () => {
    expect((await warnings({ HUBOT_2FA: 'core.ask' })).join()).toContain(
      'environment: HUBOT_2FA has no effect: two-factor confirmation is not in this version',
    )
  })
})

describe('what anybody could read or change', () => {
  const warned = async (environment: Record<string, string>) =>
    (await load({ environment: { ...working, ...environment } })).warnings

  test('templates are code: neither their folder nor one of them may be open to all', async () => {
    const templates = mkdtempSync(join(folder, 'templates-'))
    const template = join(templates, 'pong.eta')
    writeFileSync(template, 'PONG')
    for (const [path, mode] of [[templates, 0o777], [template, 0o646]] as const) {
      chmodSync(templates, 0o755)
      chmodSync(template, 0o644)
      expect(await warned({ ST2CHATOPS_TEMPLATES: templates })).toEqual([])
      chmodSync(path, mode)
      expect(await warned({ ST2CHATOPS_TEMPLATES: templates })).toEqual([
        `environment: ST2CHATOPS_TEMPLATES: anybody on this host may change ${path}, and templates ` +
        `are code that the bot runs; chmod o-w ${path}`,
      ])
    }
    expect(await warned({ ST2CHATOPS_TEMPLATES: join(folder, 'not-there') })).toEqual([])
  })

  test('the folder of the journal may be no such place as /tmp', async () => {
    const state = mkdtempSync(join(folder, 'state-'))
    expect(await warned({ ST2CHATOPS_STATE_DIR: state })).toEqual([])
    chmodSync(state, 0o1777)
    expect(await warned({ ST2CHATOPS_STATE_DIR: state })).toEqual([
      `environment: ST2CHATOPS_STATE_DIR: anybody on this host may put files into ${state}, where the ` +
      'journal is kept; name a folder of its own',
    ])
  })

  test('an env file that anybody may change', async () => {
    const path = file('export HUBOT_NAME=x\n', 0o662)
    expect((await load({ envFile: path })).warnings).toEqual([
      `${path}: anybody on this host may change it, and with it what the bot does; chmod o-w ${path}`,
    ])
  })

  test('credentials on a way without TLS, unless it stays on this host', async () => {
    const plain = (name: string) =>
      `environment: ${name} begins with http://: anybody on the way to st2.example.com can read ` +
      'the credentials; write https:// if StackStorm speaks TLS there'
    const urls = {
      ST2_API_URL: 'http://st2.example.com/api',
      ST2_AUTH_URL: 'http://st2.example.com/auth',
      ST2_STREAM_URL: 'HTTP://st2.example.com/stream',
    }
    expect(await warned(urls)).toEqual([plain('ST2_API_URL'), plain('ST2_STREAM_URL')])
    expect(
      await warned({ ...urls, ST2_API_KEY: '', ST2_AUTH_USERNAME: 'a', ST2_AUTH_PASSWORD: 'b' }),
    ).toEqual(Object.keys(urls).map(plain))
    for (const host of ['localhost:9101', '127.0.0.1:9101', '[::1]:9101']) {
      expect(await warned({ ST2_API_URL: `http://${host}/api` })).toEqual([])
    }
    expect(await warned({ ST2_API_URL: 'https://st2.example.com/api' })).toEqual([])
  })
})
