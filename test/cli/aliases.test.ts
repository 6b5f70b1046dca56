import { afterAll, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { aliases, type AliasesOptions } from '../../src/cli/aliases.ts'
import { aliasDocument } from '../alias/documents.ts'
import { startProgram } from '../end-to-end/process.ts'
import { Capture } from './capture.ts'
import { expectHarmless, hostile } from './hostile.ts'

const folder = mkdtempSync(join(tmpdir(), 'st2chatops-aliases-'))
afterAll(() => rmSync(folder, { recursive: true }))

const load = () =>
  Promise.resolve([
    aliasDocument('run', ['run {{cmd}}'], { description: 'Runs it' }),
    aliasDocument('two', [{ display: 'two\nlines', representation: ['two {{x}}'] }], { pack: 'a' }),
  ])

const run = async (options: AliasesOptions) => {
  const capture = new Capture()
  const code = await aliases({ load, ...options }, capture.io)
  return { code, stdout: capture.stdout, stderr: capture.stderr }
}

test('list is a table, a line for each command', async () => {
  expect(await run({ what: 'list' })).toEqual({
    code: 0,
    stdout: 'two\\nlines   a.two     core.local\nrun {{cmd}}  demo.run  core.local\n',
    stderr: '',
  })
})

test('list and search as JSON', async () => {
  const { code, stdout } = await run({ what: 'search', words: 'RUNS', json: true })
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toEqual([
    { command: 'run {{cmd}}', alias: 'demo.run', action: 'core.local', description: 'Runs it' },
  ])
})

test('a search that finds nothing fails', async () => {
  const { code, stdout, stderr } = await run({ what: 'search', words: 'nowhere' })
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr).toContain('"nowhere"')
})

test('lint finds nothing in good aliases', async () => {
  expect(await run({ what: 'lint' })).toEqual({
    code: 0,
    stdout: '',
    stderr: '2 aliases: 0 errors, 0 warnings\n',
  })
})

test('one alias is no aliases', async () => {
  const one = () => Promise.resolve([aliasDocument('run', ['run {{cmd}}'])])
  expect((await run({ what: 'lint', load: one })).stderr).toBe('1 alias: 0 errors, 0 warnings\n')
})

test('who has no StackStorm is told of --packs', async () => {
  const program = startProgram(['aliases', 'list', '--env-file', '/dev/null'], {})
  expect(await program.exited).toBe(78)
  expect(program.said()).toContain('ST2_API_KEY is not set')
  expect(program.said()).toContain('--packs FOLDER')
})

test('lint names file and line, and fails for errors', async () => {
  const pack = join(folder, 'mine', 'aliases')
  mkdirSync(pack, { recursive: true })
  writeFileSync(join(pack, 'bad.yaml'), 'name: bad\naction_ref: a.b\nformats: ["x ("]\n')
  writeFileSync(join(pack, 'broken.yaml'), 'name: x\nformats: [a\nb: 1\n')
  const { code, stdout } = await run({ what: 'lint', packs: [folder] })
  expect(code).toBe(1)
  expect(stdout).toContain(`error    ${join(pack, 'broken.yaml')}:3: `)
  expect(stdout).toContain(`error    ${join(pack, 'bad.yaml')}: mine.bad "x ("\n`)
  const json = await run({ what: 'lint', packs: [folder], json: true })
  expect(JSON.parse(json.stdout)).toHaveLength(2)
})

test('what StackStorm says of aliases cannot steer the terminal', async () => {
  const load = () =>
    Promise.resolve([
      aliasDocument(`x${hostile}`, ['run {{x}}', `oops ( ${hostile}`], {
        pack: `p${hostile}`,
        action_ref: `core.${hostile}`,
        description: hostile,
      }),
    ])
  for (const what of ['list', 'search', 'lint'] as const) {
    for (const json of [false, true]) {
      const { stdout, stderr } = await run({ what, words: 'run', load, json })
      expectHarmless(`${stdout}${stderr}`)
    }
  }
})
