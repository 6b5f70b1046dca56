import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configShow } from '../../src/cli/config-show.ts'
import { Capture } from './capture.ts'

const folder = mkdtempSync(join(tmpdir(), 'st2chatops-show-'))
afterAll(() => rmSync(folder, { recursive: true }))

const show = async (
  text: string,
  options: { json?: boolean } = {},
  environment: Record<string, string> = {},
) => {
  const envFile = join(folder, 'st2chatops.env')
  writeFileSync(envFile, text, { mode: 0o640 })
  const capture = new Capture()
  const code = await configShow({ ...options, envFile }, capture.io, {
    environment,
    systemdFiles: [],
  })
  return { code, ...capture, envFile, stdout: capture.stdout, stderr: capture.stderr }
}

const good = `export ST2_HOSTNAME="\${ST2_HOSTNAME:-st2.example.com}"
export ST2_API_KEY='canary-key'
export HUBOT_ADAPTER=shell
`

describe('config show', () => {
  test('prints each value and where it came from, secrets masked', async () => {
    const { code, stdout, stderr, envFile } = await show(good, {}, { HUBOT_NAME: 'ellie' })
    expect(code).toBe(0)
    const row = (name: string) =>
      stdout.split('\n').find((line) => line.startsWith(`${name} `))?.split(/\s{2,}/)
    expect(row('ST2_HOSTNAME')).toEqual(['ST2_HOSTNAME', 'st2.example.com', `${envFile}:1`])
    expect(row('ST2_API_KEY')).toEqual(['ST2_API_KEY', '********', `${envFile}:2`])
    expect(row('HUBOT_NAME')).toEqual(['HUBOT_NAME', 'ellie', 'environment'])
    expect(row('HUBOT_ALIAS')).toEqual(['HUBOT_ALIAS', '!', 'default'])
    expect(row('ST2_STREAM_URL')).toEqual([
      'ST2_STREAM_URL',
      'https://st2.example.com/stream',
      'inferred',
    ])
    expect(row('ST2_AUTH_TOKEN')).toBeUndefined()
    expect(stderr).toBe(`env file: ${envFile}\n`)
    expect(stdout).not.toContain('canary')
  })

  test('--json is an array of name, value, source and nothing else on stdout', async () => {
    const { code, stdout, envFile } = await show(good, { json: true })
    const rows = JSON.parse(stdout)
    expect(code).toBe(0)
    expect(rows).toContainEqual({ name: 'HUBOT_ADAPTER', value: 'shell', source: `${envFile}:3` })
    expect(rows).toContainEqual({ name: 'ST2_API_KEY', value: '********', source: `${envFile}:2` })
    for (const row of rows) {
      expect(Object.keys(row)).toEqual(['name', 'value', 'source'])
      expect(typeof row.value).toBe('string')
    }
  })

  test('a wrong configuration is shown as far as it goes; what is wrong stands on stderr', async () => {
    const { code, stdout, stderr, envFile } = await show(
      'export HUBOT_NAME=ellie EXPRESS_PORT=x\nexport ST2_ROUT=y\n',
    )
    expect(code).toBe(78)
    expect(stdout).toMatch(/^HUBOT_NAME +ellie/m)
    expect(stderr).toContain(`error: ${envFile}:1: EXPRESS_PORT is not such a number: "x"`)
    expect(stderr).toContain('error: ST2_API_KEY is not set')
    expect(stderr).toContain('error: HUBOT_ADAPTER is not set')
    expect(stderr).toContain(`warning: ${envFile}:2: ST2_ROUT is not a variable`)
  })

  test('a file that is refused leaves what the environment says', async () => {
    const { code, stdout, stderr, envFile } = await show('export A=$(x)\n', {}, {
      HUBOT_NAME: 'ellie',
    })
    expect(code).toBe(78)
    expect(stdout).toMatch(/^HUBOT_NAME +ellie +environment$/m)
    expect(stderr).toMatch(new RegExp(`^error: ${envFile}:1: the output of a command`, 'm'))
    expect(stderr.match(/^error: /gm)).toHaveLength(1)
  })

  test('a value of several lines stays on its line', async () => {
    const { stdout } = await show(`${good}export HUBOT_NAME="two\nlines"\n`)
    expect(stdout).toMatch(/^HUBOT_NAME +two\\nlines +/m)
  })

  test('no secret comes out of another place, as text or as JSON', async () => {
    const text = `${good}export HTTPS_PROXY="http://bob:can'ary#1@proxy:3128"
export ST2_AUTH_URL="https://bob:can'ary2@st2.example.com/auth"
export HUBOT_NAME=canary-key
export NO_PROXY='quote"canary3'
export ST2_AUTH_TOKEN='quote"canary3'
`
    for (const json of [false, true]) {
      const { stdout, stderr } = await show(text, { json }, { ST2_API_KEY_FILE: 'canary-file' })
      expect(`${stdout}${stderr}`).not.toContain('ary')
      expect(stdout).toContain('http://********@proxy:3128')
    }
  })
})
