import { afterAll, describe, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { loadPackSources } from '../../src/sandbox/pack-folder.ts'
import { announcements, openStream, run, withSandbox } from './client.ts'

const folder = mkdtempSync(join(tmpdir(), 'packs-'))
afterAll(() => rmSync(folder, { recursive: true }))

const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

write('web/pack.yaml', 'ref: web\nname: Web\nversion: 1.0.0\n')
write(
  'web/aliases/restart.yaml',
  'name: restart\naction_ref: web.restart\nformats: ["restart {{service}}"]\n' +
    'result: {format: "{{ execution.result.result }} in {{ execution.elapsed_seconds }}"}\n',
)
write(
  'web/actions/restart.yaml',
  'name: restart\nrunner_type: python-script\nparameters:\n' +
    '  service: {type: string, required: true}\n  mode: {type: string, default: soft}\n',
)
write(
  'web/fixtures/restart.yaml',
  'result:\n  result: "{{ parameters.service }} restarted ({{ parameters.mode }})"\nelapsed: 12.5\n',
)
write(
  'tools/aliases/count.yaml',
  'name: count\naction_ref: tools.count\nformats: ["count"]\n',
)
write(
  'tools/actions/count.yaml',
  'name: count\nrunner_type: local-shell-cmd\nparameters:\n' +
    '  cmd: {type: string, immutable: true, default: "echo {{ word }}"}\n' +
    '  word: {type: string, default: counted}\n',
)
write('bad/aliases/no-name.yaml', 'action_ref: bad.x\nformats: ["x"]\n')
write(
  'bad/aliases/more.yaml',
  'name: more\naction_ref: bad.x\nformats: ["more"]\nfixtures: {result: 1}\n',
)
write('bad/aliases/no-yaml.yaml', 'name: [\n')
write('bad/fixtures/wrong.yaml', 'reslt: 1\n')
write('bad/actions/wrong.yaml', 'name: wrong\n')

describe('a folder of packs', () => {
  test('gives aliases, actions and fixtures, and names what is bad', async () => {
    const { packs, problems } = await loadPackSources([folder])
    expect(packs.map(({ name, aliases }) => [name, aliases.map(({ name }) => name)])).toEqual([
      ['tools', ['count']],
      ['web', ['restart']],
    ])
    expect(problems.map(({ where }) => where.replace(`${folder}/`, '').replace(/:\d+$/, '')).sort())
      .toEqual([
        'bad/actions/wrong.yaml',
        'bad/aliases/more.yaml',
        'bad/aliases/no-name.yaml',
        'bad/aliases/no-yaml.yaml',
        'bad/fixtures/wrong.yaml',
      ])
    expect(problems.find(({ where }) => where.includes('fixtures'))?.reason).toContain('reslt')
  })

  test('may also be one pack', async () => {
    const { packs } = await loadPackSources([join(folder, 'web')])
    expect(packs.map(({ name }) => name)).toEqual(['web'])
  })

  test('is served: fixtures answer with the command’s parameters and defaults', () =>
    withSandbox({ packs: [folder] }, async (sandbox) => {
      const stream = await openStream(sandbox, '?events=st2.announcement__*')
      await run(sandbox, 'restart', 'restart db', { format: 'restart {{service}}' })
      const [first] = announcements(await stream.until('data'))
      expect(first?.payload.message).toBe('db restarted (soft) in 12.5')
      stream.close()
    }))

  test('is served: shell actions of a pack run with their rendered defaults', () =>
    withSandbox({ packs: [folder], allowLocal: true }, async (sandbox) => {
      const stream = await openStream(sandbox, '?events=st2.announcement__*')
      await run(sandbox, 'count', 'count')
      const [first] = announcements(await stream.until('data'))
      expect(first?.payload.message).toContain('stdout : counted\n')
      stream.close()
    }))
})
