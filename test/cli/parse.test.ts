import { describe, expect, test } from 'bun:test'
import { parse, type ParseOptions } from '../../src/cli/parse.ts'
import { aliasDocument } from '../alias/documents.ts'
import { Capture } from './capture.ts'
import { expectHarmless, hostile } from './hostile.ts'

const load = () =>
  Promise.resolve([
    aliasDocument('run', ['run {{cmd}} on {{hosts=localhost}}']),
    aliasDocument('install', [
      { display: 'pack install <packs>', representation: ['pack install {{packs}}'] },
    ]),
    aliasDocument('hi', ['hi {{x}}']),
    aliasDocument('hello', ['hi {{y}}']),
    aliasDocument('broken', ['oops (']),
  ])

const run = async (options: ParseOptions, input = '') => {
  const capture = new Capture(input)
  const code = await parse({ load, ...options }, capture.io)
  return { code, stdout: capture.stdout, stderr: capture.stderr }
}

describe('parse', () => {
  test('shows alias, format, parameters and what would be sent', async () => {
    const { code, stdout, stderr } = await run({ text: 'Run date on web1 timeout=5' })
    expect(code).toBe(0)
    expect(stdout).toBe(
      'alias         demo.run\n' +
        'action        core.local\n' +
        'format        run {{cmd}} on {{hosts=localhost}}\n' +
        'parameters    cmd     = "date"\n' +
        '              hosts   = "web1"\n' +
        '              timeout = "5"\n' +
        'sent          "run date on web1 timeout=5"  (rewritten for StackStorm)\n',
    )
    expect(stderr).toContain('demo.broken "oops (": StackStorm cannot read it')
  })

  test('as JSON holds the request to StackStorm', async () => {
    const { code, stdout } = await run({ text: 'pack install a', json: true })
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      text: 'pack install a',
      result: 'match',
      alias: 'demo.install',
      action: 'core.local',
      format: 'pack install {{packs}}',
      display: 'pack install <packs>',
      parameters: { packs: 'a' },
      rewritten: false,
      request: { name: 'install', format: 'pack install {{packs}}', command: 'pack install a' },
    })
  })

  test('names the nearest for what is no command', async () => {
    const { code, stdout } = await run({ text: 'pakc install' })
    expect(code).toBe(1)
    expect(stdout).toStartWith(
      'No command fits. The nearest:\n  pack install <packs>  (demo.install)',
    )
    const json = await run({ text: 'pakc install', json: true })
    expect(JSON.parse(json.stdout)).toMatchObject({
      result: 'none',
      suggestions: [{ display: 'pack install <packs>', alias: 'demo.install' }],
    })
  })

  test('shows all that fit, and a text that is too long', async () => {
    const several = await run({ text: 'hi you' })
    expect(several.code).toBe(1)
    expect(several.stdout).toContain('demo.hi\n')
    expect(several.stdout).toContain('demo.hello\n')
    const long = await run({ text: 'x'.repeat(9000) })
    expect(long).toMatchObject({
      code: 1,
      stdout: 'The command has 9000 bytes; at most 8192 are read.\n',
    })
  })

  test('shows what StackStorm says without steering the terminal', async () => {
    const load = () =>
      Promise.resolve([
        aliasDocument('x', [{ display: `a ${hostile}`, representation: ['a {{x}}'] }], {
          action_ref: `core.${hostile}`,
          pack: `p${hostile}`,
        }),
        aliasDocument('y', [`oops ( ${hostile}`], { pack: `p${hostile}` }),
      ])
    for (const text of [`a ${hostile}`, 'b', `a a ${hostile}`]) {
      for (const json of [false, true]) {
        const { stdout, stderr } = await run({ load, text, json })
        expectHarmless(`${stdout}${stderr}`)
      }
    }
  })

  test('without a text is used wrongly', async () => {
    expect((await run({})).code).toBe(2)
  })
})

describe('parse --stdin', () => {
  const answers = async (input: string) => {
    const { code, stdout } = await run({ stdin: true }, input)
    expect(code).toBe(0)
    return stdout.split('\n').slice(0, -1).map((line) => JSON.parse(line))
  }

  test('answers with one line whatever its reader takes for the end of a line', async () => {
    const input = JSON.stringify({ format: 'run {{x}}', command: 'run a\u2028b\u2029c\u0085d' })
    const { stdout } = await run({ stdin: true }, input)
    expect(stdout).not.toMatch(/[\u0085\u2028\u2029]/)
    expect(JSON.parse(stdout).params).toEqual({ x: 'a\u2028b\u2029c\u0085d' })
  })

  test('answers each line with one line, in the server’s dialect', async () => {
    const input = [
      { format: 'run {{x}}', command: 'run y' },
      { format: 'run {{x}}', command: 'Run y' },
      { format: 'run ( {{x}}', command: 'run y' },
      { format: '(?!a)run {{x}}', command: 'run y' },
      { format: null, command: '' },
    ].map((line) => JSON.stringify(line)).join('\n')
    expect(await answers(input)).toEqual([
      { matches: true, params: { x: 'y' }, error: null },
      {
        matches: false,
        params: null,
        error: 'Command "Run y" doesn\'t match format string "run {{x}}"',
      },
      {
        matches: false,
        params: null,
        error: 'error: missing ), unterminated subpattern at position 4',
      },
      { matches: true, params: { x: 'y' }, error: null },
      { matches: true, params: {}, error: null },
    ])
  })

  test('a bad line is answered and ends nothing', async () => {
    const good = '{"format":"a","command":"a"}'
    const deep = JSON.stringify({ format: '('.repeat(100_000), command: 'a' })
    const long = JSON.stringify({ format: 'a', command: 'x'.repeat(2_000_000) })
    const big = JSON.stringify({ format: 'a', command: 'x'.repeat(9000) })
    const input = [good, 'nonsense', '', '5', '{"format":"a"}', deep, long, big, good].join('\n')
    const matches = (await answers(input)).map((answer) => answer.matches)
    expect(matches).toEqual([true, false, false, false, false, false, false, false, true])
  }, 30_000)

  test('answers 20,000 lines', async () => {
    const line = (at: number) =>
      JSON.stringify({ format: `do ${at % 100} {{x}}`, command: `do 7 ${at}` })
    const input = Array.from({ length: 20_000 }, (_, at) => line(at)).join('\n')
    const all = await answers(`${input}\n`)
    expect(all).toHaveLength(20_000)
    expect(all.filter(({ matches }) => matches)).toHaveLength(200)
  }, 60_000)
})
