import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { adapters } from '../../adapters/index.ts'
import { example, withOptions } from '../../src/cli/write-docs.ts'
import { exampleFile } from '../../src/config/example.ts'
import { optionsMarkdown } from '../../src/config/markdown.ts'
import type { Option } from '../../src/config/option.ts'
import { coreOptions } from '../../src/config/options.ts'

const root = join(import.meta.dir, '..', '..')
const committed = readFileSync(join(root, 'st2chatops.env.example'), 'utf8')
const exported = (text: string) =>
  [...text.matchAll(/^(?:# )?export (\w+)=/gm)].map(([, name]) => name)

describe('what is written from the tables', () => {
  test('the example file is up to date (bun run docs)', () => {
    expect(committed).toBe(example())
  })

  test('so is the README, where it has a place for the table', () => {
    const readme = (() => {
      try {
        return readFileSync(join(root, 'README.md'), 'utf8')
      } catch {
        return ''
      }
    })()
    expect(withOptions(readme)).toBe(readme)
  })

  test('the README keeps what stands around the table', () => {
    const before = 'a\n<!-- options: written by `bun run docs` -->\nold\n<!-- /options -->\nb\n'
    const after = withOptions(before)
    expect(after).toStartWith('a\n<!-- options')
    expect(after).toEndWith('<!-- /options -->\nb\n')
    expect(after).toContain('| `ST2_API_KEY` |')
    expect(withOptions(after)).toBe(after)
  })
})

describe('the example file', () => {
  test('has all variables of the old template in its order', () => {
    const template = readFileSync(
      join(import.meta.dir, 'fixtures', 'template-3.8.env'),
      'utf8',
    ).replace('\nexport HUBOT_ADAPTER=shell\n', '\n')
    const inOrder = exported(template).filter((name) => name !== 'HUBOT_ADAPTER')
    const ours = exported(committed)
    // Inside a block a newer variable may stand before an older one: blocks are compared as sets.
    expect(inOrder.filter((name) => !ours.includes(name))).toEqual([])
    const blocks = (text: string) =>
      text.split(/export HUBOT_ADAPTER=/).slice(1).map((block) => block.split(/\s/)[0])
    expect(blocks(committed)).toEqual([...blocks(template), 'shell'])
    const core = exported(template.split('export HUBOT_ADAPTER')[0] ?? '')
    expect(ours.filter((name) => core.includes(name))).toEqual(core)
  })

  test('verifies certificates unless somebody changes it', () => {
    expect(committed).toContain('\n# export NODE_TLS_REJECT_UNAUTHORIZED=0\n')
  })

  test('has the lines that installers edit with sed', () => {
    for (
      const line of [
        /^export ST2_HOSTNAME=/m,
        /^export ST2_API_KEY=/m,
        /^export ST2_WEBUI_URL=/m,
        /^# export HUBOT_ADAPTER=slack$/m,
        /^# export HUBOT_SLACK_TOKEN=xoxb-CHANGE-ME-PLEASE$/m,
      ]
    ) expect(committed).toMatch(line)
  })

  test('says which services are not in this version, and where proxies belong', () => {
    const text = exampleFile(coreOptions, [
      { name: 'a', aliases: [], title: 'A', options: [], load: true },
      { name: 'b', aliases: [], title: 'B', options: [] },
    ])
    expect(text).toContain('# A settings\n')
    expect(text).toContain('# B settings (not in this version)\n')
    expect(text).toContain('/etc/default/st2chatops')
    expect(text).toContain('# export HTTPS_PROXY=')
  })
})

test('the table of options names every variable once in its first column', () => {
  const markdown = optionsMarkdown(coreOptions, adapters)
  const names = [...markdown.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => String(name))
  const all = [coreOptions, ...adapters.map(({ options }) => options)].flat()
  expect(names.sort()).toEqual(all.map(({ name }) => name).sort())
})

test('no two rows share a name, and every help is a sentence', () => {
  const all: readonly Option[] = [coreOptions, ...adapters.map(({ options }) => options)].flat()
  // An alternative may be another row's own: a nick that nobody set is HUBOT_NAME.
  const names = all.flatMap(({ name, deprecated = [] }) => [name, ...deprecated])
  expect(new Set(names).size).toBe(names.length)
  for (const { help } of all) expect(help).toMatch(/^[A-Z].*\.$/)
})

test('every variable with an effect is in the example file', () => {
  const all: readonly Option[] = [coreOptions, ...adapters.map(({ options }) => options)].flat()
  const missing = all.filter(({ name, ignored }) =>
    ignored === undefined && !exported(committed).includes(name)
  )
  // Named in the process's environment alone, and the other spelling of the proxies.
  expect(missing.map(({ name }) => name).sort()).toEqual([
    'ST2CHATOPS_ENV_FILE',
    'all_proxy',
    'http_proxy',
    'https_proxy',
    'no_proxy',
  ])
})
