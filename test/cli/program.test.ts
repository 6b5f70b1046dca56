import type { Command } from 'commander'
import { describe, expect, test } from 'bun:test'
import { fstatSync } from 'node:fs'
import { reportFailure } from '../../src/cli/failure.ts'
import { runOverrides } from '../../src/cli/program-bot.ts'
import { createProgram, runProgram, withDefaultCommand } from '../../src/cli/program.ts'
import { ConfigurationError } from '../../src/config/error.ts'
import { Capture } from './capture.ts'

const run = async (...args: readonly string[]) => {
  const capture = new Capture()
  const code = await runProgram(args, capture.io)
  return { code, stdout: capture.stdout, stderr: capture.stderr }
}

/** Every command of the tree, the program first. */
const everyCommand = (command: Command): readonly Command[] => [
  command,
  ...command.commands.flatMap(everyCommand),
]

describe('help', () => {
  test('names every command, on stdout', async () => {
    const { code, stdout, stderr } = await run('--help')
    expect(code).toBe(0)
    expect(stderr).toBe('')
    const names =
      'run shell demo sandbox check config parse aliases deadletters slack-manifest version completion help'
    for (const name of names.split(' ')) expect(stdout).toMatch(new RegExp(`^  ${name}\\b`, 'm'))
  })

  test('has an example on every command', async () => {
    const commands = everyCommand(createProgram(new Capture().io, () => {}))
    expect(commands.length).toBeGreaterThanOrEqual(14)
    for (const command of commands) {
      const path: string[] = []
      for (let at: Command | null = command; at?.parent; at = at.parent) path.unshift(at.name())
      const { code, stdout } = await run(...path, '--help')
      expect({ path, code, example: /^Examples?:\n {2}(echo .* )?st2chatops/m.test(stdout) })
        .toEqual({ path, code: 0, example: true })
    }
  })

  test('comes as a command too', async () => {
    const nested = await run('help', 'aliases', 'list')
    expect(nested.code).toBe(0)
    expect(nested.stdout).toContain('Usage: st2chatops aliases list')
    expect((await run('help', 'nonsense')).code).toBe(2)
    expect((await run('help', 'parse')).stdout).toContain('Usage: st2chatops parse')
  })
})

test('help for what does not exist is wrong use, on every level', async () => {
  for (const words of [['nonsense'], ['aliases', 'nonsense'], ['config', 'nonsense', 'x']]) {
    const { code, stdout, stderr } = await run(...words, '--help')
    expect({ words, code, stdout }).toEqual({ words, code: 2, stdout: '' })
    expect(stderr).toContain("unknown command 'nonsense'")
  }
})

test.each([
  'sandbox',
  'demo',
  'parse x',
  'aliases list',
  'aliases search x',
  'aliases lint',
])('%s with a folder of packs that is none is wrong use', async (words) => {
  const { code, stderr } = await run(...words.split(' '), '--packs', '/no/such/folder')
  expect(code).toBe(2)
  expect(stderr).toContain('/no/such/folder is no folder')
})

test.each([
  ['--env-file X check', 'check --env-file X'],
  ['-a shell config show', 'config show'],
  ['--log-level=debug -d shell --user alice', 'shell --user alice --log-level=debug'],
  ['-a slack run', 'run -a slack'],
])('%s: the command belongs in front', async (wrong, right) => {
  const { code, stderr } = await run(...wrong.split(' '))
  expect(code).toBe(2)
  expect(stderr).toBe(`st2chatops: Put the command first: st2chatops ${right}\n`)
})

test('-h is help of a command itself where none can follow', async () => {
  expect((await run('check', '--help')).stdout).toMatch(/-h, --help +show this help\n/)
  expect((await run('config', '--help')).stdout).toMatch(/-h, --help +show help; also after/)
})

describe('wrong use ends with 2, says the nearest name, and how to get help', () => {
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ['a command', ['pasre', 'x'], 'Did you mean parse?'],
    ['a subcommand', ['aliases', 'lsit'], 'Did you mean list?'],
    ['an option', ['run', '--adaptor', 'slack'], 'Did you mean --adapter?'],
    ['an option without a command', ['--enf-file', 'x'], 'Did you mean --env-file?'],
    ['a choice', ['--log-format', 'xml'], 'auto, pretty, journal, json'],
    ['a port', ['sandbox', '--port', '70000'], 'from 0 to 65535'],
    ['a word too many', ['run', 'hello'], 'st2chatops'],
    ['a shell', ['completion', 'tcsh'], 'bash, zsh, fish'],
  ]
  for (const [what, args, message] of cases) {
    test(what, async () => {
      const { code, stdout, stderr } = await run(...args)
      expect(code).toBe(2)
      expect(stdout).toBe('')
      expect(stderr).toStartWith('st2chatops: ')
      expect(stderr).toContain(message)
      expect(stderr).toContain('st2chatops help')
    })
  }

  test('a group without its command shows what there is', async () => {
    const { code, stderr } = await run('aliases')
    expect(code).toBe(2)
    expect(stderr).toContain('search')
  })
})

describe('what no command means', () => {
  test('is run, in each way that Hubot was started', () => {
    expect(withDefaultCommand([])).toEqual(['run'])
    expect(withDefaultCommand(['-a', 'slack', 'st2chatops'])).toEqual(
      ['run', '-a', 'slack', 'st2chatops'],
    )
    expect(withDefaultCommand(['st2chatops'])).toEqual(['run', 'st2chatops'])
    expect(withDefaultCommand(['--test'])).toEqual(['run', '--test'])
  })

  test('leaves help, version and commands alone', () => {
    expect(withDefaultCommand(['--help'])).toEqual(['--help'])
    expect(withDefaultCommand(['-v'])).toEqual(['version'])
    expect(withDefaultCommand(['--version', '--json'])).toEqual(['version', '--json'])
    expect(withDefaultCommand(['parse', 'x'])).toEqual(['parse', 'x'])
  })

  test("Hubot's flags become the variables they stand for", () => {
    expect(runOverrides({ adapter: 'slack,irc', name: 'bot', alias: '!', disableHttpd: true }))
      .toEqual({
        HUBOT_ADAPTER: 'slack,irc',
        HUBOT_NAME: 'bot',
        HUBOT_ALIAS: '!',
        HUBOT_HTTPD: 'false',
      })
    expect(runOverrides({ alias: true })).toEqual({ HUBOT_ALIAS: '/' })
    expect(runOverrides({ alias: '' })).toEqual({ HUBOT_ALIAS: '/' })
    expect(runOverrides({ test: true })).toEqual({ HUBOT_ADAPTER: 'shell', EXPRESS_PORT: '31337' })
    expect(runOverrides({ logLevel: 'debug', logFormat: 'json' }))
      .toEqual({ HUBOT_LOG_LEVEL: 'debug', ST2CHATOPS_LOG_FORMAT: 'json' })
    expect(runOverrides({})).toEqual({})
  })
})

describe('version', () => {
  test('is one line, or one object', async () => {
    expect((await run('version')).stdout).toMatch(
      /^st2chatops \d+\.\d+\.\d+ \(development, .*\)\n$/,
    )
    const { name, version, commit, bun, target } = JSON.parse((await run('-v', '--json')).stdout)
    expect([name, commit, bun]).toEqual(['st2chatops', 'development', Bun.version])
    expect(version).toMatch(/^\d+\.\d+\.\d+$/)
    expect(target).toMatch(/^\w+-\w+$/)
  })
})

describe('a failure', () => {
  const report = (
    error: unknown,
    args: readonly string[] = [],
    environment: Readonly<Record<string, string>> = {},
  ) => {
    const capture = new Capture()
    return { code: reportFailure(error, args, capture.io, environment), text: capture.stderr }
  }

  test('of the configuration is 78 and its own words', () => {
    const what = 'is not set'
    const error = new ConfigurationError([{ name: 'ST2_API_KEY', what, advice: 'set it' }])
    expect(report(error)).toEqual({ code: 78, text: `st2chatops: ${error.message}\n` })
  })

  test('that nobody expected is 1, with its causes and the way to see more', () => {
    const { code, text } = report(new Error('It broke.', { cause: new Error('disk full') }))
    expect(code).toBe(1)
    expect(text).toStartWith('st2chatops: It broke: disk full\n')
    expect(text).toContain('HUBOT_LOG_LEVEL=debug')
    expect(text).not.toContain('program.test.ts')
  })

  test('shows where it comes from at debug', () => {
    expect(report(new Error('It broke.'), [], { HUBOT_LOG_LEVEL: 'debug' }).text).toContain(
      'program.test.ts',
    )
    expect(report(new Error('It broke.'), ['run', '--log-level', 'debug']).text)
      .toContain('program.test.ts')
  })

  test('is an error to journald, in each line', () => {
    const { dev, ino } = fstatSync(2, { bigint: true })
    const journal = { JOURNAL_STREAM: `${dev}:${ino}` }
    expect(report(new Error('It broke.'), [], journal).text)
      .toMatch(/^<3>st2chatops: It broke\.\n<3>HUBOT_LOG_LEVEL=debug .*\n$/)
  })
})
